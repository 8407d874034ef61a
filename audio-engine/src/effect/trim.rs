//! Level into the chain.

use super::lanes::{Block, Dial, Quiet};
use super::{Knob, Quantum, Settings};
use crate::dsp::math::gain;

/// The trim.
#[derive(Debug)]
pub(super) struct Trim {
    on: Knob,
    level: Knob,
    gain: Dial,
}

impl Trim {
    pub(super) fn new() -> Self {
        Self { on: Knob::named("trim.on"), level: Knob::named("trim.gain"), gain: Dial::at(1.0) }
    }

    pub(super) fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) {
        let target = if settings.is_on(self.on) { gain(settings.get(self.level)) } else { 1.0 };
        self.gain.go(strip, target, at_once);
    }

    pub(super) fn is_neutral(&self, strip: usize) -> bool {
        self.gain.rests_at(strip, 1.0)
    }

    /// Takes the sound in, and tells of which strips it was inaudible.
    pub(super) fn process(&mut self, block: &mut Block, quantum: Quantum) -> [bool; 2] {
        let mut gains = self.gain.advance(quantum.strips).over(quantum.frames);
        let mut quiet = Quiet::new();
        for x in &mut block[..quantum.frames] {
            quiet.hear(*x);
            *x *= gains.step();
        }
        quiet.strips()
    }
}
