//! Recordings: at every pitch, in any direction, in slices and loops, without clicks or aliases.

#![allow(clippy::unwrap_used, reason = "tests may")]
#![allow(clippy::float_cmp, reason = "silence is exact")]

mod support;

use std::sync::Arc;

use audio_engine::instrument::{Note, Voice};
use audio_engine::{Render, Sample, SampleData, Samples, Transport, engine};
use score::Program;
use score::catalogue::{ParamIndex, parameter_index};
use score::id::SampleHash;
use score::time::{Beats, Frames};
use support::{add_settings, add_track, empty, pattern, peak};

const RATE: f64 = 48_000.0;

/// A sine wave at half of full scale.
fn sine(hertz: f64, frames: usize) -> Vec<f32> {
    (0..frames).map(|i| libm::sin(core::f64::consts::TAU * hertz * i as f64 / RATE) as f32 * 0.5).collect()
}

/// Noise from a linear congruence, at most half of full scale.
fn noise(frames: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..frames).map(|_| next()).collect()
}

fn mono(frames: &[f32]) -> Sample {
    Sample { data: Arc::new(SampleData::from_interleaved(frames, 1).unwrap()), cuts: Arc::default() }
}

/// What a note of a recording sounds like: the left channel of at most `frames` frames.
fn played(sample: &Sample, pitch: f32, settings: &[(&str, f32)], frames: usize) -> Vec<f32> {
    let params: Vec<(ParamIndex, f32)> =
        settings.iter().map(|(id, value)| (parameter_index(id).unwrap(), *value)).collect();
    let mut voice = Voice::silent();
    voice.start_sample(
        sample,
        &Note { pitch, velocity: 1.0, seed: 1, seconds_per_beat: 0.5, params: &params },
    );
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(0, &mut left, &mut right);
    left
}

/// The amplitude of a sine wave within `frames`, through a Blackman-Harris window, by Goertzel's recurrence.
fn amplitude(frames: &[f32], hertz: f64) -> f64 {
    const TERMS: [f64; 4] = [0.358_75, -0.488_29, 0.141_28, -0.011_68];
    let turn = 2.0 * libm::cos(core::f64::consts::TAU * hertz / RATE);
    let (mut last, mut before) = (0.0, 0.0);
    for (i, &x) in frames.iter().enumerate() {
        let angle = core::f64::consts::TAU * i as f64 / frames.len() as f64;
        let term = |(number, term): (usize, f64)| term * libm::cos(angle * number as f64);
        let window: f64 = TERMS.into_iter().enumerate().map(term).sum();
        (last, before) = (f64::from(x) * window + turn * last - before, last);
    }
    let power = last * last + before * before - turn * last * before;
    2.0 * libm::sqrt(power.max(0.0)) / (frames.len() as f64 * TERMS[0])
}

fn decibels(ratio: f64) -> f64 {
    20.0 * libm::log10(ratio.max(1e-12))
}

/// The strongest part of `frames` that lies more than 100 Hz away from `hertz`, in decibels below it.
fn worst_stranger(frames: &[f32], hertz: f64) -> f64 {
    let frames = &frames[..2_400];
    let tone = amplitude(frames, hertz);
    let places = (0..600).map(|place| f64::from(place) * 40.0).filter(|place| (place - hertz).abs() > 100.0);
    decibels(places.map(|place| amplitude(frames, place)).fold(0.0, f64::max) / tone)
}

#[test]
fn at_its_own_pitch_a_recording_comes_out_to_the_bit() {
    let frames = noise(4_000);
    let out = played(&mono(&frames), 0.0, &[], 4_000);
    // Past the rise of a note's first chunk, and short of the fade at the end.
    assert_eq!(out[16..3_880], frames[16..3_880]);
    assert!(out[3_999].abs() < 0.01);
}

#[test]
fn a_pitched_recording_has_the_pitch_and_nothing_else() {
    for (hertz, semitones) in
        [(1_000.0, 7.0), (1_000.0, -12.0), (440.0, 19.0), (3_000.0, 5.0), (700.0, 31.0), (9_000.0, -5.0)]
    {
        let out = played(&mono(&sine(hertz, 400_000)), semitones, &[], 12_000);
        let heard = &out[2_000..11_600];
        let wanted = hertz * libm::exp2(f64::from(semitones) / 12.0);
        let level = decibels(amplitude(heard, wanted) / 0.5);
        let strange = worst_stranger(heard, wanted);
        println!(
            "{hertz} Hz by {semitones:+}: {level:+.2} dB at {wanted:.1} Hz, the rest below {strange:.1} dB"
        );
        assert!(level.abs() < 0.1, "{level} dB");
        assert!(strange < -70.0, "{strange} dB");
        // A cent beside it there is less: the pitch is right to within one.
        let cent = libm::exp2(4.0 / 1_200.0);
        assert!(amplitude(heard, wanted) > amplitude(heard, wanted * cent));
        assert!(amplitude(heard, wanted) > amplitude(heard, wanted / cent));
    }
}

#[test]
fn what_would_pass_the_top_is_gone_instead_of_folding_back() {
    for (hertz, semitones) in [(15_000.0, 12.0), (10_000.0, 24.0), (18_000.0, 7.0), (12_000.0, 36.0)] {
        let out = played(&mono(&sine(hertz, 400_000)), semitones, &[], 12_000);
        let loudest = decibels(f64::from(peak(&out[2_000..11_000])) / 0.5);
        println!("{hertz} Hz by {semitones:+}: aliases below {loudest:.1} dB");
        assert!(loudest < -60.0, "{hertz} Hz raised by {semitones} semitones leaves {loudest:.1} dB");
    }
}

#[test]
fn reverse_plays_the_frames_from_the_last_to_the_first() {
    let frames = noise(3_000);
    let out = played(&mono(&frames), 0.0, &[("reverse", 1.0)], 3_000);
    let backwards: Vec<f32> = frames.iter().rev().copied().collect();
    assert_eq!(out[64..2_880], backwards[64..2_880]);
}

#[test]
fn start_end_and_slice_choose_the_stretch() {
    let frames = noise(8_000);
    let mut sample = mono(&frames);
    let out = played(&sample, 0.0, &[("start", 0.25), ("end", 0.75)], 6_000);
    assert_eq!(out[64..3_880], frames[2_064..5_880]);
    assert_eq!(peak(&out[4_000..]), 0.0);
    sample.cuts = Arc::from([0_u64, 2_000, 5_000]);
    let out = played(&sample, 0.0, &[("slice", 2.0)], 6_000);
    assert_eq!(out[64..2_880], frames[2_064..4_880]);
    // A note ends with its chunk.
    assert_eq!(peak(&out[3_008..]), 0.0);
    let out = played(&sample, 0.0, &[("slice", 3.0), ("reverse", 1.0)], 6_000);
    assert_eq!(out[100].to_bits(), frames[7_899].to_bits());
    assert_eq!(peak(&played(&sample, 0.0, &[("start", 0.5), ("end", 0.5)], 1_000)), 0.0);
}

#[test]
fn a_single_cycle_in_a_loop_is_a_clean_tone_at_any_pitch() {
    let cycle = sine(500.0, 96);
    for semitones in [0.0, 7.0, 12.0, -9.0, 24.0] {
        for reverse in [0.0, 1.0] {
            let out = played(&mono(&cycle), semitones, &[("loop", 1.0), ("reverse", reverse)], 12_000);
            let hertz = 500.0 * libm::exp2(f64::from(semitones) / 12.0);
            let heard = &out[2_000..11_600];
            let strange = worst_stranger(heard, hertz);
            println!("a looped cycle at {hertz:.1} Hz: the rest below {strange:.1} dB");
            assert!(decibels(amplitude(heard, hertz) / 0.5).abs() < 0.1);
            assert!(strange < -60.0, "{strange} dB at {semitones}, reverse {reverse}");
        }
    }
}

/// The largest second difference: a click stands out in it whatever the wave does.
fn sharpest(frames: &[f32]) -> f32 {
    frames.windows(3).fold(0.0, |most, w| most.max((w[2] - 2.0 * w[1] + w[0]).abs()))
}

#[test]
fn trims_loops_releases_and_retriggers_do_not_click() {
    // Ends in the middle of a wave: cut anywhere it steps by up to full amplitude.
    let wave = mono(&sine(110.0, 30_250));
    for settings in [
        &[("start", 0.031), ("end", 0.402)][..],
        &[("reverse", 1.0)],
        &[("loop", 1.0)],
        &[("loop", 1.0), ("reverse", 1.0), ("start", 0.013)],
        &[("loop", 1.0), ("start", 0.4), ("end", 0.41)],
    ] {
        for pitch in [0.0, 5.0, -7.0] {
            let sharp = sharpest(&played(&wave, pitch, settings, 60_000));
            assert!(sharp < 0.02, "{settings:?} at {pitch}: {sharp}");
        }
    }
    let mut program = empty();
    let track = track_of_sample(&mut program, "XXXXXXXX");
    program.steps[1].ratchet = 8;
    program.tracks[track].gate = true;
    let out = render(&program, &samples(wave), 4);
    let left: Vec<f32> = out.iter().step_by(2).copied().collect();
    assert!(peak(&left) > 0.3);
    assert!(sharpest(&left) < 0.02, "{}", sharpest(&left));
}

const HASH: SampleHash = SampleHash([7; 32]);

fn samples(sample: Sample) -> Samples {
    [(HASH, sample)].into()
}

/// Adds a track that plays [`HASH`].
fn track_of_sample(program: &mut Program, steps: &str) -> usize {
    let track = add_track(program, "kick", &pattern(steps));
    program.tracks[track].sample = Some(HASH);
    track
}

fn render(program: &Program, samples: &Samples, beats: i64) -> Vec<f32> {
    let range = Beats::ZERO..Beats::from_beats(beats);
    let mut render = Render::with_samples(program.clone(), samples.clone(), range).unwrap();
    let mut out = vec![0.0; render.frames_left() * 2];
    render.next_block(&mut out);
    out
}

#[test]
fn a_missing_recording_is_silent_and_the_rest_plays_on() {
    let mut program = empty();
    track_of_sample(&mut program, "X...");
    assert_eq!(peak(&render(&program, &Samples::new(), 2)), 0.0);
    let alone = {
        let mut program = empty();
        add_track(&mut program, "clap", &pattern("..X."));
        program.tracks[0].id = score::id::TrackId::from_random(2);
        render(&program, &Samples::new(), 2)
    };
    add_track(&mut program, "clap", &pattern("..X."));
    assert!(peak(&alone) > 0.05);
    assert!(render(&program, &Samples::new(), 2) == alone);
}

#[test]
fn one_shots_ring_past_their_step_unless_gated_and_loops_are_held() {
    let sample = samples(mono(&sine(300.0, 96_000)));
    let frames = |beats: f64| (beats * 24_000.0) as usize * 2;
    let heard = |gate: bool, repeat: bool| {
        let mut program = empty();
        let track = track_of_sample(&mut program, "X.......");
        program.tracks[track].gate = gate;
        if repeat {
            program.tracks[track].params = add_settings(&mut program, &[("loop", 1.0)]);
        }
        let out = render(&program, &sample, 2);
        peak(&out[frames(0.5)..frames(0.9)]) > 0.1
    };
    assert!(heard(false, false));
    assert!(!heard(true, false));
    assert!(!heard(false, true));
}

#[test]
fn a_tied_step_slides_the_pitch_of_a_held_recording() {
    let sample = samples(mono(&sine(500.0, 96_000)));
    let mut program = empty();
    track_of_sample(&mut program, "X_..");
    program.steps[1].pitch = 12;
    let out = render(&program, &sample, 1);
    let left: Vec<f32> = out.iter().step_by(2).copied().collect();
    assert!(amplitude(&left[1_000..5_800], 500.0) > 0.2);
    // The tied step's velocity is the usual one: 12 dB less.
    assert!(amplitude(&left[7_000..11_800], 1_000.0) > 0.1);
    assert!(amplitude(&left[7_000..11_800], 500.0) < 0.001);
}

#[test]
fn a_loop_that_one_step_locks_ends_with_the_steps_tied_to_it() {
    let sample = samples(mono(&sine(500.0, 9_600)));
    let mut program = empty();
    track_of_sample(&mut program, "X_......");
    program.steps[0].locks = add_settings(&mut program, &[("loop", 1.0)]);
    program.steps[1].pitch = 12;
    let out = render(&program, &sample, 2);
    let frames = |beats: f64| (beats * 24_000.0) as usize * 2;
    assert!(peak(&out[frames(0.4)..frames(0.48)]) > 0.1);
    assert_eq!(peak(&out[frames(0.6)..]), 0.0);
}

#[test]
fn stereo_stays_stereo() {
    let frames: Vec<f32> = sine(400.0, 9_600).iter().flat_map(|x| [*x, -x]).collect();
    let data = Arc::new(SampleData::from_interleaved(&frames, 2).unwrap());
    let mut program = empty();
    track_of_sample(&mut program, "X...");
    program.steps[0].pitch = 4;
    let out = render(&program, &samples(Sample { data, cuts: Arc::default() }), 1);
    assert!(peak(&out) > 0.2);
    assert!(out.as_chunks::<2>().0.iter().all(|[left, right]| (left + right).abs() < 1e-6));
}

/// Sixteen tracks of one recording in every manner.
fn every_manner() -> (Program, Samples) {
    let mut program = empty();
    for number in 0..16 {
        let track = track_of_sample(&mut program, "X.x_xx._X.xx");
        let flag = |bit: usize| f32::from(u8::from(number & bit != 0));
        program.tracks[track].params = add_settings(
            &mut program,
            &[
                ("reverse", flag(1)),
                ("loop", flag(2)),
                ("slice", (number % 4) as f32),
                ("tune", number as f32 * 3.0 - 22.0),
                ("glide", flag(4) * 0.1),
                ("start", flag(8) * 0.2),
                ("attack", 1.0 + flag(4) * 3.0),
            ],
        );
        program.tracks[track].gate = number % 3 == 0;
        for step in 0..12 {
            program.steps[number * 12 + step].pitch = ((step * 7 + number * 5) % 49) as i8 - 24;
        }
        program.steps[number * 12].ratchet = 3;
    }
    let frames = noise(24_000);
    let data = Arc::new(SampleData::from_interleaved(&frames, 2).unwrap());
    (program, samples(Sample { data, cuts: Arc::from([0_u64, 3_000, 7_001]) }))
}

#[test]
fn the_hosts_blocks_cannot_be_heard() {
    let (program, samples) = every_manner();
    let rendered = |sizes: &[usize]| {
        let (mut control, mut processor) = engine();
        control.set_samples(samples.clone());
        control.set_program(program.clone());
        control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(99)));
        let mut out = Vec::new();
        for &size in sizes.iter().cycle() {
            let mut block = vec![0.0_f32; size * 2];
            processor.process_interleaved(&mut block);
            out.extend(block.iter().map(|x| x.to_bits()));
            if out.len() >= 96_000 {
                out.truncate(96_000);
                return out;
            }
        }
        out
    };
    let whole = rendered(&[1_024]);
    assert!(whole.iter().any(|bits| *bits << 1 != 0));
    for sizes in [&[64][..], &[1, 2, 3], &[127, 480, 33]] {
        assert!(rendered(sizes) == whole, "{sizes:?}");
    }
}

#[test]
fn recordings_that_sound_play_on_when_the_program_forgets_them() {
    let (mut control, mut processor) = engine();
    let mut program = empty();
    track_of_sample(&mut program, "X...............");
    control.set_samples(samples(mono(&sine(300.0, 96_000))));
    control.set_program(program.clone());
    control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(0)));
    let mut block = vec![0.0; 9_600];
    processor.process_interleaved(&mut block);
    control.set_samples(Samples::new());
    control.set_program(program);
    drop(control);
    for _ in 0..5 {
        processor.process_interleaved(&mut block);
        assert!(peak(&block) > 0.2, "the note is held");
    }
}
