//! How high a sound reaches, and how far a modulator may push it: what lies above half the rate comes back as an alias.

use crate::dsp::SAMPLE_RATE;

/// Hertz below which nothing may be folded: the top of hearing.
const HEARD: f32 = 20_000.0;

/// Hertz above which a line folds into what is heard.
const FOLDS: f32 = SAMPLE_RATE - HEARD;

/// The index of modulation, in radians, at which the sideband of each number from 1 on is 66 dB below the carrier: where
/// the first term of the Bessel function's series, `(index / 2)^n / n!`, is half a thousandth.
const INDICES: [f32; 16] = [
    0.001, 0.063, 0.288, 0.662, 1.139, 1.687, 2.282, 2.911, 3.565, 4.235, 4.920, 5.614, 6.317, 7.026, 7.740,
    8.458,
];

/// The largest index, in radians, at which a modulator that reaches up to `modulator` hertz leaves no sideband of `carrier`
/// hertz louder than -66 dB where it would fold.
pub(super) fn most_index(carrier: f32, modulator: f32) -> f32 {
    // So many sidebands have room; between two numbers the index grows evenly, so that it does not jump from key to key.
    let room = (FOLDS - carrier) / modulator.max(1.0);
    if room < 1.0 {
        return 0.0;
    }
    let whole = (room as usize).min(INDICES.len());
    let next = INDICES.get(whole).copied().unwrap_or(INDICES[whole - 1]);
    INDICES[whole - 1] + (next - INDICES[whole - 1]) * (room - whole as f32).clamp(0.0, 1.0)
}

/// How high a carrier reaches, in hertz, when it is modulated so (Carson's rule).
pub(super) fn reach(carrier: f32, modulator: f32, index: f32) -> f32 {
    if index > 0.0 { carrier + (index + 1.0) * modulator } else { carrier }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sideband_that_folds_is_half_a_thousandth() {
        for (number, index) in (1..).zip(INDICES) {
            let factorial: f64 = (1..=number).map(f64::from).product();
            let sideband = (1..=number).map(|_| f64::from(index) * 0.5).product::<f64>() / factorial;
            assert!((sideband / 5e-4 - 1.0).abs() < 0.03, "{number}: {sideband}");
        }
    }

    #[test]
    fn the_index_shrinks_evenly_up_the_keyboard() {
        let indices: Vec<f32> = (20..280).map(|tens| most_index(500.0, tens as f32 * 100.0)).collect();
        assert!(indices.windows(2).all(|pair| pair[1] <= pair[0]));
        assert!(indices[0] > 6.0 && indices[259] < f32::EPSILON);
    }
}
