//! Vibrato and tremolo for the engines without a modulation section of their own.

use super::tweaks::{Tweaks, share};
use crate::dsp::oscillator::sine_at;
use crate::dsp::{Block, CHUNK, CHUNK_SECONDS, SAMPLE_RATE, ramp};

/// How a note sways.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sway {
    /// Hertz.
    pub(super) rate: f32,
    /// Semitones to each side.
    pub(super) vibrato: f32,
    /// Share of the level.
    pub(super) tremolo: f32,
    /// Whether the tremolo moves from side to side.
    pub(super) stereo: bool,
}

/// No sway.
pub(super) const STEADY: Sway = Sway { rate: 5.5, vibrato: 0.0, tremolo: 0.0, stereo: false };

/// A running [`Sway`]. Its phase is that of the song, so that the notes of a chord sway together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Swaying {
    sway: Sway,
    grown: f32,
    sine: f32,
    gains: [f32; 2],
}

impl Swaying {
    pub(super) fn new(sway: Sway, tweaks: &Tweaks) -> Self {
        let sway = Sway {
            vibrato: (sway.vibrato + tweaks.vibrato()).max(0.0),
            tremolo: share(sway.tremolo, tweaks.tremolo()),
            ..sway
        };
        Self { sway, grown: 0.0, sine: 0.0, gains: [1.0; 2] }
    }

    /// Moves on to the chunk that begins at `frame` of the song; returns the pitch's offset in semitones.
    pub(super) fn step(&mut self, frame: u64) -> f32 {
        let step = (self.sway.rate * (4_294_967_296.0 / SAMPLE_RATE)) as u64;
        self.sine = sine_at(frame.wrapping_add(CHUNK as u64).wrapping_mul(step) as u32);
        // A tenth of a second until it is at full depth: a note's attack is its own.
        self.grown = (self.grown + 10.0 * CHUNK_SECONDS).min(1.0);
        self.sine * self.sway.vibrato * self.grown
    }

    /// Applies the tremolo to the chunk.
    pub(super) fn tremble(&mut self, left: &mut Block, right: &mut Block) {
        if self.sway.tremolo == 0.0 {
            return;
        }
        let depth = 0.5 * self.sway.tremolo * self.grown;
        let other = if self.sway.stereo { -self.sine } else { self.sine };
        let to = [1.0 - depth * (1.0 - self.sine), 1.0 - depth * (1.0 - other)];
        let from = std::mem::replace(&mut self.gains, to);
        for (x, g) in left.iter_mut().zip(ramp(from[0], to[0])) {
            *x *= g;
        }
        for (x, g) in right.iter_mut().zip(ramp(from[1], to[1])) {
            *x *= g;
        }
    }
}
