//! What one player alone hears: their own mix, an instrument tried out, a key that is pressed.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use audio_engine::{Ears, Transport, engine};
use score::catalogue::parameter_index;
use score::id::TrackId;
use score::program::Setting;
use score::{PrivateMix, PrivateTrack, Program};
use support::{
    add_settings, add_track, empty, left, live, parting, pattern, peak, play_from_start, solo, steepest,
};

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
fn a_key_is_held_on_while_the_music_stands_where_it_stood() {
    let program = solo("synth:organ", &pattern("................"));
    let track = program.tracks[0].id;
    let samples = live(1_500, |control, _, block| match block {
        0 => control.set_program(program.clone()),
        10 => control.strike(track, 7, Some(0.8)),
        // A host that has just learned when its frames are heard says where the music is.
        50 => control.set_transport(Transport::stopped()),
        _ => {}
    });
    assert!(peak(&left(&samples)[1_400 * 64..]) > 0.01, "it is held");
}

#[test]
fn a_tap_that_is_over_within_a_block_is_heard_for_a_moment() {
    let program = solo("synth:organ", &pattern("................"));
    let track = program.tracks[0].id;
    let samples = live(1_500, |control, _, block| match block {
        0 => control.set_program(program.clone()),
        10 => {
            control.strike(track, 7, Some(0.8));
            control.strike(track, 7, None);
        }
        _ => {}
    });
    let samples = left(&samples);
    assert!(peak(&samples[10 * 64..45 * 64]) > 0.01, "the length of a tap");
    assert!(peak(&samples[1_000 * 64..]) < 1e-3, "it was let go");
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
    let run = |program: &Program, mixes: &[PrivateMix]| {
        let (mut control, mut processor) = engine();
        play_from_start(&mut control, program);
        for mix in mixes {
            control.set_private_mix(mix);
        }
        let mut samples = vec![0.0; 2 * 30_000];
        processor.process_interleaved(&mut samples);
        samples
    };
    let organ = PrivateMix { tracks: vec![organ], ..PrivateMix::default() };
    assert_eq!(parting(&run(&program, std::slice::from_ref(&organ)), &run(&other, &[])), None);
    assert_eq!(parting(&run(&program, &[organ, PrivateMix::default()]), &run(&program, &[])), None);
}

#[test]
fn the_masters_effects_are_set_by_one_player_and_put_back() {
    let program = solo("kick", &pattern("x...x...x...x..."));
    let trim = |db: f32| Setting { param: parameter_index("trim.gain").unwrap(), value: db };
    let mut shared = program.clone();
    shared.master = add_settings(&mut shared, &[("trim.gain", -12.0)]);
    let run = |program: &Program, masters: &[&[Setting]]| {
        let (mut control, mut processor) = engine();
        for master in masters {
            control.set_private_mix(&PrivateMix { master: master.to_vec(), ..PrivateMix::default() });
        }
        play_from_start(&mut control, program);
        let mut samples = vec![0.0; 2 * 30_000];
        processor.process_interleaved(&mut samples);
        samples
    };
    assert_eq!(parting(&run(&program, &[&[trim(-12.0)]]), &run(&shared, &[])), None);
    assert_eq!(parting(&run(&shared, &[&[trim(0.0)], &[]]), &run(&shared, &[])), None);
    assert!(parting(&run(&program, &[&[trim(-12.0)]]), &run(&program, &[])).is_some());
}

#[test]
fn how_loud_one_player_listens_glides_moves_no_meter_and_comes_back_to_the_same_bits() {
    let program = solo("kick", &pattern("x...x...x...x..."));
    let run = |levels: &[(usize, f32)]| {
        let mut meter = 0.0_f32;
        let samples = live(2_000, |control, _, block| {
            if block == 0 {
                play_from_start(control, &program);
            }
            meter = meter.max(control.report().master.peak);
            if let Some((_, level)) = levels.iter().find(|(at, _)| *at == block) {
                control.set_level(*level);
            }
        });
        (left(&samples), meter)
    };
    let (plain, meter) = run(&[]);
    let (quiet, same_meter) = run(&[(0, 0.1), (1_000, 1.0)]);
    assert!((meter - same_meter).abs() < 1e-9);
    let (early, late) = (100 * 64..1_000 * 64, 1_100 * 64..2_000 * 64);
    assert!((peak(&quiet[early.clone()]) - 0.1 * peak(&plain[early])).abs() < 1e-6);
    assert_eq!(parting(&quiet[late.clone()], &plain[late]), None);
    let (strange, _) = run(&[(0, f32::NAN), (1, 7.0)]);
    assert_eq!(parting(&strange, &plain), None);
}
