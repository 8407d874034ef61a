//! The chain of effects of a track, and of the master.
//!
//! Every chain has the same slots in the same order (those of [`score::catalogue::EffectSlot`]), so that two players who
//! each switch something on cannot conflict. A slot that changes nothing costs nothing: its place in the chain is
//! crossfaded in when it is switched on and out again when it is switched off.
//!
//! All state and every delay line is allocated with the chain. Parameters are read once per quantum, where targets move
//! by [`crate::smooth::Smooth`]; whatever needs a logarithm, a power or a tangent happens there and never per sample.

mod chain;
mod chorus;
mod compressor;
mod delay;
mod delay_line;
mod distortion;
mod eq;
mod filter;
mod lfo;
mod one_pole;
mod output;
mod phaser;
mod reverb;
mod settings;
mod slot;
mod svf;
mod trim;

pub(crate) use chain::Chain;
use settings::Knob;
pub(crate) use settings::{Overrides, Settings, is_effect};

use score::time::Tempo;

/// What an effect knows about the quantum that it processes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The tempo that synced times follow.
    pub(crate) tempo: Tempo,
}

#[cfg(test)]
mod tests;
