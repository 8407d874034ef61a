//! The sound of a room: a feedback delay network.
//!
//! Four all-passes a side thicken the sound, then eight delay lines feed each other through a Hadamard matrix, which loses
//! no energy; each line's gain is set so that the whole dies away by 60 dB in the decay time: `g = 10^(-3 length / (decay * rate))`
//! (J.-M. Jot, A. Chaigne, "Digital Delay Networks for Designing Artificial Reverberators", AES 90, 1991).

use wide::f32x4;

use super::allpass::Allpass;
use super::delay_line::DelayLine;
use super::glide::Glide;
use super::lanes::BIAS;
use crate::dsp::SAMPLE_RATE;
use crate::dsp::math::exp2;
use crate::smooth::{QUANTUM_FRAMES, Smooth};

const LINES: usize = 8;

/// Lengths at full size, frames: primes from 30 to 68 ms, so that echoes rarely meet.
const LENGTHS: [usize; LINES] = [1_453, 1_667, 1_933, 2_143, 2_389, 2_663, 2_927, 3_271];

/// Share of the lengths that is left at size 0.
const SMALLEST: f32 = 0.3;

/// Lengths of the all-passes of each side, frames.
const ALLPASSES: [[usize; 4]; 2] = [[113, 163, 241, 397], [127, 179, 263, 419]];

/// Longest pre-delay, frames (0.25 s).
const MAX_PRE_DELAY: usize = 12_000;

/// `1 / sqrt 8`: with it the Hadamard matrix keeps the energy. Each line's gain has it in it.
const NORMAL: f32 = 0.353_553_4;

/// What makes good for it in what is heard.
const LOUD: f32 = 1.0 / NORMAL;

/// Binary orders of magnitude in 60 dB, `3 log2 10`.
const SIXTY_DECIBELS: f32 = 9.965_784;

type Channel = [f32; QUANTUM_FRAMES];

/// A room.
#[derive(Debug)]
pub(super) struct Room {
    pre_delay: Glide,
    pre_lines: [DelayLine; 2],
    allpasses: [[Allpass; 4]; 2],
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

impl Room {
    /// Frames for which a room may be silent before it sounds again.
    pub(super) const MEMORY_FRAMES: usize = MAX_PRE_DELAY + LENGTHS[LINES - 1];

    pub(super) fn new() -> Self {
        Self {
            pre_delay: Glide::at(QUANTUM_FRAMES),
            pre_lines: [(); 2].map(|()| DelayLine::new(MAX_PRE_DELAY + QUANTUM_FRAMES)),
            allpasses: ALLPASSES.map(|side| side.map(Allpass::new)),
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

    /// Moves to this room, or begins in it.
    pub(super) fn aim(&mut self, [decay, damping, pre_delay, size]: [f32; 4], at_once: bool) {
        let scale = SMALLEST + (1.0 - SMALLEST) * size;
        for (line, full) in LENGTHS.iter().enumerate() {
            let length = *full as f32 * scale;
            self.wanted[line] = length as usize;
            let gain = exp2(-SIXTY_DECIBELS * length / (decay * SAMPLE_RATE));
            self.gains[line].go(NORMAL * gain, at_once);
        }
        self.damping.go(1.0 - 0.8 * damping, at_once);
        let frames = (pre_delay * SAMPLE_RATE) as usize;
        self.wanted_pre_delay = frames.clamp(QUANTUM_FRAMES, MAX_PRE_DELAY);
        self.is_fresh |= at_once;
    }

    /// Puts what is heard in the room in place of the sound.
    pub(super) fn render(&mut self, channels: &mut [Channel; 2], frames: usize) {
        self.follow();
        let mut early = [[0.0; QUANTUM_FRAMES]; 2];
        for (side, early) in early.iter_mut().enumerate() {
            self.pre_lines[side].read_gliding(&self.pre_delay, early);
            self.pre_lines[side].write(&channels[side], frames);
            let [bias, ..] = BIAS.to_array();
            for x in early.iter_mut() {
                *x += bias;
            }
            self.allpasses[side].iter_mut().for_each(|allpass| allpass.run(early, frames));
        }
        self.pre_delay.advance(frames);
        let mut blocks = [[0.0; QUANTUM_FRAMES]; LINES];
        for (line, block) in blocks.iter_mut().enumerate() {
            self.lines[line].read_gliding(&self.lengths[line], block);
            self.lengths[line].advance(frames);
        }
        self.exchange(&mut blocks, &early, channels, frames);
        for (line, block) in self.lines.iter_mut().zip(&blocks) {
            line.write(block, frames);
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

    /// Dulls what comes out of the lines and takes from each what it loses on its way; gives what is heard of them on either side, and
    /// mixes them with what comes in (`early`) for their way back.
    fn exchange(
        &mut self,
        blocks: &mut [Channel; LINES],
        early: &[Channel; 2],
        heard: &mut [Channel; 2],
        frames: usize,
    ) {
        let share = f32x4::splat(self.damping.advance().to);
        let gains = self.gains.each_mut().map(Smooth::advance);
        let slopes = in_lanes(gains.map(|gain| gain.slope(frames)));
        let mut now = in_lanes(gains.map(|gain| gain.from));
        let mut low = self.low;
        for at in (0..frames).step_by(4) {
            let mut lines = [f32x4::ZERO; LINES];
            for (half, lines) in lines.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let mut moments = [0, 1, 2, 3].map(|line| four(&blocks[4 * half + line], at));
                moments = f32x4::transpose(moments);
                for moment in &mut moments {
                    low[half] = (f32x4::ONE - share) * low[half] + share * *moment;
                    *moment = low[half];
                }
                // Of frames past the end nothing is kept.
                low[half] = match frames - at {
                    1 => moments[0],
                    2 => moments[1],
                    3 => moments[2],
                    _ => moments[3],
                };
                for moment in &mut moments {
                    now[half] += slopes[half];
                    *moment *= now[half];
                }
                *lines = f32x4::transpose(moments);
            }
            let [a, b, c, d, e, f, g, h] = lines;
            set(&mut heard[0], at, ((a - c) + (e - g)) * f32x4::splat(LOUD));
            set(&mut heard[1], at, ((b - d) + (f - h)) * f32x4::splat(LOUD));
            let fresh = early.each_ref().map(|side| four(side, at) * f32x4::splat(0.5));
            for (line, x) in hadamard(lines).into_iter().enumerate() {
                set(&mut blocks[line], at, x + fresh[line % 2]);
            }
        }
        self.low = low;
    }

    /// Forgets all sound.
    pub(super) fn clear(&mut self) {
        self.pre_lines.iter_mut().chain(&mut self.lines).for_each(DelayLine::clear);
        self.allpasses.iter_mut().flatten().for_each(Allpass::clear);
        self.low = [f32x4::ZERO; 2];
    }
}

/// A number of each line, four lines in the lanes.
fn in_lanes(lines: [f32; LINES]) -> [f32x4; 2] {
    let [a, b, c, d, e, f, g, h] = lines;
    [f32x4::new([a, b, c, d]), f32x4::new([e, f, g, h])]
}

/// Four frames from `at` on.
#[inline]
fn four(channel: &Channel, at: usize) -> f32x4 {
    f32x4::new(channel[at..].first_chunk().copied().unwrap_or_default())
}

#[inline]
fn set(channel: &mut Channel, at: usize, frames: f32x4) {
    if let Some(place) = channel[at..].first_chunk_mut() {
        *place = frames.to_array();
    }
}

/// Multiplies by the Hadamard matrix of order 8, in three rounds of sums and differences.
#[inline]
fn hadamard(mut lines: [f32x4; LINES]) -> [f32x4; LINES] {
    for distance in [1, 2, 4] {
        for line in (0..LINES).filter(|line| line & distance == 0) {
            let (a, b) = (lines[line], lines[line + distance]);
            (lines[line], lines[line + distance]) = (a + b, a - b);
        }
    }
    lines
}
