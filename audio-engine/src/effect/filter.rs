//! The multimode filter, 12 or 24 dB per octave.
//!
//! Two state-variable filters by trapezoidal integration (A. Simper, "Linear Trapezoidal Integrated State Variable Filter",
//! Cytomic 2013). A mode is a mix of the filter's outputs, so changing it is a crossfade.

use super::slot::Effect;
use super::svf::{CONTROL_FRAMES, Coefficients, Stereo, run_first_and_share, run_series};
use super::{Knob, Moment, Settings};
use crate::dsp::math::{exp2, prewarped};
use crate::smooth::Smooth;

/// Damping of the second stage, a Butterworth's; the resonance belongs to the first.
const SECOND_DAMPING: f32 = core::f32::consts::SQRT_2;

/// Mix of direct, band-pass and low-pass.
type Weights = [Smooth; 3];

/// The filter.
#[derive(Debug)]
pub(super) struct Filter {
    knobs: [Knob; 5],
    /// Binary logarithm of the corner in hertz.
    octave: Smooth,
    damping: Smooth,
    steep: Smooth,
    weights: [Weights; 2],
    now: [Coefficients; 2],
    /// Nothing of that moves, and `now` says so.
    is_settled: bool,
    stages: [Stereo; 2],
}

impl Filter {
    pub(super) fn new() -> Self {
        let ids = ["filter.on", "filter.mode", "filter.slope", "filter.cutoff", "filter.resonance"];
        Self {
            knobs: ids.map(Knob::named),
            octave: Smooth::at(10.0),
            damping: Smooth::at(1.0),
            steep: Smooth::at(0.0),
            weights: [[Smooth::at(0.0); 3]; 2],
            now: [Coefficients::mixed(0.1, 1.0, [1.0, 0.0, 0.0]); 2],
            is_settled: false,
            stages: [Stereo::default(); 2],
        }
    }
}

/// The mix that makes a mode, in the catalogue's order, of a filter with this damping.
fn weights_of(mode: f32, damping: f32) -> [f32; 3] {
    match mode as u8 {
        0 => [0.0, 0.0, 1.0],
        1 => [1.0, -damping, -1.0],
        2 => [0.0, damping, 0.0],
        _ => [1.0, -damping, 0.0],
    }
}

impl Effect for Filter {
    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, mode, slope, cutoff, resonance] = self.knobs.map(|knob| settings.get(knob));
        let damping = 2.0 - 1.95 * resonance;
        self.is_settled = false;
        self.octave.go(libm::log2f(cutoff), at_once);
        self.damping.go(damping, at_once);
        self.steep.go(slope.min(1.0), at_once);
        for (weights, damping) in self.weights.iter_mut().zip([damping, SECOND_DAMPING]) {
            for (weight, target) in weights.iter_mut().zip(weights_of(mode, damping)) {
                weight.go(target, at_once);
            }
        }
        on
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], _: Moment) {
        let frames = left.len();
        let (octave, damping, steep) = (self.octave.advance(), self.damping.advance(), self.steep.advance());
        let weights = self.weights.each_mut().map(|stage| stage.each_mut().map(Smooth::advance));
        let is_gentle = steep.is_flat() && steep.to <= 0.0;
        if is_gentle {
            self.stages[1] = Stereo::default();
        }
        let at = |place: f32| {
            let g = prewarped(exp2(octave.at(place)));
            let mix = weights.map(|stage| stage.map(|weight| weight.at(place)));
            let dampings = [damping.at(place), SECOND_DAMPING];
            [0, 1].map(|stage| Coefficients::mixed(g, dampings[stage], mix[stage]))
        };
        let is_still = octave.is_flat() && damping.is_flat() && weights.iter().flatten().all(|w| w.is_flat());
        if is_still && !self.is_settled {
            self.now = at(1.0);
        }
        self.is_settled = is_still;
        let blocks = left.chunks_mut(CONTROL_FRAMES).zip(right.chunks_mut(CONTROL_FRAMES));
        for (block, (left, right)) in blocks.enumerate() {
            let place = ((block * CONTROL_FRAMES + left.len()) as f32 / frames as f32).min(1.0);
            if !is_still {
                self.now = at(place);
            }
            let [first, second] = &self.now;
            if is_gentle {
                run_series(core::array::from_mut(&mut self.stages[0]), [first], left, right);
            } else {
                run_first_and_share(&mut self.stages, [first, second], steep.at(place), left, right);
            }
        }
    }

    fn clear(&mut self) {
        self.stages = [Stereo::default(); 2];
    }
}
