//! The compressor: feed-forward, both channels alike, with a soft knee.
//!
//! Level and gain live in decibels and move every 16 frames; between, the gain is a straight line. The static curve is
//! that of D. Giannoulis, M. Massberg, J. Reiss, "Digital Dynamic Range Compressor Design", JAES 60(6), 2012, equation 4.

use super::slot::Effect;
use super::svf::CONTROL_FRAMES;
use super::{Knob, Moment, Settings};
use crate::dsp::SAMPLE_RATE;
use crate::dsp::math::{exp2, gain};
use crate::scan::finite_peak;
use crate::smooth::Smooth;

/// Decibels of a factor of two.
const OCTAVE_DECIBELS: f32 = 6.020_6;

/// Quietest level that is told apart, -120 dBFS.
const FLOOR: f32 = 1.0e-6;

/// The compressor.
#[derive(Debug)]
pub(super) struct Compressor {
    knobs: [Knob; 7],
    threshold: Smooth,
    /// Decibels taken per decibel over the threshold, negative.
    slope: Smooth,
    knee: Smooth,
    makeup: Smooth,
    /// Shares of the way that the gain goes in 16 frames, when falling and when rising.
    attack: f32,
    release: f32,
    /// Gain in decibels, without make-up.
    reduction: f32,
    gain: f32,
}

impl Compressor {
    pub(super) fn new() -> Self {
        let ids = ["on", "threshold", "ratio", "knee", "makeup", "attack", "release"];
        Self {
            knobs: ids.map(|id| Knob::named(&format!("compressor.{id}"))),
            threshold: Smooth::at(0.0),
            slope: Smooth::at(0.0),
            knee: Smooth::at(0.0),
            makeup: Smooth::at(0.0),
            attack: 1.0,
            release: 1.0,
            reduction: 0.0,
            gain: 1.0,
        }
    }
}

/// The share of the way to a target that is gone in 16 frames with this time constant.
fn approach(seconds: f32) -> f32 {
    1.0 - exp2(-core::f32::consts::LOG2_E * CONTROL_FRAMES as f32 / (seconds * SAMPLE_RATE))
}

/// Gain in decibels for a level, by threshold, slope and width of the knee.
fn curve(level: f32, threshold: f32, slope: f32, knee: f32) -> f32 {
    let over = level - threshold;
    if 2.0 * over <= -knee {
        0.0
    } else if 2.0 * over < knee {
        let into = over + 0.5 * knee;
        slope * into * into / (2.0 * knee)
    } else {
        slope * over
    }
}

impl Effect for Compressor {
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, threshold, ratio, knee, makeup, attack, release] = self.knobs.map(|knob| settings.get(knob));
        self.threshold.go(threshold, at_once);
        self.slope.go(1.0 / ratio.max(1.0) - 1.0, at_once);
        self.knee.go(knee, at_once);
        self.makeup.go(makeup, at_once);
        (self.attack, self.release) = (approach(attack), approach(release));
        on
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let [threshold, slope, knee, makeup] =
            [&mut self.threshold, &mut self.slope, &mut self.knee, &mut self.makeup].map(|s| s.advance().to);
        for (left, right) in left.chunks_mut(CONTROL_FRAMES).zip(right.chunks_mut(CONTROL_FRAMES)) {
            let peak = finite_peak(left).unwrap_or(0.0).max(finite_peak(right).unwrap_or(0.0));
            let level = OCTAVE_DECIBELS * libm::log2f(peak.max(FLOOR));
            let wanted = curve(level, threshold, slope, knee);
            let share = if wanted < self.reduction { self.attack } else { self.release };
            self.reduction += (wanted - self.reduction) * share;
            if self.reduction > -1.0e-4 && wanted == 0.0 {
                self.reduction = 0.0;
            }
            let from = self.gain;
            self.gain = gain(self.reduction + makeup);
            let step = (self.gain - from) / left.len() as f32;
            for (i, (l, r)) in left.iter_mut().zip(right).enumerate() {
                let gain = from + step * (i + 1) as f32;
                *l *= gain;
                *r *= gain;
            }
        }
    }

    fn clear(&mut self) {
        self.reduction = 0.0;
        self.gain = gain(self.makeup.value());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_bends_softly_and_then_follows_the_ratio() {
        let slope = 1.0 / 4.0 - 1.0;
        assert!((curve(-30.0, -18.0, slope, 6.0)).abs() < 1e-6);
        assert!((curve(-6.0, -18.0, slope, 6.0) + 9.0).abs() < 1e-5);
        let knee: Vec<f32> = (-44..-28).map(|half| curve(half as f32 / 2.0, -18.0, slope, 6.0)).collect();
        assert!(knee.windows(2).all(|pair| pair[1] <= pair[0] && pair[0] - pair[1] <= 0.376), "{knee:?}");
        assert!((curve(0.0, -18.0, slope, 0.0) + 13.5).abs() < 1e-5, "no knee at all");
    }
}
