//! A program made ready for the audio thread: strips assigned, gains computed, effect settings laid out.

use arrayvec::ArrayVec;
use score::Program;
use score::id::TrackId;
use score::program::{ProgramTrack, Span};
use score::track::{DEFAULT_VOLUME, MAX_TRACKS};

use crate::ears::PrivateMix;
use crate::effect::{Overrides, Settings, is_effect};
use crate::metronome::Count;
use crate::sample::{Sample, Samples};

/// Mixer strips: one for each track that can play.
pub(crate) const STRIPS: usize = MAX_TRACKS;

/// The owner of each strip.
pub(crate) type Owners = [Option<TrackId>; STRIPS];

/// Gain of the left and the right channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gains {
    pub(crate) left: f32,
    pub(crate) right: f32,
}

/// What a strip is to do.
#[derive(Clone, Debug)]
pub(crate) struct StripPlan {
    pub(crate) owner: TrackId,
    pub(crate) gains: Gains,
    pub(crate) effects: Settings,
    /// What this player has set differently; it also stands over locks.
    pub(crate) own_effects: Overrides,
    /// Whether a step of the track locks an effect parameter.
    pub(crate) locks_effects: bool,
}

/// A program with all that the audio thread would otherwise have to search or compute for it.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) program: Program,
    /// The recording of each track of the program that plays one, if it is at hand.
    pub(crate) samples: ArrayVec<Option<Sample>, MAX_TRACKS>,
    /// The strip of each track of the program.
    pub(crate) strip_of_track: ArrayVec<u8, MAX_TRACKS>,
    pub(crate) strips: [Option<StripPlan>; STRIPS],
    pub(crate) master: Settings,
    /// This player's own gain for each strip.
    pub(crate) ears: [f32; STRIPS],
}

impl Prepared {
    /// Prepares `program`. Tracks keep the strips that `owners` gives them, others take free ones, so that what sounds
    /// goes on where it is however the players reorder the tracks; `owners` is updated.
    pub(crate) fn new(
        mut program: Program,
        owners: &mut Owners,
        private: &PrivateMix,
        recordings: &Samples,
    ) -> Self {
        keep_playable(&mut program);
        for track in &mut program.tracks {
            if let Some(instrument) = private.instrument(track.id) {
                (track.instrument, track.sample) = (instrument, None);
            }
        }
        let ids: ArrayVec<TrackId, MAX_TRACKS> = program.tracks.iter().map(|track| track.id).collect();
        let strip_of_track: ArrayVec<u8, MAX_TRACKS> = assign(&ids, owners);
        let mut strips = [const { None }; STRIPS];
        for (track, &strip) in program.tracks.iter().zip(&strip_of_track) {
            strips[usize::from(strip)] = Some(plan(&program, track, private.effects(track.id)));
        }
        let mut master = settings(&program, program.master);
        private.master().apply(&mut master);
        let ears = private.gains(owners, &ids);
        let recording = |track: &ProgramTrack| track.sample.and_then(|hash| recordings.get(&hash).cloned());
        let samples = program.tracks.iter().map(recording).collect();
        Self { program, samples, strip_of_track, strips, master, ears }
    }

    /// What the metronome counts by.
    pub(crate) fn count(&self) -> Count {
        Count { meter: self.program.meter, loop_region: self.program.loop_region }
    }
}

/// Leaves out what the audio thread could not play without checking: tracks past the limit, tracks that share an id, and
/// spans that reach outside of their pools.
fn keep_playable(program: &mut Program) {
    let (steps, notes, settings) = (&program.steps, program.notes.len(), program.settings.len());
    let fits = |span: Span, pool: usize| span.indices().end <= pool;
    let is_playable = |track: &ProgramTrack| {
        fits(track.params, settings)
            && fits(track.effects, settings)
            && steps.get(track.steps.indices()).is_some_and(|steps| {
                !steps.is_empty()
                    && steps.iter().all(|step| fits(step.notes, notes) && fits(step.locks, settings))
            })
    };
    let mut seen: ArrayVec<TrackId, MAX_TRACKS> = ArrayVec::new();
    let mut is_first = |id| !seen.contains(&id) && seen.try_push(id).is_ok();
    program.tracks.retain(|track| is_playable(track) && is_first(track.id));
}

/// Gives each track a strip: its own, else one that nobody has used, else one whose owner is gone.
fn assign(tracks: &[TrackId], owners: &mut Owners) -> ArrayVec<u8, MAX_TRACKS> {
    let own = |owners: &Owners, id| owners.iter().position(|owner| *owner == Some(id));
    for &id in tracks {
        if own(owners, id).is_none() {
            let unused = owners.iter().position(Option::is_none);
            let left = || owners.iter().position(|owner| owner.is_some_and(|gone| !tracks.contains(&gone)));
            if let Some(strip) = unused.or_else(left) {
                owners[strip] = Some(id);
            }
        }
    }
    tracks.iter().filter_map(|&id| own(owners, id)).map(|strip| strip as u8).collect()
}

fn plan(program: &Program, track: &ProgramTrack, own_effects: Overrides) -> StripPlan {
    let volume = if track.mute { 0.0 } else { finite(track.volume, DEFAULT_VOLUME).clamp(0.0, 1.0) };
    let pan = pan_gains(finite(track.pan, 0.0));
    let fader = volume / DEFAULT_VOLUME;
    let mut effects = settings(program, track.effects);
    own_effects.apply(&mut effects);
    StripPlan {
        owner: track.id,
        gains: Gains { left: fader * pan.left, right: fader * pan.right },
        effects,
        own_effects,
        locks_effects: program
            .steps_of(track)
            .iter()
            .any(|step| program.settings_of(step.locks).iter().any(|lock| is_effect(lock.param))),
    }
}

fn settings(program: &Program, span: Span) -> Settings {
    let mut settings = Settings::neutral();
    for &setting in program.settings.get(span.indices()).unwrap_or_default() {
        settings.set(setting);
    }
    settings
}

fn finite(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() { value } else { otherwise }
}

/// Constant-power panning: `sqrt 2 * (cos a, sin a)` with `a` from 0 (left) to half pi (right), so that the centre is unity.
pub(crate) fn pan_gains(pan: f32) -> Gains {
    if pan == 0.0 {
        return Gains { left: 1.0, right: 1.0 };
    }
    let angle = (pan.clamp(-1.0, 1.0) + 1.0) * core::f32::consts::FRAC_PI_4;
    let root = core::f32::consts::SQRT_2;
    Gains { left: (root * libm::cosf(angle)).max(0.0), right: root * libm::sinf(angle) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids<const N: usize>(numbers: [u64; N]) -> [TrackId; N] {
        numbers.map(TrackId::from_random)
    }

    #[test]
    fn tracks_keep_their_strips_when_others_come_go_and_move() {
        let mut owners = [None; STRIPS];
        assert_eq!(assign(&ids([1, 2, 3]), &mut owners).as_slice(), [0, 1, 2]);
        assert_eq!(assign(&ids([3, 9, 1]), &mut owners).as_slice(), [2, 3, 0]);
        assert_eq!(
            assign(&ids([2, 1]), &mut owners).as_slice(),
            [1, 0],
            "an undone deletion returns to its strip"
        );
    }

    #[test]
    fn a_full_mixer_reuses_the_strips_of_tracks_that_are_gone() {
        let mut owners = [None; STRIPS];
        let first: Vec<TrackId> = (0..16).map(TrackId::from_random).collect();
        let second: Vec<TrackId> = (10..26).map(TrackId::from_random).collect();
        assign(&first, &mut owners);
        let strips = assign(&second, &mut owners);
        assert_eq!(strips[..6], [10, 11, 12, 13, 14, 15]);
        let mut all = strips.to_vec();
        all.sort_unstable();
        assert_eq!(all, (0..16).collect::<Vec<u8>>());
    }

    #[test]
    fn panning_keeps_the_power() {
        for pan in [-1.0f32, -0.3, 0.0, 0.7, 1.0] {
            let Gains { left, right } = pan_gains(pan);
            assert!((left * left + right * right - 2.0).abs() < 1e-5, "at {pan}");
        }
        assert!(pan_gains(-1.0).right < 1e-6);
    }
}
