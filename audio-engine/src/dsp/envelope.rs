//! Envelopes that move once per chunk.

use super::math::exp2;
use super::{Block, CHUNK_SECONDS, ramp};

/// Below this (-80 dB) an envelope is over: its last chunk is a straight line to silence.
const OVER: f32 = 1e-4;

/// Below this (-60 dB) an envelope falls three times as fast: nobody hears the end of such a tail in music, and many of the voices
/// that are reckoned at a time are nothing else.
const FAINT: f32 = 1e-3;

/// What a fall leaves of a level in one chunk.
#[inline]
fn fallen(level: f32, fall: f32) -> f32 {
    if level < FAINT { level * (fall * fall * fall) } else { level * fall }
}

/// The factor per chunk of an exponential fall by 40 dB in `seconds`.
pub(crate) fn fall_per_chunk(seconds: f32) -> f32 {
    exp2(-6.643_856 * CHUNK_SECONDS / seconds.max(0.000_5))
}

/// Attack, decay, sustain and release; times in seconds, the sustain from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Adsr {
    pub(crate) attack: f32,
    pub(crate) decay: f32,
    pub(crate) sustain: f32,
    pub(crate) release: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Attack,
    Decay,
    Release,
    Over,
}

/// A running [`Adsr`]: the attack is straight, decay and release fall exponentially (40 dB in their time, until they are faint).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Envelope {
    stage: Stage,
    level: f32,
    rise: f32,
    decay: f32,
    sustain: f32,
    release: f32,
}

impl Envelope {
    /// An envelope at its very beginning.
    pub(crate) fn started(adsr: Adsr) -> Self {
        Self {
            stage: Stage::Attack,
            level: 0.0,
            rise: CHUNK_SECONDS / adsr.attack.max(CHUNK_SECONDS),
            decay: fall_per_chunk(adsr.decay),
            sustain: adsr.sustain.clamp(0.0, 1.0),
            release: fall_per_chunk(adsr.release),
        }
    }

    /// Lets go.
    pub(crate) fn release(&mut self) {
        if self.stage != Stage::Over {
            self.stage = Stage::Release;
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// Moves one chunk on and returns the level before and after.
    pub(crate) fn step(&mut self) -> (f32, f32) {
        let from = self.level;
        match self.stage {
            Stage::Attack => {
                self.level += self.rise;
                if self.level >= 1.0 {
                    self.level = 1.0;
                    self.stage = Stage::Decay;
                }
            }
            Stage::Decay => {
                self.level = self.sustain + fallen(self.level - self.sustain, self.decay);
                if self.level < OVER {
                    self.end();
                }
            }
            Stage::Release => {
                self.level = fallen(self.level, self.release);
                if self.level < OVER {
                    self.end();
                }
            }
            Stage::Over => {}
        }
        (from, self.level)
    }

    /// One chunk of it, frame by frame.
    pub(crate) fn block(&mut self) -> Block {
        let (from, to) = self.step();
        ramp(from, to)
    }

    fn end(&mut self) {
        self.level = 0.0;
        self.stage = Stage::Over;
    }
}

/// A strike: a short rise, then an exponential fall that nothing holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strike {
    level: f32,
    peak: f32,
    rise: f32,
    fall: f32,
    rising: bool,
}

impl Strike {
    /// A strike that rises to `peak` in `attack` seconds (one chunk at least) and falls by 40 dB in `decay` seconds.
    pub(crate) fn new(peak: f32, attack: f32, decay: f32) -> Self {
        let rise = peak * CHUNK_SECONDS / attack.max(CHUNK_SECONDS);
        Self { level: 0.0, peak, rise, fall: fall_per_chunk(decay), rising: peak > 0.0 }
    }

    /// One that never sounds.
    pub(crate) const SILENT: Self = Self { level: 0.0, peak: 0.0, rise: 0.0, fall: 0.0, rising: false };

    /// Strikes again from where it stands.
    pub(crate) fn again(&mut self) {
        self.rising = self.peak > 0.0;
    }

    pub(crate) fn is_over(&self) -> bool {
        !self.rising && self.level == 0.0
    }

    /// Moves one chunk on and returns the level before and after.
    pub(crate) fn step(&mut self) -> (f32, f32) {
        let from = self.level;
        if self.rising {
            self.level += self.rise;
            if self.level >= self.peak {
                self.level = self.peak;
                self.rising = false;
            }
        } else {
            self.level = fallen(self.level, self.fall);
            if self.level < OVER {
                self.level = 0.0;
            }
        }
        (from, self.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many chunks last this long.
    fn chunks(seconds: f32) -> usize {
        (seconds / CHUNK_SECONDS).round() as usize
    }

    #[test]
    fn an_envelope_rises_holds_and_ends() {
        let mut envelope = Envelope::started(Adsr { attack: 0.01, decay: 0.1, sustain: 0.5, release: 0.05 });
        for _ in 0..=chunks(0.01) {
            envelope.step();
        }
        assert!((envelope.level - 1.0).abs() < 0.05);
        for _ in 0..chunks(1.0) {
            envelope.step();
        }
        assert!((envelope.level - 0.5).abs() < 1e-3);
        envelope.release();
        for _ in 0..chunks(0.05) {
            envelope.step();
        }
        assert!((envelope.level - 0.005).abs() < 1e-3, "40 dB in the release time");
        for _ in 0..chunks(0.15) {
            envelope.step();
        }
        assert!(envelope.is_over());
    }

    #[test]
    fn a_strike_falls_by_forty_decibels_in_its_time() {
        let mut strike = Strike::new(1.0, 0.0, 0.1);
        for _ in 0..=chunks(0.1) {
            strike.step();
        }
        assert!((strike.level - 0.01).abs() < 1e-3, "{}", strike.level);
    }
}
