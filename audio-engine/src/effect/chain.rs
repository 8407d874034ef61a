//! The slots in their order, for two strips.

use core::array::from_fn;

use super::chorus::Chorus;
use super::compressor::Compressor;
use super::delay::Delay;
use super::distortion::Distortion;
use super::eq::Eq;
use super::filter::Filter;
use super::lanes::{Bench, Channels, SILENCE, apart, together};
use super::output::Output;
use super::phaser::Phaser;
use super::reverb::Reverb;
use super::slot::Slot;
use super::trim::Trim;
use super::{Moment, Quantum, Settings};
use crate::smooth::QUANTUM_FRAMES;

/// Frames of rest after which the filters have rung out.
const SETTLING_FRAMES: usize = 4_800;

/// Left and right of one strip.
pub(crate) type Stereo<'a> = [&'a mut [f32; QUANTUM_FRAMES]; 2];

/// All effects of two strips, in signal order. Either strip sounds as it would alone.
#[derive(Debug)]
pub(crate) struct Chain {
    settings: [Settings; 2],
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
    /// Frames for which nothing was heard of either.
    quiet_frames: [usize; 2],
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
            settings: from_fn(|_| Settings::neutral()),
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
            quiet_frames: [usize::MAX; 2],
        }
    }

    /// Starts a strip afresh with these settings.
    pub(crate) fn reset(&mut self, strip: usize, settings: &Settings) {
        self.clear(strip);
        self.settings[strip].clone_from(settings);
        self.trim.aim(strip, settings, true);
        each_slot!(&mut *self, slot => slot.reset(strip, settings));
        self.output.aim(strip, settings, true);
    }

    /// Moves a strip to these settings.
    pub(crate) fn aim(&mut self, strip: usize, settings: &Settings) {
        if self.settings[strip] == *settings {
            return;
        }
        self.settings[strip].clone_from(settings);
        self.trim.aim(strip, settings, false);
        each_slot!(&mut *self, slot => slot.aim(strip, settings));
        self.output.aim(strip, settings, false);
    }

    /// Forgets all sound of a strip.
    #[inline(never)]
    pub(crate) fn clear(&mut self, strip: usize) {
        each_slot!(&mut *self, slot => slot.clear(strip));
        self.quiet_frames[strip] = usize::MAX;
    }

    /// Lets a strip rest into which nothing comes, if silence in gives silence out for as long as it lasts. What is left of its sound
    /// is forgotten, as the lanes of a strip at rest are silent.
    #[inline(never)]
    pub(crate) fn rests(&mut self, strip: usize) -> bool {
        let is_idle = self.quiet_frames[strip] > self.memory_frames(strip) + SETTLING_FRAMES;
        if is_idle {
            self.clear(strip);
        }
        is_idle
    }

    /// Processes up to [`QUANTUM_FRAMES`] frames of those strips that do not rest, in place.
    pub(crate) fn process(
        &mut self,
        mut strips: [Option<Stereo<'_>>; 2],
        frames: usize,
        moment: Moment,
        Bench { blocks, desk }: &mut Bench,
    ) {
        for (strip, sound) in strips.iter_mut().enumerate() {
            if sound.is_some() && self.is_transparent(strip) {
                self.quiet_frames[strip] = usize::MAX;
                *sound = None;
            }
        }
        let quantum = Quantum { strips: strips.each_ref().map(Option::is_some), frames, tempo: moment.tempo };
        if quantum.strips == [false; 2] {
            return;
        }
        let mut blocks = blocks.each_mut();
        together(heard(&strips), blocks[0]);
        let were_quiet = self.trim.process(blocks[0], quantum);
        each_slot!(&mut *self, slot => slot.process(&mut blocks, desk, quantum));
        let are_quiet = self.output.process(blocks[0], quantum);
        apart(blocks[0], places(strips, &mut desk.spare));
        for strip in (0..2).filter(|&strip| quantum.strips[strip]) {
            let is_quiet = were_quiet[strip] && are_quiet[strip];
            let quiet_frames = &mut self.quiet_frames[strip];
            *quiet_frames = if is_quiet { quiet_frames.saturating_add(frames) } else { 0 };
        }
    }

    /// Whether every slot is out and both levels are neutral.
    fn is_transparent(&mut self, strip: usize) -> bool {
        let mut is_out = self.trim.is_neutral(strip) && self.output.is_neutral(strip);
        each_slot!(&mut *self, slot => is_out = is_out && slot.is_out(strip));
        is_out
    }

    fn memory_frames(&self, strip: usize) -> usize {
        self.chorus.memory_frames(strip) + self.delay.memory_frames(strip) + self.reverb.memory_frames(strip)
    }
}

/// The channels of both strips; of one that rests, silence.
fn heard<'a>(strips: &'a [Option<Stereo<'_>>; 2]) -> [&'a [f32; QUANTUM_FRAMES]; 4] {
    from_fn(|channel| strips[channel / 2].as_ref().map_or(&SILENCE, |sound| &*sound[channel % 2]))
}

/// Where the channels of both strips go.
fn places<'a>(
    strips: [Option<Stereo<'a>>; 2],
    spare: &'a mut Channels,
) -> [&'a mut [f32; QUANTUM_FRAMES]; 4] {
    let mut places = spare.each_mut();
    for (places, sound) in places.as_chunks_mut::<2>().0.iter_mut().zip(strips) {
        if let Some(sound) = sound {
            *places = sound;
        }
    }
    places
}
