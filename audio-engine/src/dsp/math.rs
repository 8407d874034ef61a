//! Functions that sound depends on, written in `+ - * /` alone, so that every platform agrees on every bit.

use wide::f32x4;

use super::{Block, curves};

/// State smaller than this is silence. Left alone it would decay into denormal numbers, which are slow, and
/// which some hosts flush and others do not.
const SILENCE_FLOOR: f32 = 1e-15;

/// `value`, or exactly zero when it is too small to matter.
#[inline]
pub(crate) fn flushed(value: f32) -> f32 {
    if value.abs() < SILENCE_FLOOR { 0.0 } else { value }
}

/// [`flushed`] in four lanes.
#[inline]
pub(crate) fn still(lanes: f32x4) -> f32x4 {
    lanes.abs().simd_lt(f32x4::splat(SILENCE_FLOOR)).bitselect(f32x4::ZERO, lanes)
}

/// The larger of `value` and zero (zero for NaN), in one instruction on every target.
#[inline]
pub(crate) fn positive(value: f32) -> f32 {
    if value > 0.0 { value } else { 0.0 }
}

/// 2 to the power `x`, for `x` from -120 to 120, to 2e-7: the Taylor series of degree seven around the middle of
/// each octave.
pub(crate) fn exp2(x: f32) -> f32 {
    let x = x.clamp(-120.0, 120.0);
    let whole = (x + 256.5) as i32 - 256;
    let y = (x - whole as f32) * std::f32::consts::LN_2;
    // Neighbouring terms pair by pair, so that no product waits for all the others.
    let (low, high) = (1.0 + y, 0.5 + y * (1.0 / 6.0));
    let (higher, highest) = (1.0 / 24.0 + y * (1.0 / 120.0), 1.0 / 720.0 + y * (1.0 / 5040.0));
    let square = y * y;
    let series = (low + square * high) + square * square * (higher + square * highest);
    f32::from_bits(((whole + 127) as u32) << 23) * series
}

/// The frequency ratio of an interval in semitones.
pub(crate) fn ratio(semitones: f32) -> f32 {
    exp2(semitones * (1.0 / 12.0))
}

/// The gain of a level in decibels (20 dB are a factor of ten).
pub(crate) fn gain(decibels: f32) -> f32 {
    exp2(decibels * 0.166_096_4)
}

/// The frequency in hertz of a MIDI key, fractions allowed (A4 = 69 = 440 Hz).
pub(crate) fn key_frequency(key: f32) -> f32 {
    440.0 * ratio(key - 69.0)
}

/// The integrator gain of a trapezoidal filter, by [`curves::prewarped`].
pub(crate) fn prewarped(hertz: f32) -> f32 {
    curves::prewarped(f32x4::splat(hertz)).to_array()[0]
}

/// A soft bend, by [`curves::saturate`].
#[inline]
pub(crate) fn saturate(x: f32) -> f32 {
    curves::saturate(f32x4::splat(x)).to_array()[0]
}

/// Bends a chunk: `drive` is the gain into the bend, `undrive` that out of it.
#[inline]
pub(crate) fn saturate_block(block: &mut Block, drive: f32, undrive: f32) {
    let (drive, undrive) = (f32x4::splat(drive), f32x4::splat(undrive));
    for four in block.as_chunks_mut::<4>().0 {
        *four = (curves::saturate(f32x4::new(*four) * drive) * undrive).to_array();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_and_tangents_are_close_to_the_true_ones() {
        for i in -1200..1200 {
            let x = i as f32 * 0.05;
            let true_value = libm::exp2(f64::from(x));
            assert!((f64::from(exp2(x)) / true_value - 1.0).abs() < 5e-7, "exp2({x})");
        }
        for i in 1..210 {
            let hertz = i as f32 * 100.0;
            let true_value = libm::tan(f64::from(hertz) * std::f64::consts::PI / 48_000.0);
            assert!((f64::from(prewarped(hertz)) / true_value - 1.0).abs() < 2e-4, "{hertz}");
        }
        assert!((gain(-20.0) - 0.1).abs() < 1e-6);
        assert!((key_frequency(60.0) - 261.625_58).abs() < 1e-3);
    }

    #[test]
    fn the_bend_is_odd_bounded_and_straight_at_zero() {
        assert!(saturate(100.0) <= 1.0 && saturate(-100.0) >= -1.0);
        assert!((saturate(0.01) - 0.01).abs() < 1e-5);
        assert!((saturate(0.7) + saturate(-0.7)).abs() < 1e-7);
    }

    #[test]
    fn silence_is_exact() {
        assert_eq!(flushed(1e-16).to_bits(), 0);
        assert!(flushed(-1e-14) < 0.0);
    }
}
