//! Chains of tied steps: where a held note began, and where it ends.

use super::percent_of_step;
use super::step_clock::StepClock;
use crate::program::ProgramStep;
use crate::time::Beats;

/// A pattern's steps with their ties resolved.
#[derive(Clone, Copy)]
pub(super) struct Chains<'a> {
    /// At least one, as many as the clock says.
    steps: &'a [ProgramStep],
    clock: StepClock,
    /// Whether every step that is heard over and over is active and tied: its first step then attacks.
    endless: bool,
}

impl<'a> Chains<'a> {
    pub(super) fn of(steps: &'a [ProgramStep], clock: StepClock) -> Self {
        let (first, count) = clock.repeated();
        let tied = |number: i64| {
            let step = &steps[number.rem_euclid(clock.length()) as usize];
            step.on && step.tie
        };
        Self { steps, clock, endless: (first..first + count).all(tied) }
    }

    pub(super) fn clock(&self) -> &StepClock {
        &self.clock
    }

    /// The step that is heard at a linear step.
    pub(super) fn step(&self, linear: i64) -> &'a ProgramStep {
        &self.steps[usize::from(self.clock.local(linear))]
    }

    /// Whether a linear step holds the note of the one before it.
    fn holds(&self, linear: i64) -> bool {
        let step = self.step(linear);
        step.on
            && step.tie
            && !self.clock.is_start(linear)
            && self.step(linear - 1).on
            && !(self.endless && self.clock.is_top(linear))
    }

    /// The longest chain in linear steps. A loop region's seam may join two stretches of a pattern, each shorter than
    /// the pattern; where all is tied, the top of the loop ends the chain. What is played once may be tied throughout.
    fn longest(&self) -> i64 {
        self.clock.heard_once() + 2 * self.clock.length()
    }

    /// The linear step whose note sounds at an active linear step.
    pub(super) fn head(&self, linear: i64) -> i64 {
        let mut head = linear;
        while head > linear - self.longest() && self.holds(head) {
            head -= 1;
        }
        head
    }

    /// Where a step starts: its place on the grid, nudged, never ahead of the start of playback.
    pub(super) fn start(&self, linear: i64) -> Beats {
        let nudged = self.clock.grid(linear) + Beats(percent_of_step(self.step(linear).nudge_percent.into()));
        if self.clock.is_start(linear) { nudged.max(Beats::from_steps(linear)) } else { nudged }
    }

    /// The share of a step's slot in which it sounds; all of it when the next step holds its note.
    pub(super) fn gated_slot(&self, linear: i64) -> Beats {
        let slot = self.clock.grid(linear + 1) - self.clock.grid(linear);
        if self.holds(linear + 1) {
            slot
        } else {
            Beats(slot.0 * i64::from(self.step(linear).gate_percent) / 100)
        }
    }

    /// When one repetition of a step's ratchet starts, counted from 0.
    pub(super) fn repetition(&self, linear: i64, repetition: u8) -> Beats {
        let repetitions = i64::from(self.step(linear).ratchet.max(1));
        self.start(linear) + Beats(self.gated_slot(linear).0 * i64::from(repetition) / repetitions)
    }

    /// When the note that sounds at a linear step is released.
    pub(super) fn end(&self, linear: i64) -> Beats {
        let mut last = linear;
        while last < linear + self.longest() && self.holds(last + 1) {
            last += 1;
        }
        self.start(last) + self.gated_slot(last)
    }
}
