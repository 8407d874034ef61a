//! One pass over a buffer that tells its peak and whether every sample is a number.

use wide::f32x4;

/// The largest magnitude so far, in four lanes: the order in which maxima are taken changes none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    peaks: f32x4,
    /// Zero, and not a number as soon as a sample was none or infinite.
    astray: f32x4,
}

impl Scan {
    pub(crate) const EMPTY: Self = Self { peaks: f32x4::ZERO, astray: f32x4::ZERO };

    /// Takes in four samples.
    #[inline]
    pub(crate) fn see(&mut self, samples: f32x4) {
        self.peaks = self.peaks.fast_max(samples.abs());
        self.astray += samples * f32x4::ZERO;
    }

    /// The largest magnitude, or `None` when a sample was not finite.
    #[inline]
    pub(crate) fn peak(self) -> Option<f32> {
        let [a, b, c, d] = self.astray.to_array();
        let [p, q, r, s] = self.peaks.to_array();
        ((a + b) + (c + d) == 0.0).then(|| p.max(q).max(r.max(s)))
    }
}

/// The largest magnitude in `buffer`, or `None` when a sample is not finite.
pub(crate) fn finite_peak(buffer: &[f32]) -> Option<f32> {
    let (fours, rest) = buffer.as_chunks::<4>();
    let mut scan = Scan::EMPTY;
    for four in fours {
        scan.see(f32x4::new(*four));
    }
    for sample in rest {
        scan.see(f32x4::splat(*sample));
    }
    scan.peak()
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
