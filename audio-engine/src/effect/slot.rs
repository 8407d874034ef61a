//! A place in the chain: fades its effect in and out, and does nothing while it is out.

use wide::f32x4;

use super::lanes::{Block, Line, mask};
use super::{Quantum, Settings};
use crate::smooth::{Ramp, Smooth};

/// Something that changes the sound of two strips.
pub(super) trait Effect {
    /// How dry and processed sound share the output.
    const LAW: Law = Law::Linear;

    /// Follows one strip's settings, `at_once` when nothing of the effect is heard; gives the effect's share of the output, 0..=1: 0
    /// switches it off.
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32;

    /// Processes the strips of the quantum; the others are silent.
    fn render(&mut self, dry: &Block, wet: &mut Block, quantum: Quantum);

    /// Forgets all sound of one strip.
    fn clear(&mut self, strip: usize);

    /// Frames for which the effect may be silent before it sounds again by itself.
    fn memory_frames(&self, _strip: usize) -> usize {
        0
    }
}

/// How dry and processed sound share the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// `1 - wet` and `wet`: for sounds that are much alike.
    Linear,
    /// `1 - wet^2` and `1 - (1 - wet)^2`, close to constant power: for sounds that are not.
    Power,
}

/// An effect and its share of either strip's output.
#[derive(Debug)]
pub(super) struct Slot<E> {
    effect: E,
    uses: [Use; 2],
}

/// How one strip uses an effect.
#[derive(Clone, Copy, Debug)]
struct Use {
    share: Smooth,
    /// The effect holds sound or moving values.
    is_used: bool,
}

impl<E: Effect> Slot<E> {
    pub(super) fn new(effect: E) -> Self {
        Self { effect, uses: [Use { share: Smooth::at(0.0), is_used: false }; 2] }
    }

    /// Follows the settings.
    pub(super) fn aim(&mut self, strip: usize, settings: &Settings) {
        let share = self.effect.aim(strip, settings, !self.uses[strip].is_used);
        self.uses[strip].share.aim(share);
    }

    /// Starts afresh with the settings.
    pub(super) fn reset(&mut self, strip: usize, settings: &Settings) {
        self.clear(strip);
        let share = Smooth::at(self.effect.aim(strip, settings, true));
        self.uses[strip].share = share;
    }

    /// Forgets all sound.
    pub(super) fn clear(&mut self, strip: usize) {
        if self.uses[strip].is_used {
            self.effect.clear(strip);
            self.uses[strip].is_used = false;
        }
    }

    /// Whether the slot changes nothing and will not until it is told to.
    pub(super) fn is_out(&self, strip: usize) -> bool {
        !self.uses[strip].is_used && self.uses[strip].share.rests_at(0.0)
    }

    /// Frames for which the slot may be silent before it sounds again by itself.
    pub(super) fn memory_frames(&self, strip: usize) -> usize {
        if self.uses[strip].is_used { self.effect.memory_frames(strip) } else { 0 }
    }

    /// Processes a quantum in the first of these blocks; the other is one to work in, and may take its place.
    pub(super) fn process(&mut self, blocks: &mut [&mut Block; 2], quantum: Quantum) {
        let mut strips = quantum.strips;
        // What takes no part is silent either way.
        let mut shares = [Ramp { from: 1.0, to: 1.0 }; 2];
        for strip in (0..2).filter(|&strip| quantum.strips[strip]) {
            let share = self.uses[strip].share.advance();
            strips[strip] = !(share.is_flat() && share.to <= 0.0);
            if strips[strip] != self.uses[strip].is_used {
                // Entering, too: meanwhile the lanes may have moved a little with the other strip's.
                self.effect.clear(strip);
                self.uses[strip].is_used = strips[strip];
            }
            shares[strip] = share;
        }
        if strips == [false; 2] {
            return;
        }
        let [block, wet] = &mut *blocks;
        if strips == quantum.strips {
            self.effect.render(block, wet, quantum);
        } else {
            let its = mask(strips);
            self.effect.render(&block.map(|x| x & its), wet, Quantum { strips, ..quantum });
        }
        if shares.iter().all(|share| share.is_flat() && share.to >= 1.0) {
            blocks.swap(0, 1);
        } else {
            E::LAW.mix(Line::beside(shares), &mut block[..quantum.frames], wet);
        }
    }
}

impl Law {
    /// Mixes processed sound into the dry.
    fn mix(self, shares: Line, dry: &mut [f32x4], wet: &Block) {
        let (mut steps, is_flat) = (shares.over(dry.len()), shares.is_flat());
        let mut gains = self.gains(shares.to);
        for (x, wet) in dry.iter_mut().zip(wet) {
            if !is_flat {
                gains = self.gains(steps.step());
            }
            *x = *x * gains[0] + *wet * gains[1];
        }
    }

    /// The gains of the dry and of the processed sound.
    #[inline]
    fn gains(self, share: f32x4) -> [f32x4; 2] {
        let one = f32x4::ONE;
        match self {
            Law::Linear => [one - share, share],
            Law::Power => [one - share * share, share * (one + one - share)],
        }
    }
}
