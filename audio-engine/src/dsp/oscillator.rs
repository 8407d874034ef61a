//! Band-limited oscillators.
//!
//! A phase is a `u32` that wraps by itself: exact, without drift, and the same on every platform. Steps and corners
//! of the waves are smoothed by the integrals of the cubic B-spline (four points around each), which leaves aliases
//! far below the sound for every note of a keyboard; the residues are written with truncated powers, so that the
//! loops have no branches.

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

/// Lanes in which phases are counted: each adds up every fourth step.
const LANES: usize = 4;

/// Fills a chunk with phases, gliding from step `from` to step `to`, and moves `phase` past it.
#[inline]
pub(crate) fn advance(phase: &mut u32, from: u32, to: u32) -> Phases {
    let change = ((to as i32).wrapping_sub(from as i32) / CHUNK as i32) as u32;
    let start = *phase;
    // In n frames n steps are made, and 1 + 2 + … + n changes of step.
    let after =
        |n: u32| start.wrapping_add(from.wrapping_mul(n)).wrapping_add(change.wrapping_mul(n * (n + 1) / 2));
    let mut now = u32x4::new([after(0), after(1), after(2), after(3)]);
    let leap = from.wrapping_mul(4).wrapping_add(change.wrapping_mul(10));
    let mut leaps = u32x4::splat(leap) + u32x4::splat(change.wrapping_mul(4)) * u32x4::new([0, 1, 2, 3]);
    let growth = u32x4::splat(change.wrapping_mul(16));
    let mut phases = [0; CHUNK];
    for four in phases.as_chunks_mut::<LANES>().0 {
        *four = now.to_array();
        now += leaps;
        leaps += growth;
    }
    *phase = now.to_array()[0];
    phases
}

/// A chunk made frame by frame from its phases.
#[inline]
fn drawn(phases: &Phases, at: impl Fn(u32) -> f32) -> Block {
    let mut block = SILENCE;
    for (x, phase) in block.iter_mut().zip(phases) {
        *x = at(*phase);
    }
    block
}

/// Whether a wave of these phases, that has its step or corner at phase zero, is nowhere within two frames of it: there its
/// residue is zero, and a low note pays for none of it in most of its chunks.
#[inline]
fn is_plain(phases: &Phases, shift: u32, step: u32) -> bool {
    let opening = phases[1].wrapping_sub(phases[0]);
    let closing = phases[CHUNK - 1].wrapping_sub(phases[CHUNK - 2]);
    let fastest = u64::from(opening.max(closing).max(step));
    let first = u64::from(phases[0].wrapping_sub(shift));
    first >= 2 * fastest && first + (CHUNK as u64 + 1) * fastest <= 1 << 32
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

/// A rising saw from -1 to 1 with its step at phase zero; `step` is the phase step of the chunk.
#[inline]
pub(crate) fn saw(phases: &Phases, step: u32) -> Block {
    if is_plain(phases, 0, step) {
        return drawn(phases, plain_saw_at);
    }
    let frames_per_unit = 1.0 / (step.max(1) as f32);
    drawn(phases, |phase| saw_at(phase, frames_per_unit))
}

#[inline]
fn plain_saw_at(phase: u32) -> f32 {
    let signed = phase as i32 as f32;
    signed * (2.0 * TURN) - 1.0_f32.copysign(signed)
}

#[inline]
fn saw_at(phase: u32, frames_per_unit: f32) -> f32 {
    let signed = phase as i32 as f32;
    let side = 1.0_f32.copysign(signed);
    let away = (signed * frames_per_unit).abs();
    signed * (2.0 * TURN) - side * (1.0 - residue(away))
}

/// What smoothing takes from a step of two units, `away` frames from it.
#[inline]
fn residue(away: f32) -> f32 {
    let (a, b) = (positive(2.0 - away), positive(1.0 - away));
    let (a, b) = (a * a, b * b);
    (a * a - 4.0 * b * b) * (1.0 / 12.0)
}

/// A square from -1 to 1, for the price of one saw: its two steps are equal, so only the nearer one counts.
#[inline]
pub(crate) fn square(phases: &Phases, step: u32) -> Block {
    let frames_per_unit = 0.5 / (step.max(1) as f32);
    drawn(phases, |phase| {
        let away = (phase.wrapping_shl(1) as i32 as f32 * frames_per_unit).abs();
        1.0_f32.copysign(phase as i32 as f32) * (1.0 - residue(away))
    })
}

/// A pulse of mean zero, two units from bottom to top, high for the share `width` of a turn.
#[inline]
pub(crate) fn pulse(phases: &Phases, step: u32, width: f32) -> Block {
    let frames_per_unit = 1.0 / (step.max(1) as f32);
    let shift = turns(width.clamp(0.02, 0.98));
    if is_plain(phases, 0, step) && is_plain(phases, shift, step) {
        return drawn(phases, |phase| plain_saw_at(phase.wrapping_sub(shift)) - plain_saw_at(phase));
    }
    drawn(phases, |phase| saw_at(phase.wrapping_sub(shift), frames_per_unit) - saw_at(phase, frames_per_unit))
}

/// A triangle from -1 to 1 with its peak at phase zero.
#[inline]
pub(crate) fn triangle(phases: &Phases, step: u32) -> Block {
    if is_plain(phases, 0, step) && is_plain(phases, 1 << 31, step) {
        return drawn(phases, |phase| 1.0 - (phase as i32 as f32).abs() * (4.0 * TURN));
    }
    let step = step.max(1) as f32;
    let frames_per_unit = 1.0 / step;
    let bend = 8.0 * step * TURN;
    drawn(phases, |phase| {
        let top = (phase as i32 as f32).abs();
        let bottom = (phase.wrapping_add(1 << 31) as i32 as f32).abs();
        1.0 - top * (4.0 * TURN) - bend * (corner(top * frames_per_unit) - corner(bottom * frames_per_unit))
    })
}

/// What smoothing adds to a ramp that begins `away` frames from here.
#[inline]
fn corner(away: f32) -> f32 {
    let (a, b) = (positive(2.0 - away), positive(1.0 - away));
    let (aa, bb) = (a * a, b * b);
    (aa * aa * a - 4.0 * bb * bb * b) * (1.0 / 120.0)
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

    /// Energy of everything that is not a harmonic, over the energy of the fundamental, in dB, up to `limit` hertz.
    fn alias_level(wave: impl Fn(&Phases, u32) -> Block, hertz: f32, limit: f32) -> f64 {
        let bins: usize = 4800;
        let step = phase_step(hertz);
        let mut phase = 0;
        let mut signal = Vec::new();
        while signal.len() < bins {
            signal.extend(wave(&advance(&mut phase, step, step), step));
        }
        let energy = |hertz: f64| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, x) in signal.iter().take(bins).enumerate() {
                let angle = std::f64::consts::TAU * hertz * n as f64 / 48_000.0;
                re += f64::from(*x) * libm::cos(angle);
                im += f64::from(*x) * libm::sin(angle);
            }
            re * re + im * im
        };
        let fundamental = energy(f64::from(hertz));
        let loudest = (1..(limit as usize / 10))
            .filter(|bin| (bin * 10) % (hertz as usize) != 0)
            .map(|bin| energy(bin as f64 * 10.0))
            .fold(0.0, f64::max);
        10.0 * libm::log10(loudest / fundamental)
    }

    #[test]
    fn aliases_of_a_high_c_stay_far_below_it() {
        // 2,110 Hz does not divide the rate, and repeats within the window, so no window function is needed.
        for (name, level) in [
            ("saw", alias_level(saw, 2_110.0, 15_000.0)),
            ("pulse", alias_level(|p, s| pulse(p, s, 0.3), 2_110.0, 15_000.0)),
            ("square", alias_level(square, 2_110.0, 15_000.0)),
            ("triangle", alias_level(triangle, 2_110.0, 20_000.0)),
        ] {
            assert!(level < -58.0, "{name}: {level:.1} dB");
        }
    }

    #[test]
    fn chunks_without_a_step_or_corner_are_the_same_to_the_bit() {
        for hertz in [27.5_f32, 220.0, 880.0, 2_093.0] {
            let step = phase_step(hertz);
            let frames_per_unit = 1.0 / step as f32;
            let mut phase = 12_345;
            for _ in 0..2_000 {
                let phases = advance(&mut phase, step, step);
                for (x, phase) in saw(&phases, step).iter().zip(phases) {
                    assert_eq!(x.to_bits(), saw_at(phase, frames_per_unit).to_bits(), "{hertz} Hz");
                }
            }
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

    #[test]
    fn a_phase_glides_without_a_jump() {
        let mut phase = 7;
        let first = advance(&mut phase, 1_000, 5_000);
        let second = advance(&mut phase, 5_000, 5_000);
        assert_eq!(second[0].wrapping_sub(first[15]), 5_000);
    }
}
