//! The sound of a room: a feedback delay network.
//!
//! Four all-passes a side thicken the sound, then eight delay lines feed each other through a Hadamard matrix, which loses
//! no energy; each line's gain is set so that the whole dies away by 60 dB in the decay time: `g = 10^(-3 length / (decay * rate))`
//! (J.-M. Jot, A. Chaigne, "Digital Delay Networks for Designing Artificial Reverberators", AES 90, 1991).

use wide::f32x4;

use super::delay_line::Channel;
use super::diffuser::Diffuser;
use super::glide::Echo;
use super::lanes::{BIAS, four, set};
use crate::dsp::SAMPLE_RATE;
use crate::dsp::curves::exp2;
use crate::smooth::{QUANTUM_FRAMES, Smooth};

pub(super) const LINES: usize = 8;

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

/// How loud sound goes into the lines: half, and what makes good for [`NORMAL`] in what is heard of them.
const LOUD: f32 = 0.5 / NORMAL;

/// Binary orders of magnitude in 60 dB, `3 log2 10`.
const SIXTY_DECIBELS: f32 = 9.965_784;

/// A room.
#[derive(Debug)]
pub(super) struct Room {
    pre_delays: [Echo; 2],
    diffusers: [Diffuser; 2],
    lines: [Echo; LINES],
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
            pre_delays: [(); 2].map(|()| Echo::new(MAX_PRE_DELAY)),
            diffusers: ALLPASSES.map(Diffuser::new),
            lines: LENGTHS.map(Echo::new),
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
        let lengths = in_lanes(LENGTHS.map(|full| full as f32 * scale));
        let octaves = f32x4::splat(-SIXTY_DECIBELS / (decay * SAMPLE_RATE));
        let gains = lengths.map(|length| exp2(length * octaves) * f32x4::splat(NORMAL));
        for line in 0..LINES {
            self.wanted[line] = lengths[line / 4].to_array()[line % 4] as usize;
            self.gains[line].go(gains[line / 4].to_array()[line % 4], at_once);
        }
        self.damping.go(1.0 - 0.8 * damping, at_once);
        let frames = (pre_delay * SAMPLE_RATE) as usize;
        self.wanted_pre_delay = frames.clamp(QUANTUM_FRAMES, MAX_PRE_DELAY);
        self.is_fresh |= at_once;
    }

    /// Puts what is heard in the room in place of the sound; `dulled` is a place to work in.
    #[inline(never)]
    pub(super) fn render(&mut self, sound: &mut [Channel; 2], dulled: &mut [Channel; LINES], frames: usize) {
        self.follow();
        let [bias, ..] = BIAS.to_array();
        for (side, sound) in sound.iter_mut().enumerate() {
            *self.pre_delays[side].next() = *sound;
            for (sound, delayed) in sound.iter_mut().zip(self.pre_delays[side].heard()) {
                *sound = delayed + bias;
            }
            self.pre_delays[side].advance(frames);
            self.diffusers[side].run(sound, frames);
        }
        self.dull(dulled, frames);
        self.mix(dulled, sound);
        for line in &mut self.lines {
            line.advance(frames);
        }
    }

    /// Moves the delays towards what is wanted.
    fn follow(&mut self) {
        let is_fresh = core::mem::take(&mut self.is_fresh);
        for echo in &mut self.pre_delays {
            echo.follow(self.wanted_pre_delay, is_fresh);
        }
        for (line, wanted) in self.lines.iter_mut().zip(self.wanted) {
            line.follow(wanted, is_fresh);
        }
    }

    /// Dulls what comes out of the lines and takes from each what it loses on its way.
    fn dull(&mut self, dulled: &mut [Channel; LINES], frames: usize) {
        let share = self.damping.advance().to;
        let keep = f32x4::splat(1.0 - share);
        // A line's gain is taken from what goes into its low-pass.
        let gains = self.gains.each_mut().map(Smooth::advance);
        let slopes = in_lanes(gains.map(|gain| share * 4.0 * gain.slope(frames)));
        let mut now = in_lanes(gains.map(|gain| share * gain.from));
        let mut low = self.low;
        let lines = self.lines.each_mut().map(Echo::heard);
        for at in (0..frames).step_by(4) {
            for half in 0..2 {
                let mut moments = f32x4::transpose([0, 1, 2, 3].map(|line| four(lines[4 * half + line], at)));
                now[half] += slopes[half];
                for moment in &mut moments {
                    low[half] = keep * low[half] + now[half] * *moment;
                    *moment = low[half];
                }
                // Of frames past the end nothing is kept.
                low[half] = match frames - at {
                    1 => moments[0],
                    2 => moments[1],
                    3 => moments[2],
                    _ => moments[3],
                };
                for (line, dull) in f32x4::transpose(moments).into_iter().enumerate() {
                    set(&mut dulled[4 * half + line], at, dull);
                }
            }
        }
        self.low = low;
    }

    /// Mixes what comes out of the lines with what comes in (`sound`) for their way back, and gives what is heard of them.
    fn mix(&mut self, dulled: &[Channel; LINES], sound: &mut [Channel; 2]) {
        let next = self.lines.each_mut().map(Echo::next);
        for at in (0..QUANTUM_FRAMES).step_by(4) {
            let lines = dulled.each_ref().map(|line| four(line, at));
            let fresh = sound.each_ref().map(|side| four(side, at) * f32x4::splat(LOUD));
            for (line, x) in hadamard(lines).into_iter().enumerate() {
                set(next[line], at, x + fresh[line % 2]);
            }
            let [a, b, c, d, e, f, g, h] = lines;
            set(&mut sound[0], at, (a - c) + (e - g));
            set(&mut sound[1], at, (b - d) + (f - h));
        }
    }

    /// Forgets all sound.
    pub(super) fn clear(&mut self) {
        self.pre_delays.iter_mut().chain(&mut self.lines).for_each(Echo::clear);
        self.diffusers.iter_mut().for_each(Diffuser::clear);
        self.low = [f32x4::ZERO; 2];
    }
}

/// A number of each line, four lines in the lanes.
fn in_lanes(lines: [f32; LINES]) -> [f32x4; 2] {
    let [a, b, c, d, e, f, g, h] = lines;
    [f32x4::new([a, b, c, d]), f32x4::new([e, f, g, h])]
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
