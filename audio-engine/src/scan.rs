//! One pass over a buffer that tells its peak and whether every sample is a number.

/// Bits of a positive infinity: every finite magnitude has smaller bits, every infinity and NaN has these or larger ones.
const INFINITY_BITS: u32 = 0x7f80_0000;

/// The largest magnitude in `buffer`, or `None` when a sample is not finite.
///
/// The bits of non-negative floats order as integers do, so one integer maximum answers both questions.
pub(crate) fn finite_peak(buffer: &[f32]) -> Option<f32> {
    let largest = buffer.iter().fold(0u32, |largest, sample| largest.max(sample.to_bits() & 0x7fff_ffff));
    (largest < INFINITY_BITS).then(|| f32::from_bits(largest))
}

/// Replaces every sample that is not finite by silence: the last line of defence before a loudspeaker.
pub(crate) fn silence_non_finite(buffer: &mut [f32]) {
    if finite_peak(buffer).is_none() {
        buffer.iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_largest_magnitude() {
        assert_eq!(finite_peak(&[0.25, -0.75, 0.5]), Some(0.75));
        assert_eq!(finite_peak(&[]), Some(0.0));
    }

    #[test]
    fn anything_not_finite_is_found_and_silenced() {
        for bad in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut buffer = [0.5, bad, -0.5];
            assert_eq!(finite_peak(&buffer), None);
            silence_non_finite(&mut buffer);
            assert_eq!(buffer, [0.5, 0.0, -0.5]);
        }
    }
}
