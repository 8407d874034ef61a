//! What is heard: notes at their frames, changes without clicks, a mix as loud as it should be.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use core::ops::ControlFlow;

use audio_engine::{Control, Ears, LATENCY_FRAMES, Processor, Transport, engine};
use score::id::TrackId;
use score::program::{ProgramStep, Setting};
use score::time::{Beats, Frames};
use score::{PrivateTrack, Program};
use support::{ALL_EFFECTS, HIT, add_settings, add_track, dense, empty, pattern, peak};

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

/// A program of one track.
fn solo(sound: &str, steps: &[ProgramStep]) -> Program {
    let mut program = empty();
    add_track(&mut program, sound, steps);
    program
}

fn left(samples: &[f32]) -> Vec<f32> {
    samples.iter().step_by(2).copied().collect()
}

/// The first frame where two renders differ.
fn parting(a: &[f32], b: &[f32]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits()).map(|sample| sample / 2)
}

/// The largest change from a sample to the next.
fn steepest(samples: &[f32]) -> f32 {
    samples.windows(2).fold(0.0, |most, pair| most.max((pair[1] - pair[0]).abs()))
}

/// Plays live: `direct` is called before each block of 64 frames with the number of the block.
fn live(blocks: usize, mut direct: impl FnMut(&mut Control, &Processor, usize)) -> Vec<f32> {
    let (mut control, mut processor) = engine();
    let mut samples = Vec::new();
    for block in 0..blocks {
        direct(&mut control, &processor, block);
        let mut buffer = [0.0; 128];
        processor.process_interleaved(&mut buffer);
        samples.extend(buffer);
    }
    samples
}

fn play_from_start(control: &mut Control, program: &Program) {
    control.set_program(program.clone());
    control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(0)));
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
    assert!((due..due + 17).contains(&parted), "parted at {parted}, due {due}");
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
fn my_ears_change_what_i_hear_but_not_the_shared_levels() {
    let mut program = empty();
    add_track(&mut program, "synth:organ", &pattern("x_______________"));
    add_track(&mut program, "bass", &pattern("x_______________"));
    let (organ, bass) = (program.tracks[0].id, program.tracks[1].id);
    let run = |ears: &[(TrackId, Ears)]| {
        let (mut control, mut processor) = engine();
        play_from_start(&mut control, &program);
        for (track, ears) in ears {
            control.set_ears(*track, *ears);
        }
        let mut samples = vec![0.0; 2 * 30_000];
        processor.process_interleaved(&mut samples);
        (peak(&samples[40_000..]), control.report().clone())
    };
    let muted = Ears { mute: true, ..Ears::default() };
    let alone = Ears { solo: true, ..Ears::default() };
    let (all, shared) = run(&[]);
    let (none, unheard) = run(&[(organ, muted), (bass, muted)]);
    assert!(all > 0.05);
    assert!(none < 1e-4, "{none}");
    assert_eq!(shared.tracks, unheard.tracks, "meters show the shared mix");
    let (soloed, _) = run(&[(organ, alone)]);
    let (without_bass, _) = run(&[(bass, muted)]);
    assert!((soloed - without_bass).abs() < 1e-6);
}

#[test]
fn my_effects_stand_over_the_shared_ones_and_over_locks() {
    let setting = |id: &str, value| Setting { param: score::catalogue::parameter_index(id).unwrap(), value };
    let mut wet = solo("synth:organ", &pattern("x_______x_______"));
    wet.tracks[0].effects = add_settings(&mut wet, &[("reverb.wet", 1.0)]);
    wet.steps[8].locks = add_settings(&mut wet, &[("reverb.wet", 0.7)]);
    let track = wet.tracks[0].id;
    let run = |program: &Program, private: &[Setting], cleared: bool| {
        let (mut control, mut processor) = engine();
        control.set_private_effects(track, private);
        if cleared {
            control.clear_ears();
        }
        play_from_start(&mut control, program);
        let mut samples = vec![0.0; 2 * 90_000];
        processor.process_interleaved(&mut samples);
        samples
    };
    let shared = run(&wet, &[], false);
    let dry = run(&wet, &[setting("reverb.wet", 0.0)], false);
    assert!(parting(&shared, &dry).is_some());
    assert_eq!(parting(&dry, &run(&solo("synth:organ", &pattern("x_______x_______")), &[], false)), None);
    assert_eq!(parting(&shared, &run(&wet, &[setting("reverb.wet", 0.0)], true)), None);
}

#[test]
fn my_effects_change_while_it_plays_without_a_click() {
    let program = solo("synth:organ", &pattern("x_______________"));
    let track = program.tracks[0].id;
    let wet = [Setting { param: score::catalogue::parameter_index("reverb.wet").unwrap(), value: 1.0 }];
    let samples = live(300, |control, _, block| match block {
        0 => play_from_start(control, &program),
        150 => control.set_private_effects(track, &wet),
        _ => {}
    });
    let samples = left(&samples);
    let (before, after) = (steepest(&samples[100 * 64..149 * 64]), steepest(&samples[149 * 64..]));
    assert!(after < 2.0 * before + 0.01, "a step of {after}, before {before}");
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

#[test]
fn a_key_sounds_at_once_while_nothing_plays_and_ends_when_it_is_let_go() {
    let program = solo("synth:organ", &pattern("................"));
    let track = program.tracks[0].id;
    let samples = live(1_500, |control, _, block| match block {
        0 => control.set_program(program.clone()),
        10 => control.strike(track, 7, Some(0.8)),
        500 => control.strike(track, 7, None),
        _ => {}
    });
    let samples = left(&samples);
    assert!(peak(&samples[..10 * 64]) < 1e-9);
    assert!(peak(&samples[10 * 64..15 * 64]) > 1e-3, "within 5 ms");
    assert!(peak(&samples[450 * 64..500 * 64]) > 0.01, "it is held");
    assert!(peak(&samples[1_400 * 64..]) < 1e-3, "it was let go");
}

#[test]
fn a_key_on_a_track_that_is_not_there_is_silent_and_a_drum_needs_no_letting_go() {
    let program = solo("kick", &pattern("................"));
    let track = program.tracks[0].id;
    let samples = live(1_500, |control, _, block| match block {
        0 => control.set_program(program.clone()),
        1 => control.strike(TrackId::from_random(99), 0, Some(1.0)),
        10 => control.strike(track, 0, Some(f32::NAN)),
        300 => control.strike(track, 0, Some(1.0)),
        _ => {}
    });
    let samples = left(&samples);
    assert!(peak(&samples[..10 * 64]) < 1e-9);
    assert!(peak(&samples[300 * 64..320 * 64]) > 0.05);
    assert!(peak(&samples[1_400 * 64..]) < 1e-3);
}

#[test]
fn an_instrument_is_tried_out_by_one_player_and_put_back() {
    let program = solo("kick", &pattern("x...x...x...x..."));
    let other = solo("synth:organ", &pattern("x...x...x...x..."));
    let track = program.tracks[0].id;
    let organ = PrivateTrack { instrument: Some(other.tracks[0].instrument), ..PrivateTrack::shared(track) };
    let run = |program: &Program, mixes: &[&[PrivateTrack]]| {
        let (mut control, mut processor) = engine();
        play_from_start(&mut control, program);
        mixes.iter().for_each(|mix| control.set_private_mix(mix));
        let mut samples = vec![0.0; 2 * 30_000];
        processor.process_interleaved(&mut samples);
        samples
    };
    assert_eq!(parting(&run(&program, &[&[organ.clone()]]), &run(&other, &[])), None);
    assert_eq!(parting(&run(&program, &[&[organ], &[]]), &run(&program, &[])), None);
}
