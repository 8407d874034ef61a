//! Level meters: what the interface shows beside each fader.

/// Fall of the peak reading per quantum: 24 dB a second, `10^(-24 / 20 * 64 / 48000)`.
const PEAK_FALL: f32 = 0.996_322;

/// Share of the newest quantum in the mean square: a time constant of 300 ms, the classic VU integration.
const MEAN_SHARE: f32 = 0.004_435;

/// Readings below this are shown as silence.
const FLOOR: f32 = 1.0e-6;

/// A reading, linear: 1.0 is full scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// Largest magnitude, falling by 24 dB a second.
    pub peak: f32,
    /// Root of the mean square over about 300 ms, both channels together.
    pub rms: f32,
}

/// Follows the level of a stereo signal, one quantum at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meter {
    peak: f32,
    mean_square: f32,
}

impl Meter {
    /// Takes in one quantum whose largest magnitude is `peak`.
    pub(crate) fn observe(&mut self, left: &[f32], right: &[f32], peak: f32) {
        let square = if peak > FLOOR { mean_square(left, right) } else { 0.0 };
        self.settle(peak, square);
    }

    /// Takes in one quantum of silence.
    pub(crate) fn observe_silence(&mut self) {
        self.settle(0.0, 0.0);
    }

    fn settle(&mut self, peak: f32, square: f32) {
        let fallen = self.peak * PEAK_FALL;
        self.peak = if fallen < FLOOR { peak } else { fallen.max(peak) };
        self.mean_square += (square - self.mean_square) * MEAN_SHARE;
        if self.mean_square < FLOOR * FLOOR {
            self.mean_square = 0.0;
        }
    }

    /// What a meter shows. The mean falls more slowly than the peak, and is never shown above it.
    pub(crate) fn level(self) -> Level {
        Level { peak: self.peak, rms: self.mean_square.sqrt().min(self.peak) }
    }
}

/// Mean square of both channels, summed in four lanes in one written order.
fn mean_square(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 4];
    for channel in [left, right] {
        let (fours, rest) = channel.as_chunks::<4>();
        for frames in fours {
            for (lane, sample) in lanes.iter_mut().zip(frames) {
                *lane += sample * sample;
            }
        }
        for (lane, sample) in lanes.iter_mut().zip(rest) {
            *lane += sample * sample;
        }
    }
    let count = (left.len() + right.len()).max(1);
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) / count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_wave_reads_its_amplitude_in_peak_and_rms() {
        let mut meter = Meter::default();
        let wave: Vec<f32> = (0..64).map(|i| if i % 2 == 0 { 0.5 } else { -0.5 }).collect();
        for _ in 0..2_000 {
            meter.observe(&wave, &wave, 0.5);
        }
        let level = meter.level();
        assert!((level.rms - 0.5).abs() < 0.01 && (level.peak - 0.5).abs() < 1e-6, "{level:?}");
    }

    #[test]
    fn silence_falls_to_exactly_zero() {
        let mut meter = Meter::default();
        meter.observe(&[1.0; 64], &[1.0; 64], 1.0);
        for _ in 0..20_000 {
            meter.observe_silence();
        }
        assert_eq!(meter.level(), Level::default());
    }
}
