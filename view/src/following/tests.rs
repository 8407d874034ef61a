use super::*;
use crate::transport::{PACE_NANOS, Playing, pace};

const SECOND: i64 = 1_000_000_000;
/// Frames between two looks.
const TICK: u64 = 768;

/// Seeded 64-bit numbers (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.unsigned_abs().max(1)) as i64
    }
}

fn line(ppm: f64) -> FrameLine {
    let nanos_per_frame = 1e9 / 48_000.0 / (1.0 + ppm * 1e-6);
    FrameLine { frame: 0.0, heard_at: LocalTime(5 * SECOND), nanos_per_frame }
}

fn bpm(bpm: u32) -> Tempo {
    Tempo::from_milli_bpm(bpm * 1_000).unwrap()
}

fn playing(tempo: Tempo, beat: Beats, from: LocalTime) -> Segment {
    Segment { from, beat, tempo: Some(tempo), pace: pace(tempo) }
}

#[test]
fn frames_and_times_are_inverses_on_the_line() {
    let line = line(100.0);
    assert!((line.frame_at(line.time_at(96_480.0)) - 96_480.0).abs() < 1e-3);
    assert!((line.frame_at(line.heard_at) - line.frame).abs() < 1e-9);
}

#[test]
fn a_start_ahead_is_told_once_and_falls_on_the_nearest_frame() {
    let mut follower = Follower::default();
    let line = line(0.0);
    let start = line.time_at(9_600.4);
    let transport = Transport::alone(bpm(120), Beats(250_000), start);
    let cues = follower.follow(&transport, &line, Frames(100)).to_vec();
    assert_eq!((cues[0].is_playing, cues[0].beat), (false, Beats(250_000)));
    assert_eq!((cues[1].is_playing, cues[1].beat, cues[1].frame), (true, Beats(250_000), Frames(9_600)));
    for tick in 1..200 {
        assert_eq!(follower.follow(&transport, &line, Frames(100 + tick * TICK)), []);
    }
    assert_eq!(follower.beat_at(Frames(9_600 + 48_000)), Beats(2_250_000));
}

#[test]
fn whoever_is_told_late_begins_where_the_others_are_and_a_moment_late_from_the_start() {
    let line = line(0.0);
    let transport = Transport::alone(bpm(120), Beats::ZERO, line.time_at(1_000.0));
    let cue = Follower::default().follow(&transport, &line, Frames(49_000))[0];
    assert_eq!((cue.frame, cue.beat.0 / 10), (Frames(49_000), 199_999));
    let cue = Follower::default().follow(&transport, &line, Frames(1_200))[0];
    assert_eq!((cue.frame, cue.beat), (Frames(1_000), Beats::ZERO));
}

#[test]
fn a_pause_stands_at_once_and_keeps_the_tempo_of_what_rings() {
    let mut follower = Follower::default();
    let line = line(0.0);
    follower.follow(&Transport::alone(bpm(90), Beats::ZERO, line.time_at(0.0)), &line, Frames(0));
    let standing = Segment { from: LocalTime(0), beat: Beats(77), tempo: None, pace: 0 };
    let paused = Transport { playing: Playing::Paused, segments: vec![standing] };
    let cue = follower.follow(&paused, &line, Frames(4_800))[0];
    assert_eq!(cue, Cue { frame: Frames(4_800), beat: Beats(77), tempo: bpm(90), is_playing: false });
    assert_eq!(follower.follow(&paused, &line, Frames(9_600)), []);
}

#[test]
fn a_seek_and_a_change_of_tempo_are_told_ahead_with_their_frames() {
    let mut follower = Follower::default();
    let line = line(0.0);
    let at = |frame| line.time_at(frame);
    let segments = vec![
        playing(bpm(120), Beats::ZERO, at(0.0)),
        playing(bpm(60), Beats::from_beats(1), at(24_000.0)),
        playing(bpm(60), Beats::from_beats(32), at(48_000.0)),
    ];
    let transport = Transport { playing: Playing::Playing, segments };
    let frames: Vec<_> =
        follower.follow(&transport, &line, Frames(96)).iter().map(|cue| cue.frame.0).collect();
    assert_eq!(frames, [0, 24_000, 48_000]);
    assert_eq!(follower.follow(&transport, &line, Frames(30_000)), []);
    assert_eq!(follower.follow(&transport, &line, Frames(50_000)), []);
    assert_eq!(follower.beat_at(Frames(96_000)), Beats::from_beats(33));
}

/// What an engine plays that is told as the follower says, for a minute, by a line that wanders and a transport that is
/// steered. Checks that it goes steadily, and returns the frames by which it was off at worst from the tenth second on.
fn worst_of_a_minute(seed: u64, ppm: f64, wander_frames: i64) -> f64 {
    let mut random = Random(seed);
    let (truth, mut follower) = (line(ppm), Follower::default());
    let tempo = bpm(60 + random.below(200) as u32);
    let mut transport = Transport::alone(tempo, Beats::ZERO, truth.time_at(5_000.0));
    let (mut worst, mut before) = (0.0_f64, Beats(-1));
    for tick in 1..3_750 {
        let next = Frames(tick * TICK);
        if tick % 31 == 0 {
            // Steered: on from here, up to a thousandth faster or slower.
            let from = truth.time_at(next.0 as f64);
            let segment = *transport.segments.last().unwrap();
            let pace = pace(tempo) + random.below(2_001).saturating_sub(1_000) * pace(tempo) / 1_000_000;
            let segment = Segment { from, beat: segment.beat_at(from), pace, ..segment };
            transport.segments = vec![segment];
        }
        let wander = (random.below(2 * wander_frames + 1) - wander_frames) as f64;
        let heard = truth.later_by(wander);
        follower.follow(&transport, &heard, next);
        let in_force = follower.told.iter().rev().find(|told| told.frame <= next);
        if let Some(told) = in_force.filter(|cue| cue.is_playing) {
            let beat = told.beat_at(next);
            let lead = (before - beat).0 as f64 / micros_per_frame(tempo);
            assert!(lead < 240.0, "seed {seed}: {lead} frames back at {next:?}");
            before = beat;
            let right = transport.beat_at(truth.time_at(next.0 as f64));
            let off = (right - beat).0 as f64 / micros_per_frame(tempo);
            worst = if tick > 625 { worst.max(off.abs()) } else { worst };
        }
    }
    worst
}

#[test]
fn the_engine_is_kept_within_a_frame_of_where_the_music_is() {
    for (seed, ppm) in [(1, 0.0), (2, 200.0), (3, -200.0), (4, 37.0)] {
        let worst = worst_of_a_minute(seed, ppm, 0);
        assert!(worst < 2.5, "{ppm} ppm: {worst} frames off");
    }
}

#[test]
fn a_line_that_wanders_moves_the_music_no_more_than_the_line() {
    for seed in 0..4 {
        let worst = worst_of_a_minute(seed, 100.0, 24);
        assert!(worst < 52.0, "{worst} frames off");
    }
}

#[test]
fn an_error_is_led_back_within_a_second_and_a_great_one_jumped() {
    let line = line(0.0);
    let transport = Transport::alone(bpm(120), Beats::ZERO, line.time_at(0.0));
    for (error, ticks) in [(2_000.0, 44), (-2_000.0, 44), (9_000.0, 1)] {
        let mut follower = Follower::default();
        follower.follow(&transport, &line, Frames(480_000));
        let moved = line.later_by(error);
        for tick in 1..=ticks {
            follower.follow(&transport, &moved, Frames(480_000 + tick * TICK));
        }
        let end = Frames(480_000 + ticks * TICK);
        let right = transport.beat_at(moved.time_at(end.0 as f64));
        assert!((follower.beat_at(end) - right).0.abs() <= 42, "{error} frames were not taken back");
    }
}

#[test]
fn a_start_that_moves_while_it_is_passed_is_not_begun_twice() {
    let line = line(0.0);
    let transport = Transport::alone(bpm(120), Beats::ZERO, line.time_at(10_000.0));
    let mut follower = Follower::default();
    follower.follow(&transport, &line, Frames(9_500));
    for cue in follower.follow(&transport, &line.later_by(200.0), Frames(10_100)) {
        assert!(cue.is_playing, "it began already");
    }
}

#[test]
fn a_pace_is_kept_to_a_billionth() {
    let beats = playing(bpm(120), Beats::ZERO, LocalTime(0)).beat_at(LocalTime(PACE_NANOS));
    assert!((beats.0 - PACE_NANOS / 500).abs() <= 1);
}
