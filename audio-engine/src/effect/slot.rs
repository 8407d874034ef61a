//! A place in the chain: fades its effect in and out, and does nothing while it is out.

use super::lanes::{Block, Desk, Line, mask};
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
    fn render(&mut self, dry: &Block, wet: &mut Block, desk: &mut Desk, quantum: Quantum);

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

    /// Starts afresh with the settings, once cleared.
    pub(super) fn reset(&mut self, strip: usize, settings: &Settings) {
        self.aim(strip, settings);
        self.uses[strip].share.arrive();
    }

    /// Forgets all sound.
    pub(super) fn clear(&mut self, strip: usize) {
        if self.uses[strip].is_used {
            self.forget([strip == 0, strip == 1]);
            self.uses[strip].is_used = false;
        }
    }

    #[cold]
    fn forget(&mut self, strips: [bool; 2]) {
        for strip in (0..2).filter(|&strip| strips[strip]) {
            self.effect.clear(strip);
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

    /// Processes a quantum in the first of these blocks; the others are to work in, and the second may take its place.
    pub(super) fn process(&mut self, blocks: &mut [&mut Block; 3], desk: &mut Desk, quantum: Quantum) {
        let plan = Plan::of(&mut self.uses, quantum.strips);
        if plan.turned != [false; 2] {
            self.forget(plan.turned);
        }
        if plan.strips == [false; 2] {
            return;
        }
        let its = Quantum { strips: plan.strips, ..quantum };
        let [block, wet, masked] = &mut *blocks;
        self.effect.render(plan.heard(block, masked, quantum.strips), wet, desk, its);
        plan.mix(E::LAW, blocks, quantum.frames);
    }
}

/// What a slot does in a quantum.
struct Plan {
    /// Which strips use the effect.
    strips: [bool; 2],
    /// Which of them begin to or end. Beginning, too, sound is to be forgotten: meanwhile the lanes may have moved a little with the other
    /// strip's.
    turned: [bool; 2],
    /// What takes no part is silent either way.
    shares: [Ramp; 2],
}

impl Plan {
    #[inline(never)]
    fn of(uses: &mut [Use; 2], strips: [bool; 2]) -> Self {
        let mut plan = Self { strips, turned: [false; 2], shares: [Ramp { from: 1.0, to: 1.0 }; 2] };
        for (strip, its) in uses.iter_mut().enumerate().filter(|(strip, _)| strips[*strip]) {
            let share = its.share.advance();
            let is_used = !(share.is_flat() && share.to <= 0.0);
            plan.strips[strip] = is_used;
            plan.turned[strip] = is_used != core::mem::replace(&mut its.is_used, is_used);
            plan.shares[strip] = share;
        }
        plan
    }

    /// The sound of those strips that use the effect, of all that sound.
    #[inline(never)]
    fn heard<'a>(&self, block: &'a Block, masked: &'a mut Block, all: [bool; 2]) -> &'a Block {
        if self.strips == all {
            return block;
        }
        let its = mask(self.strips);
        for (masked, x) in masked.iter_mut().zip(block) {
            *masked = *x & its;
        }
        masked
    }

    /// Mixes processed sound into the dry, or puts it in its place.
    #[inline(never)]
    fn mix(&self, law: Law, blocks: &mut [&mut Block; 3], frames: usize) {
        if self.shares.iter().all(|share| share.is_flat() && share.to >= 1.0) {
            blocks.swap(0, 1);
            return;
        }
        let ends = self.shares.map(|share| [law.gains(share.from), law.gains(share.to)]);
        let [to_dry, to_wet] =
            [0, 1].map(|of| Line::beside(ends.map(|[from, to]| Ramp { from: from[of], to: to[of] })));
        let [dry, wet, _] = blocks;
        let pairs = dry[..frames].iter_mut().zip(&**wet);
        if to_wet.is_flat() {
            pairs.for_each(|(x, wet)| *x = *x * to_dry.to + *wet * to_wet.to);
        } else {
            let [mut to_dry, mut to_wet] = [to_dry, to_wet].map(|line| line.over(frames));
            pairs.for_each(|(x, wet)| *x = *x * to_dry.step() + *wet * to_wet.step());
        }
    }
}

impl Law {
    /// The gains of the dry and of the processed sound.
    fn gains(self, share: f32) -> [f32; 2] {
        match self {
            Law::Linear => [1.0 - share, share],
            Law::Power => [1.0 - share * share, share * (2.0 - share)],
        }
    }
}
