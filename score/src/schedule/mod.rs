//! From a program and a stretch of musical time to the notes that begin in it.
//!
//! # Which step is heard
//! Steps are counted from the start of the song, one by one for as long as it plays: the *linear* step. Without a loop
//! region a track's own step is the linear step modulo the pattern's length (polymeter). With a loop region, linear steps
//! up to the region's last are heard as they are, and those past it are folded into the region before the modulo. The
//! transport starts at the region's first step, as it does at 0 without one.
//!
//! A pattern's *loop count*, which conditions and chance go by, is the linear step divided by the pattern's length.
//!
//! # When it is heard
//! The *grid* of a track is every step's nominal start, odd steps of the pattern delayed by half a step times the swing. A
//! step's slot reaches from its place on the grid to the next step's. Nudge moves a step by a share of a nominal step; gate
//! is a share of the slot; ratchet divides the gated slot. Nothing is heard before the first step of the song or of a loop
//! region that is entered for the first time: notes nudged ahead of it play on it.
//!
//! # Ties
//! An active step with a tie continues the note of the step before it, if that is active; together they are a *chain*. Its
//! head decides on chance and condition for the whole chain, and its note sounds until the gate of the last step ends. A
//! tied step with another pitch, or with locks of its own, emits a slide. A tied step after a silent one is an attack; so
//! is one at the very start. In a loop where every step is tied the first step attacks, once per loop. Chords are held by
//! ties, and do not slide.

mod chain;
mod step_clock;

use core::ops::Range;

use crate::chance::{happens, moment_hash, note_seed};
use crate::program::{ChordNote, Program, ProgramStep, Span};
use crate::time::{Beats, STEP};
use chain::Chains;
use step_clock::StepClock;

/// What an onset does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnsetKind {
    /// A note starts.
    Attack,
    /// A note that is held moves to a pitch, or takes over the locks of a tied step, without starting again.
    Slide,
}

/// A note that begins, or a held one that changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Onset {
    /// Index of the track in [`Program::tracks`]. Muted tracks have onsets too: muting is a matter of gain.
    pub track: u8,
    /// When, from the start of the song; never negative.
    pub at: Beats,
    /// From `at` until the note is released, ties included; at least one micro-beat.
    pub length: Beats,
    /// Semitones from the instrument's base note, the track's transposition included (-48..=48).
    pub pitch: i16,
    /// 0..=1.
    pub velocity: f32,
    /// Whether a note starts or a held one changes.
    pub kind: OnsetKind,
    /// The step of the track's pattern, from 0.
    pub step: u16,
    /// Seeds all that the note leaves to chance. Differs for each note of a chord, repetition of a ratchet, and loop; a
    /// slide carries the seed of the note that it moves.
    pub seed: u64,
    /// The step's parameter locks in [`Program::settings`].
    pub locks: Span,
}

/// Steps before a range whose onsets may reach into it: a slot swung and nudged late, and its last ratchet.
const STEPS_BEFORE: i64 = 3;
/// Steps after a range whose onsets may reach into it: half a step nudged early.
const STEPS_AFTER: i64 = 1;

/// Gives every onset with `range.start <= at < range.end` to `sink`: track by track, and in each track in the order of steps.
///
/// Each onset falls into exactly one of any consecutive ranges. Nudges and ratchets may put onsets of neighbouring steps out
/// of order in time; a slide always comes after the attack that it belongs to when both are in one range.
///
/// Real-time safe: allocates nothing, never panics, and takes time bounded by the length of the range.
pub fn schedule(program: &Program, range: Range<Beats>, sink: &mut impl FnMut(Onset)) {
    let first = range.start.step().saturating_sub(STEPS_BEFORE).max(0);
    let last = Beats(range.end.0.saturating_sub(1)).step().saturating_add(STEPS_AFTER);
    if range.start >= range.end {
        return;
    }
    for (index, track) in program.tracks.iter().enumerate() {
        let steps = program.steps.get(track.steps.indices()).unwrap_or(&[]);
        let Some(clock) = StepClock::for_pattern(program.loop_region, steps.len(), track.swing) else {
            continue;
        };
        let player = Player {
            program,
            track: index as u8,
            transpose: i16::from(track.transpose),
            chains: Chains::of(steps, clock),
        };
        for linear in first..=last {
            player.play(linear, &mut |onset| {
                if range.contains(&onset.at) {
                    sink(onset);
                }
            });
        }
    }
}

/// One track while its onsets are listed.
struct Player<'a> {
    program: &'a Program,
    track: u8,
    transpose: i16,
    chains: Chains<'a>,
}

impl Player<'_> {
    /// Emits the onsets of one linear step.
    fn play(&self, linear: i64, sink: &mut impl FnMut(Onset)) {
        let step = self.chains.step(linear);
        if !step.on {
            return;
        }
        let head = self.chains.head(linear);
        let Some(moment) = self.moment(head) else { return };
        if head == linear {
            self.attack(linear, step, moment, sink);
        } else {
            self.slide(linear, step, head, moment, sink);
        }
    }

    /// The hash of a chain's moment, if its head plays in this loop.
    fn moment(&self, head: i64) -> Option<u64> {
        let clock = self.chains.clock();
        let step = self.chains.step(head);
        let loop_count = clock.loop_count(head);
        let id = self.program.tracks.get(usize::from(self.track))?.id;
        let moment = moment_hash(self.program.seed, id, clock.local(head), loop_count);
        let in_this_loop = step.condition.is_none_or(|condition| condition.holds_in(loop_count));
        (in_this_loop && happens(moment, step.chance_percent)).then_some(moment)
    }

    /// Emits the attacks of a step: every note of its chord in every repetition of its ratchet.
    fn attack(&self, linear: i64, step: &ProgramStep, moment: u64, sink: &mut impl FnMut(Onset)) {
        let end = self.chains.end(linear);
        let repetitions = step.ratchet.max(1);
        for repetition in 0..repetitions {
            let at = self.chains.repetition(linear, repetition);
            let last = repetition + 1 == repetitions;
            let until = if last { end } else { self.chains.repetition(linear, repetition + 1) };
            self.each_note(step, |note| {
                sink(Onset {
                    track: self.track,
                    at,
                    length: Beats((until.0 - at.0).max(1)),
                    pitch: i16::from(note.pitch) + self.transpose,
                    velocity: note.velocity,
                    kind: OnsetKind::Attack,
                    step: self.chains.clock().local(linear),
                    seed: note_seed(moment, repetition, note.pitch),
                    locks: step.locks,
                });
            });
        }
    }

    /// Emits what a tied step changes in the note that it holds.
    fn slide(&self, linear: i64, step: &ProgramStep, head: i64, moment: u64, sink: &mut impl FnMut(Onset)) {
        let head_step = self.chains.step(head);
        if head_step.notes.count > 0 || step.notes.count > 0 {
            return;
        }
        let before = self.chains.step(linear - 1);
        if step.pitch == before.pitch && before.notes.count == 0 && step.locks.count == 0 {
            return;
        }
        let last_repetition = head_step.ratchet.max(1) - 1;
        // Nudges may put a step ahead of the one that it holds; a note is not moved before it starts.
        let at = self.chains.start(linear).max(self.chains.repetition(head, last_repetition));
        sink(Onset {
            track: self.track,
            at,
            length: Beats((self.chains.end(linear).0 - at.0).max(1)),
            pitch: i16::from(step.pitch) + self.transpose,
            velocity: step.velocity,
            kind: OnsetKind::Slide,
            step: self.chains.clock().local(linear),
            seed: note_seed(moment, last_repetition, head_step.pitch),
            locks: step.locks,
        });
    }

    fn each_note(&self, step: &ProgramStep, mut play: impl FnMut(ChordNote)) {
        match self.program.notes.get(step.notes.indices()) {
            Some(notes) if !notes.is_empty() => notes.iter().copied().for_each(play),
            _ => play(ChordNote { pitch: step.pitch, velocity: step.velocity }),
        }
    }
}

/// A share of a nominal step, from percent.
const fn percent_of_step(percent: i64) -> i64 {
    STEP.0 * percent / 100
}

#[cfg(test)]
mod tests;
