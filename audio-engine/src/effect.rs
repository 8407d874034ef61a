//! The chain of effects of a track, and of the master.
//!
//! Every chain has the same slots in the same order (those of [`score::catalogue::EffectSlot`]), so that two players who
//! each switch something on cannot conflict. A slot that changes nothing costs nothing: its place in the chain is
//! crossfaded in when it is switched on and out again when it is switched off.
//!
//! Two strips go through their effects side by side (see [`lanes`]): most effects wait for what they put out a frame before, and wait no
//! longer for four channels than for one.
//!
//! All state and every delay line is allocated with the chain. Parameters are read once per quantum, where targets move
//! by [`crate::smooth::Smooth`]; whatever needs a logarithm, a power or a tangent happens there and never per sample.

mod chain;
mod chorus;
mod compressor;
mod delay;
mod delay_line;
mod diffuser;
mod distortion;
mod eq;
mod filter;
mod glide;
mod lanes;
mod lfo;
mod output;
mod phaser;
mod reverb;
mod room;
mod settings;
mod slot;
mod svf;
mod trim;

pub(crate) use chain::{Chain, Stereo};
pub(crate) use lanes::Bench;
use settings::Knob;
pub(crate) use settings::{Overrides, Settings, is_effect};

use score::time::Tempo;

/// When a quantum is played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The tempo that synced times follow.
    pub(crate) tempo: Tempo,
}

/// What an effect knows about the quantum that it processes.
#[derive(Clone, Copy, Debug)]
struct Quantum {
    /// Which of the two strips it is for.
    strips: [bool; 2],
    /// Its length, at most [`crate::smooth::QUANTUM_FRAMES`].
    frames: usize,
    tempo: Tempo,
}

#[cfg(test)]
mod tests;
