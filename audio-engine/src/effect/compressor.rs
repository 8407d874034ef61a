//! The compressor: feed-forward, both channels alike, with a soft knee.
//!
//! Level and gain live in decibels and move every 16 frames; between, the gain is a straight line. The static curve is
//! that of D. Giannoulis, M. Massberg, J. Reiss, "Digital Dynamic Range Compressor Design", JAES 60(6), 2012, equation 4.

use core::array::from_fn;

use wide::f32x4;

use super::lanes::{Block, Desk, Dial, Line, beside};
use super::slot::Effect;
use super::svf::CONTROL_FRAMES;
use super::{Knob, Quantum, Settings};
use crate::dsp::SAMPLE_RATE;
use crate::dsp::curves::{gain, log2};
use crate::dsp::math;
use crate::smooth::QUANTUM_FRAMES;

/// Decibels of a factor of two.
const OCTAVE_DECIBELS: f32 = 6.020_6;

/// Quietest level that is told apart, -120 dBFS.
const FLOOR: f32 = 1.0e-6;

/// Narrowest knee, decibels.
const SHARPEST: f32 = 1.0e-3;

/// Steps of a whole quantum, as many as there are lanes.
const CHUNKS: usize = QUANTUM_FRAMES / CONTROL_FRAMES;

/// The compressor.
#[derive(Debug)]
pub(super) struct Compressor {
    knobs: [Knob; 7],
    threshold: Dial,
    /// Decibels taken per decibel over the threshold, negative.
    slope: Dial,
    knee: Dial,
    makeup: Dial,
    followers: [Follower; 2],
}

/// How the gain of one strip follows what it should be.
#[derive(Clone, Copy, Debug)]
struct Follower {
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
        let rest = Dial::at(0.0);
        Self {
            knobs: ids.map(|id| Knob::named(&format!("compressor.{id}"))),
            threshold: rest,
            slope: rest,
            knee: rest,
            makeup: rest,
            followers: [Follower { attack: 1.0, release: 1.0, reduction: 0.0, gain: 1.0 }; 2],
        }
    }
}

impl Follower {
    /// The gains before the quantum and after each of its steps, for peaks, by threshold, slope, width of the knee and make-up.
    #[inline(never)]
    fn gains(
        &mut self,
        peaks: f32x4,
        [threshold, slope, knee, makeup]: [f32; 4],
        chunks: usize,
    ) -> [f32; CHUNKS + 1] {
        let levels = f32x4::splat(OCTAVE_DECIBELS) * log2(peaks.fast_max(f32x4::splat(FLOOR)));
        let reductions = self.follow(curve(levels, [threshold, slope, knee]), chunks);
        let [a, b, c, d] = gain(reductions + f32x4::splat(makeup)).to_array();
        let gains = [self.gain, a, b, c, d];
        self.gain = gains[chunks];
        gains
    }

    /// Goes on towards each of these gains, in decibels; gives where it stands after each.
    fn follow(&mut self, wanted: f32x4, chunks: usize) -> f32x4 {
        let mut reductions = wanted.to_array();
        for wanted in &mut reductions[..chunks] {
            let share = if *wanted < self.reduction { self.attack } else { self.release };
            self.reduction += (*wanted - self.reduction) * share;
            if self.reduction > -1.0e-4 && *wanted == 0.0 {
                self.reduction = 0.0;
            }
            *wanted = self.reduction;
        }
        f32x4::new(reductions)
    }
}

/// The share of the way to a target that is gone in 16 frames with this time constant.
fn approach(seconds: f32) -> f32 {
    1.0 - math::exp2(-core::f32::consts::LOG2_E * CONTROL_FRAMES as f32 / (seconds * SAMPLE_RATE))
}

/// Gain in decibels for levels, by threshold, slope and width of the knee: `slope * into^2 / (2 knee)` within the knee.
fn curve(levels: f32x4, [threshold, slope, knee]: [f32; 3]) -> f32x4 {
    let knee = f32x4::splat(knee.max(SHARPEST));
    let into = (levels - f32x4::splat(threshold) + f32x4::splat(0.5) * knee).fast_max(f32x4::ZERO);
    let within = into.fast_min(knee);
    let bent = within * within / (knee + knee);
    f32x4::splat(slope) * (bent + (into - within))
}

/// The peaks of both strips in each step of a quantum, a step to a lane.
fn peaks(block: &[f32x4]) -> [f32x4; 2] {
    let mut peaks = [f32x4::ZERO; CHUNKS];
    for (peak, chunk) in peaks.iter_mut().zip(block.chunks(CONTROL_FRAMES)) {
        *peak = chunk.iter().fold(f32x4::ZERO, |peak, x| peak.fast_max(x.abs()));
    }
    let [a, b, c, d] = f32x4::transpose(peaks);
    [a.fast_max(b), c.fast_max(d)]
}

impl Effect for Compressor {
    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, threshold, ratio, knee, makeup, attack, release] = self.knobs.map(|knob| settings.get(knob));
        self.threshold.go(strip, threshold, at_once);
        self.slope.go(strip, 1.0 / ratio.max(1.0) - 1.0, at_once);
        self.knee.go(strip, knee, at_once);
        self.makeup.go(strip, makeup, at_once);
        let follower = &mut self.followers[strip];
        (follower.attack, follower.release) = (approach(attack), approach(release));
        on
    }

    fn render(
        &mut self,
        dry: &Block,
        wet: &mut Block,
        _: &mut Desk,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        let dry = &dry[..frames];
        let peaks = peaks(dry);
        let dials = [&mut self.threshold, &mut self.slope, &mut self.knee, &mut self.makeup];
        let dials = dials.map(|dial| dial.ramps(strips).map(|ramp| ramp.to));
        let mut gains = [[1.0; CHUNKS + 1]; 2];
        for strip in (0..2).filter(|&strip| strips[strip]) {
            let settings = dials.map(|dial| dial[strip]);
            let chunks = frames.div_ceil(CONTROL_FRAMES);
            gains[strip] = self.followers[strip].gains(peaks[strip], settings, chunks);
        }
        let chunks = dry.chunks(CONTROL_FRAMES).zip(wet.chunks_mut(CONTROL_FRAMES));
        for (chunk, (dry, wet)) in chunks.enumerate() {
            let [from, to] = [chunk, chunk + 1].map(|at| beside(from_fn(|strip| gains[strip][at])));
            let mut steps = Line { from, to }.over(dry.len());
            for (x, wet) in dry.iter().zip(wet) {
                *wet = *x * steps.step();
            }
        }
    }

    fn clear(&mut self, strip: usize) {
        self.followers[strip].reduction = 0.0;
        self.followers[strip].gain = math::gain(self.makeup.value(strip));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_bends_softly_and_then_follows_the_ratio() {
        let slope = 1.0 / 4.0 - 1.0;
        let curve = |level: f32, threshold: f32, slope: f32, knee: f32| {
            curve(f32x4::splat(level), [threshold, slope, knee]).to_array()[0]
        };
        assert!((curve(-30.0, -18.0, slope, 6.0)).abs() < 1e-6);
        assert!((curve(-6.0, -18.0, slope, 6.0) + 9.0).abs() < 1e-5);
        let knee: Vec<f32> = (-44..-28).map(|half| curve(half as f32 / 2.0, -18.0, slope, 6.0)).collect();
        assert!(knee.windows(2).all(|pair| pair[1] <= pair[0] && pair[0] - pair[1] <= 0.376), "{knee:?}");
        assert!((curve(0.0, -18.0, slope, 0.0) + 13.5).abs() < 1e-3, "no knee at all");
    }
}
