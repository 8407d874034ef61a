//! From samples to whole numbers.

use score::chance::hash;

/// Seed of the dither: the same sound gives the same file.
const SEED: u64 = 0x0ff_bea7;

/// Rounds samples to whole numbers of a width in bits, clipping those beyond full scale.
pub(super) struct Quantiser {
    full_scale: f64,
    /// Whether noise is added first: the sum of two even distributions, one step wide each, which makes the error's mean
    /// and power independent of the sound. (S. Lipshitz, R. Wannamaker, J. Vanderkooy, "Quantization and Dither: A
    /// Theoretical Survey", JAES 40(5), 1992.)
    is_dithered: bool,
    position: u64,
}

impl Quantiser {
    /// To 16 bits, with dither: the step is within hearing.
    pub(super) fn to_16_bits() -> Self {
        Self { full_scale: 32_768.0, is_dithered: true, position: 0 }
    }

    /// To 24 bits: the step is below every converter's noise.
    pub(super) fn to_24_bits() -> Self {
        Self { full_scale: 8_388_608.0, is_dithered: false, position: 0 }
    }

    pub(super) fn next(&mut self, sample: f32) -> i32 {
        let noise = if self.is_dithered { triangular(hash(&[SEED, self.position])) } else { 0.0 };
        self.position += 1;
        let value = f64::from(sample) * self.full_scale + noise;
        // Adding one half and rounding down puts halves up, on both sides of zero.
        let rounded = (value + 0.5).floor();
        rounded.clamp(-self.full_scale, self.full_scale - 1.0) as i32
    }
}

/// A number between -1 and 1, those near 0 the likeliest.
fn triangular(bits: u64) -> f64 {
    let even = |bits: u32| f64::from(bits) / 4_294_967_296.0;
    even(bits as u32) - even((bits >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_far_below_a_step_survives_sixteen_bits() {
        let level = 0.2 / 32_768.0;
        let mut quantiser = Quantiser::to_16_bits();
        let mean = (0..200_000).map(|_| f64::from(quantiser.next(level))).sum::<f64>() / 200_000.0;
        assert!((mean - 0.2).abs() < 0.01, "{mean}");
        let mut quantiser = Quantiser::to_16_bits();
        let power = (0..200_000).map(|_| f64::from(quantiser.next(0.0)).powi(2)).sum::<f64>() / 200_000.0;
        // A twelfth of rounding and two of the noise.
        assert!((power - 0.25).abs() < 0.01, "{power}");
    }

    #[test]
    fn full_scale_is_kept_and_what_is_beyond_is_clipped() {
        let mut quantiser = Quantiser::to_24_bits();
        let whole = [-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, f32::NAN].map(|sample| quantiser.next(sample));
        assert_eq!(whole, [-8_388_608, -8_388_608, 0, 4_194_304, 8_388_607, 8_388_607, 0]);
    }
}
