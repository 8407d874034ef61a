//! The reverb: a feedback delay network.
//!
//! Four all-passes a side thicken the sound, then eight delay lines feed each other through a Hadamard matrix, which loses
//! no energy; each line's gain is set so that the whole dies away by 60 dB in the decay time: `g = 10^(-3 length / (decay * rate))`
//! (J.-M. Jot, A. Chaigne, "Digital Delay Networks for Designing Artificial Reverberators", AES 90, 1991).

use super::delay_line::{DelayLine, Glide};
use super::slot::{Effect, Law};
use super::{Knob, Moment, Settings};
use crate::dsp::SAMPLE_RATE;
use crate::dsp::math::{exp2, flushed};
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
    gains: [Smooth; LINES],
    /// Coefficient of the low-pass in each line.
    damping: Smooth,
    low: [f32; LINES],
}

impl Reverb {
    pub(super) fn new() -> Self {
        let ids = ["on", "decay", "damping", "pre_delay", "size", "wet"];
        Self {
            knobs: ids.map(|id| Knob::named(&format!("reverb.{id}"))),
            pre_delay: Glide::at(QUANTUM_FRAMES),
            pre_lines: [(); 2].map(|()| DelayLine::new(MAX_PRE_DELAY + QUANTUM_FRAMES)),
            allpasses: ALLPASSES.map(|side| side.map(DelayLine::new)),
            lines: LENGTHS.map(DelayLine::new),
            lengths: LENGTHS.map(Glide::at),
            gains: [Smooth::at(0.0); LINES],
            damping: Smooth::at(1.0),
            low: [0.0; LINES],
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

    /// Dulls what comes out of the lines and takes from each what it loses on its way.
    fn damp(&mut self, blocks: &mut [Block; LINES], frames: usize) {
        let damping = self.damping.advance().to;
        let gains = self.gains.each_mut().map(Smooth::advance);
        let slopes = gains.map(|gain| gain.slope(frames));
        for (line, block) in blocks.iter_mut().enumerate() {
            smooth(&mut block[..frames], &mut self.low[line], damping);
            for (i, x) in block[..frames].iter_mut().enumerate() {
                *x *= gains[line].from + slopes[line] * (i + 1) as f32;
            }
        }
    }
}

/// A one-pole low-pass in place, four frames at a time: what comes in over two frames, then over four, each weighted by its
/// age, and what was there before.
fn smooth(block: &mut [f32], low: &mut f32, share: f32) {
    let keep = 1.0 - share;
    let powers = [keep, keep * keep, keep * keep * keep, (keep * keep) * (keep * keep)];
    let (fours, rest) = block.as_chunks_mut::<4>();
    for four in fours {
        let x = four.map(|x| x * share);
        let two = [x[0], x[1] + keep * x[0], x[2] + keep * x[1], x[3] + keep * x[2]];
        let sums = [two[0], two[1], two[2] + powers[1] * two[0], two[3] + powers[1] * two[1]];
        for ((y, sum), power) in four.iter_mut().zip(sums).zip(powers) {
            *y = sum + power * *low;
        }
        *low = flushed(four[3]);
    }
    for x in rest {
        *low = flushed(keep * *low + share * *x);
        *x = *low;
    }
}

/// Multiplies by the Hadamard matrix of order 8, in three rounds of sums and differences.
fn mix(blocks: &mut [Block; LINES], frames: usize) {
    for distance in [1, 2, 4] {
        for line in (0..LINES).filter(|line| line & distance == 0) {
            let (head, tail) = blocks.split_at_mut(line + distance);
            for (a, b) in head[line][..frames].iter_mut().zip(&mut tail[0][..frames]) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
    }
}

impl Effect for Reverb {
    const LAW: Law = Law::Power;

    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, decay, damping, pre_delay, size, wet] = self.knobs.map(|knob| settings.get(knob));
        let scale = SMALLEST + (1.0 - SMALLEST) * size;
        for (line, full) in LENGTHS.iter().enumerate() {
            let length = *full as f32 * scale;
            self.lengths[line].aim(length as usize, at_once);
            self.gains[line].go(exp2(-SIXTY_DECIBELS * length / (decay * SAMPLE_RATE)), at_once);
        }
        self.damping.go(1.0 - 0.8 * damping, at_once);
        let frames = (pre_delay * SAMPLE_RATE) as usize;
        self.pre_delay.aim(frames.clamp(QUANTUM_FRAMES, MAX_PRE_DELAY), at_once);
        on * wet
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let frames = left.len();
        for (side, channel) in [&mut *left, &mut *right].into_iter().enumerate() {
            let mut early: Block = [0.0; QUANTUM_FRAMES];
            self.pre_lines[side].read_gliding(&self.pre_delay, &mut early[..frames]);
            self.pre_lines[side].write(channel);
            channel.copy_from_slice(&early[..frames]);
            Self::diffuse(&mut self.allpasses[side], ALLPASSES[side], channel);
        }
        self.pre_delay.advance(frames);
        let mut blocks = [[0.0; QUANTUM_FRAMES]; LINES];
        for (line, block) in blocks.iter_mut().enumerate() {
            self.lines[line].read_gliding(&self.lengths[line], &mut block[..frames]);
            self.lengths[line].advance(frames);
        }
        self.damp(&mut blocks, frames);
        let heard = blocks;
        mix(&mut blocks, frames);
        for (line, block) in blocks.iter_mut().enumerate() {
            let input: &[f32] = if line % 2 == 0 { left } else { right };
            for (sample, fresh) in block[..frames].iter_mut().zip(input) {
                *sample = *sample * NORMAL + fresh * 0.5;
            }
            self.lines[line].write(&block[..frames]);
        }
        for i in 0..frames {
            left[i] = (heard[0][i] - heard[2][i]) + (heard[4][i] - heard[6][i]);
            right[i] = (heard[1][i] - heard[3][i]) + (heard[5][i] - heard[7][i]);
        }
    }

    fn clear(&mut self) {
        let allpasses = self.allpasses.iter_mut().flatten();
        self.pre_lines.iter_mut().chain(allpasses).chain(&mut self.lines).for_each(DelayLine::clear);
        self.low = [0.0; LINES];
    }

    fn memory_frames(&self) -> usize {
        MAX_PRE_DELAY + LENGTHS[LINES - 1]
    }
}
