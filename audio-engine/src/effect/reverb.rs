//! The reverb: a feedback delay network.
//!
//! Four all-passes a side thicken the sound, then eight delay lines feed each other through a Hadamard matrix, which loses
//! no energy; each line's gain is set so that the whole dies away by 60 dB in the decay time: `g = 10^(-3 length / (decay * rate))`
//! (J.-M. Jot, A. Chaigne, "Digital Delay Networks for Designing Artificial Reverberators", AES 90, 1991).

use wide::f32x4;

use super::delay_line::{DelayLine, Glide};
use super::slot::{Effect, Law};
use super::{Knob, Moment, Settings};
use crate::dsp::SAMPLE_RATE;
use crate::dsp::math::{exp2, still};
use crate::smooth::{QUANTUM_FRAMES, Smooth};

const LINES: usize = 8;

/// Lengths at full size, frames: primes from 30 to 68 ms, so that echoes rarely meet.
const LENGTHS: [usize; LINES] = [1_453, 1_667, 1_933, 2_143, 2_389, 2_663, 2_927, 3_271];

/// Share of the lengths that is left at size 0.
const SMALLEST: f32 = 0.3;

/// Lengths of the all-passes of each side, frames.
const ALLPASSES: [[usize; 4]; 2] = [[113, 163, 241, 397], [127, 179, 263, 419]];

/// Gain of the all-passes.
const DIFFUSION: f32 = 0.62;

/// Longest pre-delay, frames (0.25 s).
const MAX_PRE_DELAY: usize = 12_000;

/// `1 / sqrt 8`: with it the Hadamard matrix keeps the energy.
const NORMAL: f32 = 0.353_553_4;

/// Binary orders of magnitude in 60 dB, `3 log2 10`.
const SIXTY_DECIBELS: f32 = 9.965_784;

type Block = [f32; QUANTUM_FRAMES];

/// The reverb.
#[derive(Debug)]
pub(super) struct Reverb {
    knobs: [Knob; 6],
    pre_delay: Glide,
    pre_lines: [DelayLine; 2],
    allpasses: [[DelayLine; 4]; 2],
    lines: [DelayLine; LINES],
    lengths: [Glide; LINES],
    /// Where the delays go.
    wanted_pre_delay: usize,
    wanted: [usize; LINES],
    /// Nothing is heard yet, so that changed delays need no fade.
    is_fresh: bool,
    gains: [Smooth; LINES],
    /// Coefficient of the low-pass in each line.
    damping: Smooth,
    /// What the low-pass of each line holds, four lines in the lanes.
    low: [f32x4; 2],
}

impl Reverb {
    pub(super) fn new() -> Self {
        let ids = ["on", "decay", "damping", "pre_delay", "size", "wet"];
        Self {
            knobs: ids.map(|id| Knob::named(&format!("reverb.{id}"))),
            pre_delay: Glide::at(QUANTUM_FRAMES),
            pre_lines: [(); 2].map(|()| DelayLine::new(MAX_PRE_DELAY + QUANTUM_FRAMES)),
            allpasses: ALLPASSES.map(|side| side.map(DelayLine::exactly)),
            lines: LENGTHS.map(DelayLine::new),
            lengths: LENGTHS.map(Glide::at),
            wanted_pre_delay: QUANTUM_FRAMES,
            wanted: LENGTHS,
            is_fresh: true,
            gains: [Smooth::at(0.0); LINES],
            damping: Smooth::at(1.0),
            low: [f32x4::ZERO; 2],
        }
    }

    /// Moves the delays towards what is wanted.
    fn follow(&mut self) {
        let is_fresh = core::mem::take(&mut self.is_fresh);
        self.pre_delay.follow(self.wanted_pre_delay, &mut self.pre_lines, is_fresh);
        for ((length, wanted), line) in self.lengths.iter_mut().zip(self.wanted).zip(&mut self.lines) {
            length.follow(wanted, core::slice::from_mut(line), is_fresh);
        }
    }

    /// Thickens one side in place.
    fn diffuse(allpasses: &mut [DelayLine; 4], lengths: [usize; 4], block: &mut [f32]) {
        for (line, length) in allpasses.iter_mut().zip(lengths) {
            let mut delayed: Block = [0.0; QUANTUM_FRAMES];
            line.read(length, &mut delayed[..block.len()]);
            let mut inner: Block = [0.0; QUANTUM_FRAMES];
            for ((x, delayed), inner) in block.iter_mut().zip(&delayed).zip(&mut inner) {
                *inner = *x - DIFFUSION * delayed;
                *x = delayed + DIFFUSION * *inner;
            }
            line.write(&inner[..block.len()]);
        }
    }

    /// Dulls what comes out of the lines and takes from each what it loses on its way; gives what is heard of them on either side, and
    /// mixes them with what comes in (`early`) for their way back.
    fn exchange(&mut self, blocks: &mut [Block; LINES], early: [&Block; 2], frames: usize) -> [Block; 2] {
        let share = f32x4::splat(self.damping.advance().to);
        let gains = self.gains.each_mut().map(Smooth::advance);
        let froms = in_lanes(gains.map(|gain| gain.from));
        let slopes = in_lanes(gains.map(|gain| gain.slope(frames)));
        let mut heard = [[0.0; QUANTUM_FRAMES]; 2];
        // Of frames past the end nothing is kept.
        for at in (0..frames).step_by(4) {
            let mut lines = [f32x4::ZERO; LINES];
            for half in 0..2 {
                let first = 4 * half;
                let mut moments = f32x4::transpose([0, 1, 2, 3].map(|line| four(&blocks[first + line], at)));
                let mut low = self.low[half];
                for (i, moment) in moments.iter_mut().enumerate().take(frames - at) {
                    low += (*moment - low) * share;
                    *moment = low * (froms[half] + slopes[half] * f32x4::splat((at + i + 1) as f32));
                }
                self.low[half] = still(low);
                lines[first..first + 4].copy_from_slice(&f32x4::transpose(moments));
            }
            let [a, b, c, d, e, f, g, h] = lines;
            set(&mut heard[0], at, (a - c) + (e - g));
            set(&mut heard[1], at, (b - d) + (f - h));
            let fresh = early.map(|side| four(side, at) * f32x4::splat(0.5));
            for (line, x) in hadamard(lines).into_iter().enumerate() {
                set(&mut blocks[line], at, x * f32x4::splat(NORMAL) + fresh[line % 2]);
            }
        }
        heard
    }
}

/// A number of each line, four lines in the lanes.
fn in_lanes(lines: [f32; LINES]) -> [f32x4; 2] {
    let [a, b, c, d, e, f, g, h] = lines;
    [f32x4::new([a, b, c, d]), f32x4::new([e, f, g, h])]
}

/// Four frames from `at` on.
fn four(block: &Block, at: usize) -> f32x4 {
    f32x4::new(block[at..].first_chunk().copied().unwrap_or_default())
}

fn set(block: &mut Block, at: usize, frames: f32x4) {
    if let Some(place) = block[at..].first_chunk_mut() {
        *place = frames.to_array();
    }
}

/// Multiplies by the Hadamard matrix of order 8, in three rounds of sums and differences.
fn hadamard(mut lines: [f32x4; LINES]) -> [f32x4; LINES] {
    for distance in [1, 2, 4] {
        for line in (0..LINES).filter(|line| line & distance == 0) {
            let (a, b) = (lines[line], lines[line + distance]);
            (lines[line], lines[line + distance]) = (a + b, a - b);
        }
    }
    lines
}

impl Effect for Reverb {
    const LAW: Law = Law::Power;

    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, decay, damping, pre_delay, size, wet] = self.knobs.map(|knob| settings.get(knob));
        let scale = SMALLEST + (1.0 - SMALLEST) * size;
        for (line, full) in LENGTHS.iter().enumerate() {
            let length = *full as f32 * scale;
            self.wanted[line] = length as usize;
            self.gains[line].go(exp2(-SIXTY_DECIBELS * length / (decay * SAMPLE_RATE)), at_once);
        }
        self.damping.go(1.0 - 0.8 * damping, at_once);
        let frames = (pre_delay * SAMPLE_RATE) as usize;
        self.wanted_pre_delay = frames.clamp(QUANTUM_FRAMES, MAX_PRE_DELAY);
        self.is_fresh |= at_once;
        on * wet
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let frames = left.len();
        self.follow();
        let mut early = [[0.0; QUANTUM_FRAMES]; 2];
        for (side, channel) in [&*left, &*right].into_iter().enumerate() {
            self.pre_lines[side].read_gliding(&self.pre_delay, &mut early[side][..frames]);
            self.pre_lines[side].write(channel);
            Self::diffuse(&mut self.allpasses[side], ALLPASSES[side], &mut early[side][..frames]);
        }
        self.pre_delay.advance(frames);
        let mut blocks = [[0.0; QUANTUM_FRAMES]; LINES];
        for (line, block) in blocks.iter_mut().enumerate() {
            self.lines[line].read_gliding(&self.lengths[line], &mut block[..frames]);
            self.lengths[line].advance(frames);
        }
        let [heard_left, heard_right] = self.exchange(&mut blocks, early.each_ref(), frames);
        for (line, block) in self.lines.iter_mut().zip(&blocks) {
            line.write(&block[..frames]);
        }
        left.copy_from_slice(&heard_left[..frames]);
        right.copy_from_slice(&heard_right[..frames]);
    }

    fn clear(&mut self) {
        let allpasses = self.allpasses.iter_mut().flatten();
        self.pre_lines.iter_mut().chain(allpasses).chain(&mut self.lines).for_each(DelayLine::clear);
        self.low = [f32x4::ZERO; 2];
    }

    fn memory_frames(&self) -> usize {
        MAX_PRE_DELAY + LENGTHS[LINES - 1]
    }
}
