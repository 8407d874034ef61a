//! Oscillators.
//!
//! A phase is a `u32` that wraps by itself: exact, without drift, and the same on every platform. Here are phases, sines, and
//! the cheap square of metal percussion; the waves of analogue oscillators are in `wave`.

use std::f32::consts::TAU;

use wide::u32x4;

use super::math::positive;
use super::{Block, CHUNK, SAMPLE_RATE, SILENCE};

/// Turns of the phase per unit of the integer.
const TURN: f32 = 1.0 / 4_294_967_296.0;

/// Phase steps per frame that make one turn a second.
pub(crate) const STEPS_PER_HERTZ: f32 = 4_294_967_296.0 / SAMPLE_RATE;

/// The phase at each frame of a chunk.
pub(crate) type Phases = [u32; CHUNK];

/// The phase step per frame of a sine, at most just below half the rate.
pub(crate) fn sine_step(hertz: f32) -> u32 {
    (hertz.clamp(0.0, SAMPLE_RATE * 0.49) * STEPS_PER_HERTZ) as u32
}

/// The phase step per frame of a wave with steps or corners, at most a quarter of the rate: what smooths them needs four
/// frames a period.
pub(crate) fn phase_step(hertz: f32) -> u32 {
    (hertz.clamp(0.0, SAMPLE_RATE * 0.25) * STEPS_PER_HERTZ) as u32
}

/// Fills a chunk with phases, gliding from step `from` to step `to`, and moves `phase` past it.
#[inline]
pub(crate) fn advance(phase: &mut u32, from: u32, to: u32) -> Phases {
    // In n frames n steps are made, and 1 + 2 + … + n changes of step: four frames at a time, each lane adds up every fourth step.
    let (mut now, mut leaps) = (u32x4::splat(*phase) + multiples(from), u32x4::splat(from << 2));
    let change = ((to as i32).wrapping_sub(from as i32) / CHUNK as i32) as u32;
    let mut growth = u32x4::ZERO;
    if change != 0 {
        let after = |n: u32| change.wrapping_mul(n * (n + 1) / 2);
        now += u32x4::new([0, after(1), after(2), after(3)]);
        leaps += u32x4::splat(after(4)) + multiples(change << 2);
        growth = u32x4::splat(change << 4);
    }
    let mut phases = [0; CHUNK];
    for four in phases.as_chunks_mut::<4>().0 {
        *four = now.to_array();
        now += leaps;
        leaps += growth;
    }
    *phase = now.to_array()[0];
    phases
}

/// Nothing, the number once, twice and three times.
#[inline]
fn multiples(number: u32) -> u32x4 {
    let all = u32x4::splat(number);
    (all & u32x4::new([0, !0, 0, !0])) + ((all + all) & u32x4::new([0, 0, !0, !0]))
}

/// A chunk made frame by frame from its phases.
#[inline]
pub(super) fn drawn(phases: &Phases, at: impl Fn(u32) -> f32) -> Block {
    let mut block = SILENCE;
    for (x, phase) in block.iter_mut().zip(phases) {
        *x = at(*phase);
    }
    block
}

/// The sine of a phase, to 3e-7: an odd polynomial over the quarter turn to which it is folded.
#[inline]
pub(crate) fn sine_at(phase: u32) -> f32 {
    let u = 0.25 - (phase.wrapping_sub(1 << 30) as i32 as f32 * TURN).abs();
    let s = u * u;
    u * (TAU + s * (-41.341_68 + s * (81.602_02 + s * (-76.574_98 + s * 39.710_67))))
}

/// Sines of a chunk of phases.
#[inline]
pub(crate) fn sine(phases: &Phases) -> Block {
    drawn(phases, sine_at)
}

/// Sines of a chunk of phases pushed by `modulation` (in turns, up to 100).
#[inline]
pub(crate) fn sine_modulated(phases: &Phases, modulation: &Block) -> Block {
    let mut block = SILENCE;
    for ((x, phase), modulation) in block.iter_mut().zip(phases).zip(modulation) {
        *x = sine_at(phase.wrapping_add(turns(*modulation)));
    }
    block
}

/// A phase offset of `cycles` turns.
#[inline]
pub(crate) fn turns(cycles: f32) -> u32 {
    ((cycles * 16_777_216.0) as i32 as u32) << 8
}

/// What smoothing takes from a step of two units, `away` frames from it.
#[inline]
fn residue(away: f32) -> f32 {
    let (a, b) = (positive(2.0 - away), positive(1.0 - away));
    let (a, b) = (a * a, b * b);
    (a * a - 4.0 * b * b) * (1.0 / 12.0)
}

/// A square from -1 to 1 whose steps are smoothed by the integral of the cubic B-spline, two frames to either side: enough for what
/// noise is mixed with. Its two steps are equal, so only the nearer one counts.
#[inline]
pub(crate) fn square(phases: &Phases, step: u32) -> Block {
    let frames_per_unit = 0.5 / (step.max(1) as f32);
    drawn(phases, |phase| {
        let away = (phase.wrapping_shl(1) as i32 as f32 * frames_per_unit).abs();
        1.0_f32.copysign(phase as i32 as f32) * (1.0 - residue(away))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_a_sine() {
        for i in 0..4096_u32 {
            let phase = i << 20;
            let truth = libm::sin(f64::from(i) / 4096.0 * std::f64::consts::TAU);
            assert!((f64::from(sine_at(phase)) - truth).abs() < 1e-6, "{i}");
        }
    }

    #[test]
    fn phases_are_sums_of_steps_that_change_evenly() {
        let (from, to) = (5_000_000_u32, 1_000_003_u32);
        let change = ((to as i32 - from as i32) / CHUNK as i32) as u32;
        let (mut phase, mut expected, mut step) = (u32::MAX - 7, u32::MAX - 7, from);
        for now in advance(&mut phase, from, to) {
            assert_eq!(now, expected);
            step = step.wrapping_add(change);
            expected = expected.wrapping_add(step);
        }
        assert_eq!(phase, expected);
    }

    /// The loudest line up to 20 kHz that is no harmonic, below the fundamental, in dB; `hertz` is a multiple of ten.
    fn alias_of_square(hertz: usize) -> f64 {
        let step = phase_step(hertz as f32);
        let mut phase = 1 << 20;
        let signal: Vec<f32> =
            (0..300).flat_map(|_| square(&advance(&mut phase, step, step), step)).collect();
        let energy = |line: usize| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, x) in signal.iter().enumerate() {
                let angle = std::f64::consts::TAU * (line * n) as f64 / 48_000.0;
                re += f64::from(*x) * libm::cos(angle);
                im += f64::from(*x) * libm::sin(angle);
            }
            re * re + im * im
        };
        let lines = (1..2_000).map(|tenth| tenth * 10).filter(|line| line % hertz != 0);
        10.0 * libm::log10(lines.map(energy).fold(0.0, f64::max) / energy(hertz))
    }

    #[test]
    fn the_square_of_metal_keeps_its_aliases_45_decibels_down_at_the_pitches_of_cymbals_and_hats() {
        for hertz in [330, 790, 1_310, 3_470] {
            let level = alias_of_square(hertz);
            assert!(level < -45.0, "{hertz} Hz: {level:.1} dB");
        }
    }

    #[test]
    fn a_phase_glides_without_a_jump() {
        let mut phase = 7;
        let first = advance(&mut phase, 1_000, 5_000);
        let second = advance(&mut phase, 5_000, 5_000);
        assert_eq!(second[0].wrapping_sub(first[CHUNK - 1]), 5_000);
    }
}
