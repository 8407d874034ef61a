//! The mixer: one strip per track, summed into the master.
//!
//! A strip runs `bus -> effects -> fader and pan -> meter -> my ears -> master`. The fader stands after the effects, so that muting a
//! track silences its echoes too.

mod declick;
mod master;
mod strip;
mod strips;

pub(crate) use master::Master;
pub(crate) use strips::Strips;

use crate::effect::Stereo;
use crate::scan::finite_peak;
use crate::smooth::QUANTUM_FRAMES;

/// A stereo buffer of one quantum.
#[derive(Clone, Debug)]
pub(crate) struct Bus {
    pub(crate) left: [f32; QUANTUM_FRAMES],
    pub(crate) right: [f32; QUANTUM_FRAMES],
    /// Nothing was written: all samples are zero.
    pub(crate) is_silent: bool,
}

impl Bus {
    pub(crate) const fn silent() -> Self {
        Self { left: [0.0; QUANTUM_FRAMES], right: [0.0; QUANTUM_FRAMES], is_silent: true }
    }

    /// Both channels.
    pub(crate) fn stereo(&mut self) -> Stereo<'_> {
        [&mut self.left, &mut self.right]
    }

    /// Makes every sample zero.
    pub(crate) fn clear(&mut self) {
        if !self.is_silent {
            *self = Self::silent();
        }
    }

    /// The largest magnitude of the first `frames` frames; `None` when one is not a number.
    pub(crate) fn peak(&self, frames: usize) -> Option<f32> {
        if self.is_silent {
            return Some(0.0);
        }
        Some(finite_peak(&self.left[..frames])?.max(finite_peak(&self.right[..frames])?))
    }
}
