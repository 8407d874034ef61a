//! Band-limited oscillators.
//!
//! A phase is a `u32` that wraps by itself: exact, without drift, and the same on every platform. Steps and corners
//! of the waves are smoothed by the integrals of the cubic B-spline (four points around each), which leaves aliases
//! far below the sound for every note of a keyboard; the residues are written with truncated powers, so that the
//! loops have no branches.

use std::f32::consts::TAU;

use super::math::positive;
use super::{Block, CHUNK, SAMPLE_RATE};

/// Turns of the phase per unit of the integer.
const TURN: f32 = 1.0 / 4_294_967_296.0;

/// The phase at each frame of a chunk.
pub(crate) type Phases = [u32; CHUNK];

/// The phase step per frame of a sine, at most just below half the rate.
pub(crate) fn sine_step(hertz: f32) -> u32 {
    (hertz.clamp(0.0, SAMPLE_RATE * 0.49) * (4_294_967_296.0 / SAMPLE_RATE)) as u32
}

/// The phase step per frame of a wave with steps or corners, at most a quarter of the rate: what smooths them needs four
/// frames a period.
pub(crate) fn phase_step(hertz: f32) -> u32 {
    (hertz.clamp(0.0, SAMPLE_RATE * 0.25) * (4_294_967_296.0 / SAMPLE_RATE)) as u32
}

/// How often the change of step has been added by each frame: 0, 1, 3, 6, …
const CHANGES: Phases = {
    let mut changes = [0; CHUNK];
    let mut i = 1;
    while i < CHUNK {
        changes[i] = changes[i - 1] + i as u32;
        i += 1;
    }
    changes
};

/// Fills a chunk with phases, gliding from step `from` to step `to`, and moves `phase` past it.
#[inline]
pub(crate) fn advance(phase: &mut u32, from: u32, to: u32) -> Phases {
    let change = ((to as i32).wrapping_sub(from as i32) / CHUNK as i32) as u32;
    let start = *phase;
    let at = |i: usize, changes: u32| {
        start.wrapping_add(from.wrapping_mul(i as u32)).wrapping_add(change.wrapping_mul(changes))
    };
    *phase = at(CHUNK, CHANGES[CHUNK - 1] + CHUNK as u32);
    std::array::from_fn(|i| at(i, CHANGES[i]))
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
    std::array::from_fn(|i| sine_at(phases[i]))
}

/// Sines of a chunk of phases pushed by `modulation` (in turns, up to 100).
#[inline]
pub(crate) fn sine_modulated(phases: &Phases, modulation: &Block) -> Block {
    std::array::from_fn(|i| sine_at(phases[i].wrapping_add(turns(modulation[i]))))
}

/// A phase offset of `cycles` turns.
#[inline]
pub(crate) fn turns(cycles: f32) -> u32 {
    ((cycles * 16_777_216.0) as i32 as u32) << 8
}

/// A rising saw from -1 to 1 with its step at phase zero; `step` is the phase step of the chunk.
#[inline]
pub(crate) fn saw(phases: &Phases, step: u32) -> Block {
    let frames_per_unit = 1.0 / (step.max(1) as f32);
    std::array::from_fn(|i| saw_at(phases[i], frames_per_unit))
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
    std::array::from_fn(|i| {
        let away = (phases[i].wrapping_shl(1) as i32 as f32 * frames_per_unit).abs();
        1.0_f32.copysign(phases[i] as i32 as f32) * (1.0 - residue(away))
    })
}

/// A pulse of mean zero, two units from bottom to top, high for the share `width` of a turn.
#[inline]
pub(crate) fn pulse(phases: &Phases, step: u32, width: f32) -> Block {
    let frames_per_unit = 1.0 / (step.max(1) as f32);
    let shift = turns(width.clamp(0.02, 0.98));
    std::array::from_fn(|i| {
        saw_at(phases[i].wrapping_sub(shift), frames_per_unit) - saw_at(phases[i], frames_per_unit)
    })
}

/// A triangle from -1 to 1 with its peak at phase zero.
#[inline]
pub(crate) fn triangle(phases: &Phases, step: u32) -> Block {
    let step = step.max(1) as f32;
    let frames_per_unit = 1.0 / step;
    let bend = 8.0 * step * TURN;
    std::array::from_fn(|i| {
        let top = (phases[i] as i32 as f32).abs();
        let bottom = (phases[i].wrapping_add(1 << 31) as i32 as f32).abs();
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
    fn a_phase_glides_without_a_jump() {
        let mut phase = 7;
        let first = advance(&mut phase, 1_000, 5_000);
        let second = advance(&mut phase, 5_000, 5_000);
        assert_eq!(second[0].wrapping_sub(first[15]), 5_000);
    }
}
