//! The slots in their order.

use super::chorus::Chorus;
use super::compressor::Compressor;
use super::delay::Delay;
use super::distortion::Distortion;
use super::eq::Eq;
use super::filter::Filter;
use super::output::Output;
use super::phaser::Phaser;
use super::reverb::Reverb;
use super::slot::Slot;
use super::trim::Trim;
use super::{Moment, Settings};
use crate::dsp::math::flushed;
use crate::scan::finite_peak;

/// A chain whose input and output stay below this, -120 dBFS, is at rest.
const INAUDIBLE: f32 = 1.0e-6;

/// Frames of rest after which the filters have rung out.
const SETTLING_FRAMES: usize = 4_800;

/// All effects of one strip, in signal order.
#[derive(Debug)]
pub(crate) struct Chain {
    settings: Settings,
    trim: Trim,
    filter: Slot<Filter>,
    distortion: Slot<Distortion>,
    eq: Slot<Eq>,
    compressor: Slot<Compressor>,
    chorus: Slot<Chorus>,
    phaser: Slot<Phaser>,
    delay: Slot<Delay>,
    reverb: Slot<Reverb>,
    output: Output,
    /// Frames for which nothing was heard.
    quiet_frames: usize,
}

/// Does the same to every slot between trim and output.
macro_rules! each_slot {
    ($chain:expr, $slot:ident => $action:expr) => {{
        let chain = $chain;
        {
            let $slot = &mut chain.filter;
            $action
        }
        {
            let $slot = &mut chain.distortion;
            $action
        }
        {
            let $slot = &mut chain.eq;
            $action
        }
        {
            let $slot = &mut chain.compressor;
            $action
        }
        {
            let $slot = &mut chain.chorus;
            $action
        }
        {
            let $slot = &mut chain.phaser;
            $action
        }
        {
            let $slot = &mut chain.delay;
            $action
        }
        {
            let $slot = &mut chain.reverb;
            $action
        }
    }};
}

impl Chain {
    /// A chain that changes nothing. Allocates all delay lines.
    pub(crate) fn new() -> Self {
        Self {
            settings: Settings::neutral(),
            trim: Trim::new(),
            filter: Slot::new(Filter::new()),
            distortion: Slot::new(Distortion::new()),
            eq: Slot::new(Eq::new()),
            compressor: Slot::new(Compressor::new()),
            chorus: Slot::new(Chorus::new()),
            phaser: Slot::new(Phaser::new()),
            delay: Slot::new(Delay::new()),
            reverb: Slot::new(Reverb::new()),
            output: Output::new(),
            quiet_frames: usize::MAX,
        }
    }

    /// Starts afresh with these settings.
    pub(crate) fn reset(&mut self, settings: &Settings) {
        self.settings.clone_from(settings);
        self.trim.aim(settings, true);
        each_slot!(&mut *self, slot => slot.reset(settings));
        self.output.aim(settings, true);
        self.quiet_frames = usize::MAX;
    }

    /// Moves to these settings.
    pub(crate) fn aim(&mut self, settings: &Settings) {
        if self.settings == *settings {
            return;
        }
        self.settings.clone_from(settings);
        self.trim.aim(settings, false);
        each_slot!(&mut *self, slot => slot.aim(settings));
        self.output.aim(settings, false);
    }

    /// Forgets all sound.
    pub(crate) fn clear(&mut self) {
        each_slot!(&mut *self, slot => slot.clear());
        self.quiet_frames = usize::MAX;
    }

    /// Whether silence in gives silence out, for as long as it lasts.
    pub(crate) fn is_idle(&self) -> bool {
        self.quiet_frames > self.memory_frames() + SETTLING_FRAMES
    }

    /// Processes up to [`crate::QUANTUM_FRAMES`] frames in place.
    pub(crate) fn process(&mut self, left: &mut [f32], right: &mut [f32], moment: Moment) {
        if self.is_transparent() {
            self.quiet_frames = usize::MAX;
            return;
        }
        let was_audible = is_audible(left, right);
        self.trim.process(left, right);
        each_slot!(&mut *self, slot => slot.process(left, right, moment));
        self.output.process(left, right);
        // A loop for each channel: one over both would go sample by sample.
        for channel in [&mut *left, &mut *right] {
            for sample in channel {
                *sample = flushed(*sample);
            }
        }
        let is_quiet = !was_audible && !is_audible(left, right);
        self.quiet_frames = if is_quiet { self.quiet_frames.saturating_add(left.len()) } else { 0 };
    }

    /// Whether every slot is out and both levels are neutral.
    fn is_transparent(&mut self) -> bool {
        let mut is_out = self.trim.is_neutral() && self.output.is_neutral();
        each_slot!(&mut *self, slot => is_out = is_out && slot.is_out());
        is_out
    }

    fn memory_frames(&self) -> usize {
        self.chorus.memory_frames() + self.delay.memory_frames() + self.reverb.memory_frames()
    }
}

fn is_audible(left: &[f32], right: &[f32]) -> bool {
    let is_quiet = |channel| finite_peak(channel).is_some_and(|peak| peak < INAUDIBLE);
    !(is_quiet(left) && is_quiet(right))
}
