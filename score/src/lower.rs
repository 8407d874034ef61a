//! From a score to the program that the engine plays.
//!
//! Lowering never fails: what a merge or a stranger wrote is clamped into its range, parameters that the catalogue does not
//! know are left out, and an instrument without a sound of its own is played by its relative; [`fallbacks`] says which.

use crate::catalogue::{InstrumentIndex, Parameter, Sound, nearest, parameter, resolve};
use crate::id::{SampleHash, SceneId, TrackId};
use crate::pattern::{MAX_STEPS, Pattern};
use crate::program::{
    ChordNote, MAX_PROGRAM_NOTES, MAX_PROGRAM_SETTINGS, Program, ProgramStep, ProgramTrack, Setting, Span,
};
use crate::score::Score;
use crate::step::{
    DEFAULT_VELOCITY, MAX_NUDGE_PERCENT, MAX_PITCH_SEMITONES, MAX_RATCHET, MIN_GATE_PERCENT, Step,
};
use crate::track::{DEFAULT_VOLUME, EffectSettings, EffectValue, MAX_CHOKE_GROUP, Track};

/// A track whose instrument is played by another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Which track.
    pub track: TrackId,
    /// The instrument that the session asks for.
    pub wanted: String,
    /// The id of the instrument that is heard.
    pub played_by: &'static str,
}

/// The program of one scene: the playing tracks in the players' order, each with its pattern of that scene.
pub fn lower(score: &Score, scene: SceneId) -> Program {
    let mut program = Program {
        seed: score.seed,
        tempo: score.tempo,
        meter: score.meter,
        loop_region: score.loop_region,
        ..Program::default()
    };
    program.master = program.add_effects(&score.master);
    for (id, track) in score.playing_tracks() {
        let lowered = program.add_track(score, id, track, scene);
        program.tracks.push(lowered);
    }
    program
}

/// The program of the scene that plays when none was launched.
pub fn lower_first_scene(score: &Score) -> Program {
    lower(score, score.first_scene())
}

/// The tracks that do not sound as their instrument's name says, in the players' order.
pub fn fallbacks(score: &Score) -> Vec<Fallback> {
    let fallback = |(track, wanted): (TrackId, &str)| {
        let (index, sample) = played(wanted);
        let player = index.get()?;
        let other = sample.is_none() && player.id != wanted;
        other.then(|| Fallback { track, wanted: wanted.to_owned(), played_by: player.id })
    };
    let tracks = score.tracks_in_order();
    tracks.iter().map(|&(id, track)| (id, track.instrument.as_str())).filter_map(fallback).collect()
}

/// What an instrument id is played by: an instrument, or a sample in its place.
fn played(id: &str) -> (InstrumentIndex, Option<SampleHash>) {
    match resolve(id) {
        Sound::BuiltIn(instrument) | Sound::Unknown(instrument) => (instrument.index, None),
        Sound::Sample(hash) => (nearest("").index, Some(hash)),
    }
}

impl Program {
    fn add_track(&mut self, score: &Score, id: TrackId, track: &Track, scene: SceneId) -> ProgramTrack {
        let (instrument, sample) = played(&track.instrument);
        ProgramTrack {
            id,
            instrument,
            sample,
            volume: within(track.volume, 0.0, 1.0, DEFAULT_VOLUME),
            pan: within(track.pan, -1.0, 1.0, 0.0),
            mute: track.mute,
            transpose: semitones(track.transpose),
            swing: combined_swing(score.swing, track.swing),
            gate: track.gate,
            choke: if track.choke <= MAX_CHOKE_GROUP { track.choke } else { 0 },
            steps: self.add_steps(&track.pattern(scene)),
            params: self.add_settings(track.params.iter().filter_map(|(id, &value)| {
                parameter(id).filter(|row| row.slot.is_none()).and_then(|row| setting(row, value))
            })),
            effects: self.add_effects(&track.effects),
        }
    }

    fn add_steps(&mut self, pattern: &Pattern) -> Span {
        let start = self.steps.len() as u16;
        let count = pattern.length.clamp(1, MAX_STEPS);
        let blank = Step::default();
        for number in 0..count {
            let step = self.add_step(pattern.step(number).unwrap_or(&blank));
            self.steps.push(step);
        }
        Span { start, count }
    }

    fn add_step(&mut self, step: &Step) -> ProgramStep {
        // The locks of a silent step sleep, and need no room in the pools.
        let (notes, locks) = if step.on {
            let locks = step.locks.iter().filter_map(|(id, &value)| setting(parameter(id)?, value));
            (self.add_notes(step), self.add_settings(locks))
        } else {
            (Span::default(), Span::default())
        };
        ProgramStep {
            on: step.on,
            tie: step.tie,
            pitch: semitones(step.pitch.unwrap_or(0)),
            velocity: within(step.velocity(), 0.0, 1.0, DEFAULT_VELOCITY),
            gate_percent: step.gate_length.unwrap_or(100).clamp(MIN_GATE_PERCENT, 100),
            chance_percent: step.chance.unwrap_or(100).min(100),
            ratchet: step.ratchet.unwrap_or(1).clamp(1, MAX_RATCHET),
            nudge_percent: step.nudge.unwrap_or(0).clamp(-MAX_NUDGE_PERCENT, MAX_NUDGE_PERCENT),
            condition: step.condition,
            notes,
            locks,
        }
    }

    /// Adds a step's chord; one that the pool has no room for is left out, and its step plays as a single note.
    fn add_notes(&mut self, step: &Step) -> Span {
        let start = self.notes.len();
        let room = MAX_PROGRAM_NOTES.saturating_sub(start);
        let in_range = step
            .notes
            .iter()
            .filter(|(pitch, _)| (-MAX_PITCH_SEMITONES..=MAX_PITCH_SEMITONES).contains(*pitch));
        self.notes.extend(in_range.take(room).map(|(&pitch, &velocity)| ChordNote {
            pitch,
            velocity: within(velocity, 0.0, 1.0, DEFAULT_VELOCITY),
        }));
        span(start, self.notes.len())
    }

    fn add_effects(&mut self, effects: &EffectSettings) -> Span {
        self.add_settings(effects.iter().filter_map(|(id, value)| {
            let row = parameter(id).filter(|row| row.slot.is_some())?;
            match value {
                EffectValue::Number(number) => setting(row, *number),
                EffectValue::Text(text) => {
                    row.parse(text).ok().map(|value| Setting { param: row.index, value })
                }
            }
        }))
    }

    fn add_settings(&mut self, settings: impl Iterator<Item = Setting>) -> Span {
        let start = self.settings.len();
        self.settings.extend(settings.take(MAX_PROGRAM_SETTINGS.saturating_sub(start)));
        span(start, self.settings.len())
    }
}

/// A range of a pool that holds fewer than 2^16 elements; the empty range always starts at 0.
fn span(start: usize, end: usize) -> Span {
    if start == end { Span::default() } else { Span { start: start as u16, count: (end - start) as u16 } }
}

fn setting(row: &'static Parameter, value: f64) -> Option<Setting> {
    (!value.is_nan()).then(|| Setting { param: row.index, value: row.clamp(value as f32) })
}

/// A value in its range, or the default when it is not a number.
fn within(value: f32, min: f32, max: f32, default: f32) -> f32 {
    if value.is_nan() { default } else { value.clamp(min, max) }
}

fn semitones(value: i8) -> i8 {
    value.clamp(-MAX_PITCH_SEMITONES, MAX_PITCH_SEMITONES)
}

/// The session's and the track's swing in percent, as one share from 0 to 1.
fn combined_swing(session: f32, track: f32) -> f32 {
    let share = |percent: f32| within(percent, 0.0, 100.0, 0.0) / 100.0;
    let (session, track) = (share(session), share(track));
    session + track - session * track
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(instrument: &str, order: &str) -> Track {
        Track { instrument: instrument.into(), order: order.into(), ..Track::default() }
    }

    fn score_with(tracks: impl IntoIterator<Item = Track>) -> Score {
        let tracks = tracks.into_iter().enumerate().map(|(n, track)| (TrackId::from_random(n as u64), track));
        Score { tracks: tracks.collect(), ..Score::default() }
    }

    #[test]
    fn tracks_past_the_sixteenth_are_parked() {
        let program = lower_first_scene(&score_with((0..20).map(|n| track("kick", &format!("{n:02}")))));
        assert_eq!(program.tracks.len(), 16);
        assert_eq!(program.steps.len(), 256);
        assert_eq!(program.tracks[15].id, TrackId::from_random(15));
    }

    #[test]
    fn unknown_instruments_fall_back_and_are_named() {
        let score = score_with([track("kick", "a"), track("sampled:808-kick", "b"), track("sawtooth", "c")]);
        let program = lower_first_scene(&score);
        let heard: Vec<_> = program.tracks.iter().map(|track| track.instrument.get().unwrap().id).collect();
        let named = fallbacks(&score);
        assert_eq!(heard[0], "kick");
        assert!(named.iter().all(|fallback| fallback.wanted != "kick"));
        let saw = named.iter().find(|fallback| fallback.wanted == "sawtooth").unwrap();
        assert_eq!(saw.played_by, heard[2]);
    }

    #[test]
    fn a_sample_plays_in_place_of_an_instrument_and_is_no_fallback() {
        let hash = SampleHash([7; 32]);
        let score = score_with([track(&format!("sample:{hash}"), "a")]);
        assert_eq!(lower_first_scene(&score).tracks[0].sample, Some(hash));
        assert_eq!(fallbacks(&score), []);
    }

    #[test]
    fn swing_is_combined() {
        let mut score = score_with([Track { swing: 50.0, ..track("kick", "a") }]);
        score.swing = 20.0;
        assert!((lower_first_scene(&score).tracks[0].swing - 0.6).abs() < 1e-6);
    }

    #[test]
    fn settings_are_clamped_and_unknown_ones_left_out() {
        let mut track = track("synth:acid", "a");
        track.params = [("cutoff", 1e9), ("delay.wet", 0.5), ("nonsense", 1.0), ("resonance", f64::NAN)]
            .map(|(id, value)| (id.to_owned(), value))
            .into();
        track.effects = [
            ("delay.time", EffectValue::Text("1/8.".into())),
            ("delay.wet", EffectValue::Number(7.0)),
            ("filter.mode", EffectValue::Text("no such mode".into())),
            ("cutoff", EffectValue::Number(1.0)),
        ]
        .map(|(id, value)| (id.to_owned(), value))
        .into();
        let program = lower_first_scene(&score_with([track]));
        let named = |span| -> Vec<_> {
            program.settings_of(span).iter().map(|s| (s.param.get().unwrap().id, s.value)).collect()
        };
        assert_eq!(named(program.tracks[0].params), [("cutoff", parameter("cutoff").unwrap().max)]);
        assert_eq!(named(program.tracks[0].effects), [("delay.time", 9.0), ("delay.wet", 1.0)]);
    }

    #[test]
    fn wild_values_are_brought_into_their_ranges() {
        let scene = SceneId::from_random(0);
        let mut pattern = Pattern { length: 60_000, ..Pattern::default() };
        let wild = Step {
            on: true,
            pitch: Some(99),
            volume: Some(f32::NAN),
            gate_length: Some(0),
            chance: Some(255),
            ratchet: Some(0),
            nudge: Some(-128),
            notes: [(100, 1.0), (3, 9.0)].into(),
            ..Step::default()
        };
        pattern.steps.insert(0, wild);
        let mut track = track("kick", "a");
        (track.volume, track.pan, track.transpose, track.choke) = (f32::INFINITY, f32::NAN, -100, 9);
        track.patterns.insert(scene, pattern);
        let program = lower(&score_with([track]), scene);
        let (track, step) = (&program.tracks[0], &program.steps[0]);
        assert_eq!(
            (track.volume, track.pan, track.transpose, track.choke, track.steps.count),
            (1.0, 0.0, -24, 0, 128)
        );
        assert_eq!((step.pitch, step.velocity, step.gate_percent), (24, 0.7, 5));
        assert_eq!((step.chance_percent, step.ratchet, step.nudge_percent), (100, 1, -50));
        assert_eq!(program.notes_of(step), [ChordNote { pitch: 3, velocity: 1.0 }]);
    }

    #[test]
    fn pools_are_bounded() {
        let scene = SceneId::from_random(0);
        let full = Step {
            on: true,
            notes: (-24..=24).map(|pitch| (pitch, 0.5)).collect(),
            locks: crate::catalogue::PARAMETERS.iter().map(|row| (row.id.to_owned(), 0.0)).collect(),
            ..Step::default()
        };
        let pattern = Pattern { length: 128, steps: (0..128).map(|number| (number, full.clone())).collect() };
        let tracks = (0..16).map(|n| {
            let mut track = track("kick", &format!("{n:02}"));
            track.patterns.insert(scene, pattern.clone());
            track
        });
        let program = lower(&score_with(tracks), scene);
        assert_eq!(program.notes.len(), MAX_PROGRAM_NOTES);
        assert_eq!(program.settings.len(), MAX_PROGRAM_SETTINGS);
        for step in &program.steps {
            assert!(program.notes_of(step).len() <= 49 && program.settings_of(step.locks).len() <= 88);
        }
    }
}
