//! What is heard: notes at their frames, changes without clicks, a mix as loud as it should be.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use core::ops::ControlFlow;

use audio_engine::{LATENCY_FRAMES, Transport, engine};
use score::Program;
use score::id::TrackId;
use score::time::{Beats, Frames};
use support::{
    ALL_EFFECTS, HIT, add_settings, add_track, dense, empty, left, live, parting, pattern, peak,
    play_from_start, solo, steepest,
};

/// Something that a player does to a program.
type Change = fn(&mut Program);

/// Frames of a step at 120 BPM.
const STEP_FRAMES: usize = 6_000;

fn render(program: &Program, beats: i64) -> Vec<f32> {
    audio_engine::render(
        program.clone(),
        Beats::ZERO..Beats::from_beats(beats),
        |_| ControlFlow::Continue(()),
    )
    .unwrap()
}

#[test]
fn a_note_sounds_at_its_frame_and_not_before() {
    for (text, step) in [("....x...", 4), (".......x", 7), ("x.......", 0)] {
        let samples = render(&solo("rim", &pattern(text)), 2);
        let first = samples.iter().position(|sample| *sample != 0.0).unwrap() / 2;
        let due = step * STEP_FRAMES;
        assert!((due..due + 8).contains(&first), "{text}: frame {first}, due {due}");
    }
}

#[test]
fn a_render_is_as_long_as_its_beats_and_ends_with_them() {
    let program = solo("pad", &pattern("x_______________"));
    assert_eq!(render(&program, 4).len(), 2 * 96_000);
    let bar = render(&program, 4);
    assert!(peak(&bar[bar.len() - 2_000..]) > 0.01, "cut, not faded");
    let nothing = audio_engine::render(program, Beats::ZERO..Beats::ZERO, |_| ControlFlow::Continue(()));
    assert!(nothing.unwrap_err().to_string().contains("at most 3600 s"));
}

#[test]
fn a_render_reports_progress_and_can_be_stopped() {
    let mut told = Vec::new();
    let result = audio_engine::render(dense(0, false), Beats::ZERO..Beats::from_beats(8), |progress| {
        told.push((progress.done, progress.total));
        if told.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(told, [(48_000, 192_000), (96_000, 192_000)]);
    assert!(result.is_err());
}

#[test]
fn a_gate_ends_a_note_at_its_frame() {
    let gated = |gate_percent| {
        let mut steps = pattern("x___............");
        steps[3].gate_percent = gate_percent;
        render(&solo("synth:lead", &steps), 4)
    };
    let parted = parting(&gated(100), &gated(50)).unwrap();
    let due = 3 * STEP_FRAMES + STEP_FRAMES / 2;
    // With the next chunk of its voice.
    assert!((due..due + 33).contains(&parted), "parted at {parted}, due {due}");
}

#[test]
fn a_tie_holds_the_note_and_slides_without_a_new_attack() {
    let tied = render(&solo("synth:lead", &pattern("x___....")), 2);
    let mut slid = pattern("x___....");
    slid[2].pitch = 7;
    let slid = render(&solo("synth:lead", &slid), 2);
    let parted = parting(&tied, &slid).unwrap();
    assert!(
        (2 * STEP_FRAMES..2 * STEP_FRAMES + 17).contains(&parted),
        "the slide is heard at its step: {parted}"
    );
    let around = |samples: &[f32]| steepest(&left(samples)[2 * STEP_FRAMES - 100..2 * STEP_FRAMES + 400]);
    assert!(around(&slid) < 4.0 * around(&tied).max(0.01), "no click: {} {}", around(&slid), around(&tied));
    let voices = {
        let (mut control, mut processor) = engine();
        play_from_start(&mut control, &solo("synth:lead", &pattern("x___....")));
        processor.process_interleaved(&mut vec![0.0; 2 * 20_000]);
        control.report().voices
    };
    assert_eq!(voices, 1);
}

#[test]
fn swapping_in_an_equal_program_changes_no_bit_and_drops_no_note() {
    let program = dense(22, true);
    let run = |swaps: bool| {
        live(600, |control, _, block| {
            if block == 0 {
                play_from_start(control, &program);
            } else if swaps && block % 7 == 0 {
                control.set_program(program.clone());
            }
        })
    };
    assert!(run(false) == run(true));
}

#[test]
fn reordering_tracks_leaves_every_note_where_it_sounds() {
    let mut program = empty();
    for sound in ["synth:pad", "bass", "organ", "lead"] {
        let sound = if sound == "organ" { "synth:organ" } else { sound };
        add_track(&mut program, sound, &pattern("x_______________"));
    }
    let mut reversed = program.clone();
    reversed.tracks.reverse();
    let run = |swaps: bool| {
        live(300, |control, _, block| match block {
            0 => play_from_start(control, &program),
            100 if swaps => control.set_program(reversed.clone()),
            _ => {}
        })
    };
    assert!(run(false) == run(true));
}

#[test]
fn mixing_while_playing_never_clicks() {
    let program = solo("subbass", &pattern("x_______________"));
    let steady = steepest(&left(&live(400, |control, _, block| {
        if block == 0 {
            play_from_start(control, &program);
        }
    })));
    let changes: [(&str, Change); 8] = [
        ("mute", |program| program.tracks[0].mute = true),
        ("volume", |program| program.tracks[0].volume = 0.1),
        ("pan", |program| program.tracks[0].pan = -1.0),
        ("deletion", |program| program.tracks.clear()),
        ("replacement", |program| program.tracks[0].id = TrackId::from_random(99)),
        ("effects", |program| {
            program.tracks[0].effects = add_settings(program, &ALL_EFFECTS[1..4]);
        }),
        ("delay and reverb", |program| {
            program.tracks[0].effects = add_settings(program, &[("delay.wet", 0.5), ("reverb.wet", 0.5)]);
        }),
        ("master", |program| {
            program.master = add_settings(program, &[("trim.gain", -12.0), ("gain.width", 0.0)]);
        }),
    ];
    for (name, change) in changes {
        let mut changed = program.clone();
        change(&mut changed);
        let samples = live(400, |control, _, block| match block {
            0 => play_from_start(control, &program),
            150 => control.set_program(changed.clone()),
            250 => control.set_program(program.clone()),
            _ => {}
        });
        let steepest = steepest(&left(&samples)[140 * 64..]);
        assert!(steepest < 2.0 * steady + 0.004, "{name}: a step of {steepest}, at rest {steady}");
    }
}

#[test]
fn a_replaced_track_in_a_full_mixer_leaves_no_step_behind() {
    let mut program = empty();
    for _ in 0..16 {
        add_track(&mut program, "subbass", &pattern("x_______________"));
    }
    program.tracks.iter_mut().for_each(|track| track.volume = 0.1);
    let mut replaced = program.clone();
    for (number, track) in replaced.tracks.iter_mut().enumerate() {
        track.id = TrackId::from_random(100 + number as u64);
    }
    let samples = live(300, |control, _, block| match block {
        0 => play_from_start(control, &program),
        150 => control.set_program(replaced.clone()),
        _ => {}
    });
    let samples = left(&samples);
    let (before, after) = (steepest(&samples[100 * 64..149 * 64]), steepest(&samples[149 * 64..]));
    assert!(after < 2.0 * before + 0.01, "a step of {after}, before {before}");
    assert!(peak(&samples[200 * 64..]) < 1e-4, "the notes of the old tracks are gone");
}

#[test]
fn a_closed_hat_chokes_an_open_one() {
    let mut program = empty();
    add_track(&mut program, "openhat", &pattern("X..............."));
    add_track(&mut program, "hihat", &pattern("..x............."));
    program.tracks[1].volume = 0.0;
    let choked = render(&program, 4);
    (program.tracks[0].choke, program.tracks[1].choke) = (3, 3);
    assert!(choked == render(&program, 4), "a group of their own does the same");
    program.tracks[1].choke = 4;
    let ringing = render(&program, 4);
    let after = |samples: &[f32]| peak(&samples[2 * (2 * STEP_FRAMES + 400)..2 * (3 * STEP_FRAMES)]);
    assert!(after(&ringing) > 0.001, "{}", after(&ringing));
    assert!(after(&choked) < 1e-6, "{}", after(&choked));
    assert!((2 * STEP_FRAMES..2 * STEP_FRAMES + 20).contains(&parting(&ringing, &choked).unwrap()));
}

#[test]
fn a_one_shot_rings_out_unless_its_track_gates_it() {
    let mut program = solo("openhat", &pattern("x..............."));
    let ringing = render(&program, 4);
    program.tracks[0].gate = true;
    let gated = render(&program, 4);
    let late = |samples: &[f32]| peak(&samples[2 * (STEP_FRAMES + 2_400)..2 * (2 * STEP_FRAMES + 2_400)]);
    assert!(late(&gated) < 0.1 * late(&ringing), "{} {}", late(&gated), late(&ringing));
}

#[test]
fn stopping_releases_and_seeking_starts_at_the_beat() {
    let program = solo("synth:organ", &pattern("x_______________"));
    let stopped = Transport { frame_origin: Frames(20_000), ..Transport::stopped() };
    let samples = live(1_500, |control, _, block| {
        if block == 0 {
            play_from_start(control, &program);
            control.set_transport(stopped);
        }
    });
    assert!(peak(&samples[2 * 19_000..2 * 20_000]) > 0.05);
    assert!(peak(&samples[2 * 90_000..]) < 1e-4, "released and silent");
    let rim = solo("rim", &pattern("....x..........."));
    let sought = live(400, |control, _, block| match block {
        0 => play_from_start(control, &solo("rim", &pattern("................"))),
        100 => {
            control.set_program(rim.clone());
            control.set_transport(Transport::playing(rim.tempo, Beats(900_000), Frames(10_000)));
        }
        _ => {}
    });
    let first = sought.iter().position(|sample| *sample != 0.0).unwrap() / 2;
    let due = 10_000 + 2_400 + LATENCY_FRAMES;
    assert!((due..due + 8).contains(&first), "frame {first}, due {due}");
}

#[test]
fn a_locked_effect_sounds_from_its_step_on() {
    let mut program = empty();
    let mut steps = pattern("x.x.x.x.");
    add_track(&mut program, "noise", &steps);
    let plain = render(&program, 2);
    steps[4].locks = add_settings(&mut program, &[("trim.gain", -24.0), ("tune", 0.0)]);
    let at = usize::from(program.tracks[0].steps.start);
    program.steps[at..at + 8].copy_from_slice(&steps);
    let locked = render(&program, 2);
    let parted = parting(&plain, &locked).unwrap();
    assert!((4 * STEP_FRAMES..4 * STEP_FRAMES + 128).contains(&parted), "{parted}");
    let loudness = |samples: &[f32], step: usize| {
        peak(&samples[2 * (step * STEP_FRAMES + 2_000)..2 * (step + 1) * STEP_FRAMES])
    };
    assert!(loudness(&locked, 4) < 0.3 * loudness(&plain, 4));
    assert!(
        loudness(&locked, 7) > 0.7 * loudness(&plain, 7),
        "the next onset returns to the track's setting"
    );
}

#[test]
fn the_master_never_exceeds_its_ceiling() {
    let mut program = dense(0, false);
    program.tracks.iter_mut().for_each(|track| track.volume = 1.0);
    program.master = add_settings(&mut program, &[("trim.gain", 24.0)]);
    let loud = peak(&render(&program, 8));
    assert!(loud > 0.8 && loud < 0.891_25, "{loud}");
}

#[test]
fn a_report_tells_position_levels_and_voices() {
    let mut program = empty();
    add_track(&mut program, "synth:organ", &[HIT; 16]);
    let (mut control, mut processor) = engine();
    play_from_start(&mut control, &program);
    processor.process_interleaved(&mut vec![0.0; 2 * 24_000]);
    let report = control.report();
    assert_eq!((report.frame, report.beat, report.is_playing), (Frames(24_000), Beats::from_beats(1), true));
    assert!(report.voices >= 1);
    assert_eq!(report.tracks[0].0, program.tracks[0].id);
    assert!(report.tracks[0].1.peak > 0.02 && report.tracks[0].1.rms < report.tracks[0].1.peak);
    assert!(report.master.peak > 0.02);
}
