//! The multimode filter, 12 or 24 dB per octave.
//!
//! Two state-variable filters. A mode is a mix of the filter's outputs, so changing it is a crossfade.

use super::lanes::{Block, Desk, Dial, Line, others};
use super::slot::Effect;
use super::svf::{CONTROL_FRAMES, Coefficients, Svf};
use super::{Knob, Quantum, Settings};
use crate::dsp::curves::{exp2, prewarped};
use wide::f32x4;

/// Damping of the second stage, a Butterworth's; the resonance belongs to the first.
const SECOND_DAMPING: f32 = core::f32::consts::SQRT_2;

/// Mix of direct, band-pass and low-pass.
type Weights = [Dial; 3];

/// The filter.
#[derive(Debug)]
pub(super) struct Filter {
    knobs: [Knob; 5],
    /// Binary logarithm of the corner in hertz.
    octave: Dial,
    damping: Dial,
    steep: Dial,
    weights: [Weights; 2],
    now: [Coefficients; 2],
    /// Nothing of that moves, and `now` says so.
    is_settled: bool,
    stages: [Svf; 2],
}

impl Filter {
    pub(super) fn new() -> Self {
        let ids = ["filter.on", "filter.mode", "filter.slope", "filter.cutoff", "filter.resonance"];
        Self {
            knobs: ids.map(Knob::named),
            octave: Dial::at(10.0),
            damping: Dial::at(1.0),
            steep: Dial::at(0.0),
            weights: [[Dial::at(0.0); 3]; 2],
            now: [Coefficients::neutral(); 2],
            is_settled: false,
            stages: [Svf::default(); 2],
        }
    }
}

impl Filter {
    /// How corner, damping and weights move through the next quantum.
    fn advance(&mut self, strips: [bool; 2]) -> [Line; 8] {
        let [[a, b, c], [d, e, f]] = &mut self.weights;
        [&mut self.octave, &mut self.damping, a, b, c, d, e, f].map(|dial| dial.advance(strips))
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
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, mode, slope, cutoff, resonance] = self.knobs.map(|knob| settings.get(knob));
        let damping = 2.0 - 1.95 * resonance;
        self.is_settled = false;
        self.octave.go(strip, libm::log2f(cutoff), at_once);
        self.damping.go(strip, damping, at_once);
        self.steep.go(strip, slope.min(1.0), at_once);
        for (weights, damping) in self.weights.iter_mut().zip([damping, SECOND_DAMPING]) {
            for (weight, target) in weights.iter_mut().zip(weights_of(mode, damping)) {
                weight.go(strip, target, at_once);
            }
        }
        on
    }

    fn render(
        &mut self,
        dry: &Block,
        wet: &mut Block,
        _: &mut Desk,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        let lines = (!self.is_settled).then(|| self.advance(strips));
        let is_still = lines.iter().flatten().all(|line| line.is_flat());
        let mut steep = self.steep.advance(strips).over(frames);
        let chunks = dry[..frames].chunks(CONTROL_FRAMES).zip(wet.chunks_mut(CONTROL_FRAMES));
        for (chunk, (dry, wet)) in chunks.enumerate() {
            if let Some(lines) = lines.filter(|_| !self.is_settled) {
                let place = (chunk * CONTROL_FRAMES + dry.len()) as f32 / frames as f32;
                let [octave, damping, a, b, c, d, e, f] = lines.map(|line| line.at(place));
                let g = prewarped(exp2(octave));
                let second = Coefficients::mixed(g, f32x4::splat(SECOND_DAMPING), [d, e, f]);
                self.now = [Coefficients::mixed(g, damping, [a, b, c]), second];
                self.is_settled = is_still;
            }
            let ([c, d], [mut one, mut two]) = (self.now, self.stages);
            for (x, wet) in dry.iter().zip(wet) {
                let gentle = one.next(&c, *x);
                *wet = gentle + (two.next(&d, gentle) - gentle) * steep.step();
            }
            one.flush();
            two.flush();
            self.stages = [one, two];
        }
    }

    fn clear(&mut self, strip: usize) {
        self.stages.iter_mut().for_each(|stage| stage.keep(others(strip)));
        // What moved when the strip was last heard moves on when it is heard again.
        self.is_settled = false;
    }
}
