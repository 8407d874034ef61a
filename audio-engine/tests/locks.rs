//! A step may lock any parameter of its track's instrument and effects: it is heard from that step on, and not before.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use core::ops::ControlFlow;

use score::Program;
use score::catalogue::{INSTRUMENTS, PARAMETERS, Parameter};
use score::time::Beats;
use support::{ALL_EFFECTS, add_settings, add_track, empty, pattern};

/// The locked step, and the frames of a step at 120 BPM.
const LOCKED: usize = 4;
const STEP_FRAMES: usize = 6_000;

/// Parameters of recordings; `samples.rs` locks those.
const OF_RECORDINGS: [&str; 5] = ["start", "end", "reverse", "loop", "slice"];

/// Two notes, all effects on the track.
fn program(sound: &str) -> Program {
    let mut program = empty();
    let index = add_track(&mut program, sound, &pattern("x...x_.........."));
    // Somewhere to glide to.
    program.steps[LOCKED + 1].pitch = 7;
    program.tracks[index].effects = add_settings(&mut program, ALL_EFFECTS);
    program
}

fn render(program: &Program) -> Vec<f32> {
    audio_engine::render(program.clone(), Beats::ZERO..Beats::from_beats(4), |_| ControlFlow::Continue(()))
        .unwrap()
}

/// The first frame that a lock of the parameter, at either end of its range, changes.
fn parting(program: &Program, usual: &[f32], parameter: &Parameter) -> Option<usize> {
    let parted = [parameter.min, parameter.max].into_iter().filter_map(|value| {
        let mut locked = program.clone();
        locked.steps[LOCKED].locks = add_settings(&mut locked, &[(parameter.id, value)]);
        let sound = render(&locked);
        sound.iter().zip(usual).position(|(a, b)| a.to_bits() != b.to_bits()).map(|sample| sample / 2)
    });
    parted.min()
}

#[test]
fn every_parameter_can_be_locked_on_a_step() {
    let due = LOCKED * STEP_FRAMES;
    let lead = program("synth:lead");
    let plain = render(&lead);
    let mut dead = Vec::new();
    for parameter in PARAMETERS.iter().filter(|row| !OF_RECORDINGS.contains(&row.id)) {
        let heard = if parameter.slot.is_some() {
            parting(&lead, &plain, parameter)
        } else {
            let showing =
                INSTRUMENTS.iter().filter(|row| row.parameters().any(|shown| shown.id == parameter.id));
            let sounds = showing.take(12).map(|row| row.id).chain(["synth:lead"]);
            sounds.into_iter().find_map(|sound| {
                let program = program(sound);
                parting(&program, &render(&program), parameter)
            })
        };
        match heard {
            // A quantum is aimed at as a whole, up to 64 frames ahead of an onset in it.
            Some(frame) => assert!(frame + 64 > due, "{}: heard from frame {frame}, due {due}", parameter.id),
            None => dead.push(parameter.id),
        }
    }
    assert!(dead.is_empty(), "locks of these are not heard: {dead:?}");
}
