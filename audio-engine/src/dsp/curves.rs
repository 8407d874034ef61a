//! Functions in four lanes. `math` has those that are needed of single numbers.

use core::f32::consts::{LN_2, LOG2_E, PI};

use wide::bytemuck::cast;
use wide::{f32x4, i32x4};

use super::SAMPLE_RATE;

/// 2 to the power `x`, as [`super::math::exp2`].
#[inline(never)]
pub(crate) fn exp2(x: f32x4) -> f32x4 {
    let at = |x: f32| f32x4::splat(x);
    let x = x.fast_max(at(-120.0)).fast_min(at(120.0));
    let whole = (x + at(256.5)).fast_trunc_int() - i32x4::splat(256);
    let y = (x - f32x4::from_i32x4(whole)) * at(LN_2);
    let (low, high) = (at(1.0) + y, at(0.5) + y * at(1.0 / 6.0));
    let (higher, highest) = (at(1.0 / 24.0) + y * at(1.0 / 120.0), at(1.0 / 720.0) + y * at(1.0 / 5040.0));
    let square = y * y;
    let series = (low + square * high) + square * square * (higher + square * highest);
    cast::<i32x4, f32x4>((whole + i32x4::splat(127)) << 23) * series
}

/// The gain of levels in decibels.
pub(crate) fn gain(decibels: f32x4) -> f32x4 {
    exp2(decibels * f32x4::splat(0.166_096_4))
}

/// `tan(pi * hertz / rate)`, the integrator gain of a trapezoidal filter, up to 21 kHz: the continued fraction of
/// the tangent, cut after its fifth level.
#[inline]
pub(crate) fn prewarped(hertz: f32x4) -> f32x4 {
    let at = |x: f32| f32x4::splat(x);
    let x = hertz.fast_max(at(5.0)).fast_min(at(21_000.0)) * at(PI / SAMPLE_RATE);
    let s = x * x;
    x * (at(945.0) - s * (at(105.0) - s)) / (at(945.0) - s * (at(420.0) - at(15.0) * s))
}

/// A soft bend, after the rational approximation of the hyperbolic tangent; straight near zero, 1 at 3 and beyond.
#[inline]
pub(crate) fn saturate(x: f32x4) -> f32x4 {
    let [three, nine, most] = [3.0, 9.0, 27.0].map(f32x4::splat);
    let x = x.fast_min(three).fast_max(-three);
    let s = x * x;
    x * (most + s) / (most + nine * s)
}

/// The binary logarithm of positive normal numbers, to 5e-6: the exponent, and of the rest `m` the series of `2 artanh((m - 1) / (m + 1))`.
#[inline(never)]
pub(crate) fn log2(x: f32x4) -> f32x4 {
    let at = |x: f32| f32x4::splat(x);
    let bits = cast::<f32x4, i32x4>(x);
    let whole = f32x4::from_i32x4((bits >> 23) - i32x4::splat(127));
    let m = cast::<i32x4, f32x4>((bits & i32x4::splat(0x007f_ffff)) | i32x4::splat(0x3f80_0000));
    let s = (m - at(1.0)) / (m + at(1.0));
    let square = s * s;
    let (low, high) = (at(1.0) + square * at(1.0 / 3.0), at(0.2) + square * at(1.0 / 7.0));
    let series = low + square * square * (high + square * square * at(1.0 / 9.0));
    whole + s * at(2.0 * LOG2_E) * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::math;

    #[test]
    fn the_power_of_two_is_that_of_single_numbers() {
        for i in -1200..1200 {
            let x = i as f32 * 0.05;
            let lanes = exp2(f32x4::splat(x)).to_array();
            assert_eq!(lanes.map(f32::to_bits), [math::exp2(x).to_bits(); 4], "exp2({x})");
        }
    }

    #[test]
    fn the_logarithm_is_close_to_the_true_one() {
        for i in 1..4_000 {
            let x = math::exp2(i as f32 * 0.011 - 22.0);
            let [got, ..] = log2(f32x4::splat(x)).to_array();
            assert!((f64::from(got) - libm::log2(f64::from(x))).abs() < 5e-6, "log2({x}): {got}");
        }
    }
}
