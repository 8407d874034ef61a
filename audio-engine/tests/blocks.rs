//! The host's block size cannot be heard: any split into blocks gives the same bits.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use audio_engine::{Control, Processor, Transport, engine};
use score::Program;
use score::catalogue::INSTRUMENTS;
use score::time::{Beats, Frames, Tempo};
use support::{ALL_EFFECTS, add_settings, dense};

/// Programs and transports that reach the processor when it has given this many frames: all multiples of 1,024, so that they
/// arrive between blocks however these are cut.
fn direct(control: &mut Control, frame: usize, programs: &[Program]) {
    let tempo = |milli| Tempo::from_milli_bpm(milli).unwrap();
    match frame {
        0 => {
            control.set_program(programs[0].clone());
            control.set_transport(Transport::playing(tempo(131_700), Beats::ZERO, Frames(777)));
        }
        10_240 => control.set_program(programs[1].clone()),
        20_480 => control.set_transport(Transport::playing(tempo(97_300), Beats(2_345_678), Frames(20_999))),
        30_720 => control.set_transport(Transport { playing: false, ..Transport::stopped() }),
        _ => {}
    }
}

/// Renders 40,960 frames in blocks of the given sizes, used in turn.
fn render(programs: &[Program], mut next_size: impl FnMut() -> usize) -> Vec<u32> {
    let (mut control, mut processor): (Control, Processor) = engine();
    let mut bits = Vec::new();
    for stretch in 0..40 {
        direct(&mut control, stretch * 1_024, programs);
        let mut left_over = 1_024;
        while left_over > 0 {
            let size = next_size().min(left_over);
            let mut block = vec![0.0f32; size * 2];
            processor.process_interleaved(&mut block);
            bits.extend(block.iter().map(|sample| sample.to_bits()));
            left_over -= size;
        }
    }
    bits
}

/// Sizes from 1 to 1,024, small ones as likely as large ones.
fn random_sizes(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed | 1;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let octave = (state >> 40) % 11;
        1 + ((state >> 20) as usize % (1 << octave))
    }
}

#[test]
fn any_split_into_blocks_gives_the_same_bits() {
    for first in (0..INSTRUMENTS.len()).step_by(16) {
        let programs = [dense(first, first % 32 == 0), dense(first + 3, true)];
        let whole = render(&programs, || 1_024);
        assert!(whole.iter().any(|bits| *bits != 0));
        let singles = if first == 0 { vec![1] } else { vec![] };
        for size in singles.into_iter().chain([64, 127, 480]) {
            assert!(render(&programs, || size) == whole, "blocks of {size} from instrument {first}");
        }
        for seed in 1..4 {
            assert!(render(&programs, random_sizes(seed)) == whole, "seed {seed} from instrument {first}");
        }
    }
}

#[test]
fn both_forms_of_output_are_the_same() {
    let program = dense(0, false);
    let start = |control: &mut Control| {
        control.set_program(program.clone());
        control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(0)));
    };
    let (mut control, mut processor) = engine();
    start(&mut control);
    let mut interleaved = vec![0.0f32; 9_601];
    processor.process_interleaved(&mut interleaved);
    let (mut control, mut processor) = engine();
    start(&mut control);
    let (mut left, mut right) = (vec![0.0f32; 4_800], vec![9.0f32; 4_802]);
    processor.process(&mut left, &mut right);
    assert_eq!(right[4_800..], [0.0, 0.0]);
    assert_eq!(interleaved.pop(), Some(0.0), "an odd sample at the end is silent");
    let planar: Vec<f32> = left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]).collect();
    assert!(planar == interleaved);
}

#[test]
fn playing_live_from_any_frame_gives_the_bits_of_the_offline_render() {
    let mut program = dense(20, false);
    let settings = add_settings(&mut program, ALL_EFFECTS);
    program.tracks[3].effects = settings;
    let offline = audio_engine::render(program.clone(), Beats::ZERO..Beats::from_beats(4), |_| {
        core::ops::ControlFlow::Continue(())
    })
    .unwrap();
    let (mut control, mut processor) = engine();
    control.set_program(program.clone());
    control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(12_345)));
    let mut silence = vec![0.0; 2 * (12_345 + audio_engine::LATENCY_FRAMES)];
    processor.process_interleaved(&mut silence);
    let mut live = vec![0.0; offline.len()];
    processor.process_interleaved(&mut live);
    assert!(live == offline);
}
