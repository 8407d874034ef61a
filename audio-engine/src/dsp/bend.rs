//! A bend at twice the rate: what it adds above half the rate is taken away before it could fold.
//!
//! Half-band filters go up and down again, each two chains of all-passes of the second order of which one hears what the other does not
//! (R. Valenzuela, A. Constantinides, "Digital Signal Processing Schemes for Efficient Interpolation and Decimation", IEE Proceedings 130 G,
//! 1983). Both chains are passed once on every way, so that what is not bent loses nothing but its phases.

use wide::f32x4;

use super::curves::saturate;
use super::math::still;
use super::{Block, SILENCE};

/// All-passes of either chain. Elliptic, up to 18 kHz of 96: 77 dB from 30 kHz on.
const CHAINS: [[f32; 2]; 2] = [[0.068_833, 0.505_997], [0.252_22, 0.813_395]];

/// The same, lane by lane: on the way up both channels go through the first and both through the second chain, on the way down the other
/// way round.
const UP: [f32x4; 2] = [
    f32x4::new([CHAINS[0][0], CHAINS[0][0], CHAINS[1][0], CHAINS[1][0]]),
    f32x4::new([CHAINS[0][1], CHAINS[0][1], CHAINS[1][1], CHAINS[1][1]]),
];
const DOWN: [f32x4; 2] = [
    f32x4::new([CHAINS[1][0], CHAINS[1][0], CHAINS[0][0], CHAINS[0][0]]),
    f32x4::new([CHAINS[1][1], CHAINS[1][1], CHAINS[0][1], CHAINS[0][1]]),
];

/// What two chains of one channel hold: their input, what lies between their all-passes, and their output in the last frame.
type Held = [[f32; 2]; 3];

/// The memories of one channel: on the way up, and down.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bend {
    up: Held,
    down: Held,
}

/// Gains into the bend, and out of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drive {
    pub(crate) into: f32,
    pub(crate) out: f32,
}

impl Drive {
    /// One that is this much past one, and is made up for by half as much.
    pub(crate) fn past_one(excess: f32) -> Self {
        Self { into: 1.0 + excess, out: 1.0 / (1.0 + 0.5 * excess) }
    }

    /// Whether it bends anything.
    pub(crate) fn is_heard(self) -> bool {
        self.into > 1.01
    }
}

impl Bend {
    /// Bends a chunk in place.
    pub(crate) fn run(&mut self, drive: Drive, block: &mut Block) {
        Self::run_pair([self, &mut Self::default()], [drive; 2], [block, &mut SILENCE.clone()]);
    }

    /// Bends chunks of two channels in place. Neither hears the other.
    pub(crate) fn run_pair(
        [one, other]: [&mut Self; 2],
        [first, second]: [Drive; 2],
        [left, right]: [&mut Block; 2],
    ) {
        let lanes = |[l, r]: [f32; 2]| f32x4::new([l, r, l, r]);
        let (into, out) =
            (lanes([first.into, second.into]), lanes([first.out, second.out]) * f32x4::splat(0.5));
        let (mut up, mut down) = (joined(&one.up, &other.up), joined(&one.down, &other.down));
        for (l, r) in left.as_chunks_mut::<4>().0.iter_mut().zip(right.as_chunks_mut::<4>().0) {
            let (both, again) = (f32x4::new(*l), f32x4::new(*r));
            let bent = f32x4::transpose([both, again, both, again])
                .map(|x| passed(&mut down, DOWN, saturate(passed(&mut up, UP, x) * into)) * out);
            let [even, even_right, odd, odd_right] = f32x4::transpose(bent);
            (*l, *r) = ((even + odd).to_array(), (even_right + odd_right).to_array());
        }
        (one.up, other.up) = parted(up);
        (one.down, other.down) = parted(down);
    }
}

/// Both channels' chains, lane by lane.
fn joined(left: &Held, right: &Held) -> [f32x4; 3] {
    core::array::from_fn(|at| f32x4::new([left[at][0], right[at][0], left[at][1], right[at][1]]))
}

/// What the chains of both channels hold, without what is too small to matter.
fn parted(lanes: [f32x4; 3]) -> (Held, Held) {
    let lanes = lanes.map(|lanes| still(lanes).to_array());
    (lanes.map(|[left, _, right, _]| [left, right]), lanes.map(|[_, left, _, right]| [left, right]))
}

/// The next frame of the chains: of every all-pass, `y = x' + a (x - y')`, where `x'` and `y'` are of the last frame.
#[inline]
fn passed(held: &mut [f32x4; 3], [first, second]: [f32x4; 2], x: f32x4) -> f32x4 {
    let between = held[0] + first * (x - held[1]);
    let y = held[1] + second * (between - held[2]);
    *held = [x, between, y];
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::CHUNK;

    fn bent(hertz: f64, gain: f64, drive: f32) -> Vec<f32> {
        let mut bend = Bend::default();
        let sine = |n: usize| gain * libm::sin(std::f64::consts::TAU * hertz * n as f64 / 48_000.0);
        let mut signal: Vec<f32> = (0..9_600).map(|n| sine(n) as f32).collect();
        for block in signal.as_chunks_mut::<CHUNK>().0 {
            bend.run(Drive { into: drive, out: 1.0 / drive }, block);
        }
        signal
    }

    fn level(signal: &[f32], hertz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, x) in signal.iter().enumerate() {
            let angle = std::f64::consts::TAU * hertz * n as f64 / 48_000.0;
            re += f64::from(*x) * libm::cos(angle);
            im += f64::from(*x) * libm::sin(angle);
        }
        20.0 * libm::log10((re * re + im * im).sqrt() * 2.0 / signal.len() as f64 + 1e-12)
    }

    #[test]
    fn what_is_soft_passes_as_loud_as_it_was() {
        for hertz in [100.0, 5_000.0, 15_000.0] {
            let passed = level(&bent(hertz, 0.01, 1.0)[4_800..], hertz);
            assert!((passed + 40.0).abs() < 0.01, "{hertz} Hz: {passed:.3} dB");
        }
    }

    #[test]
    fn overtones_of_a_hard_bend_do_not_fold() {
        let signal = &bent(5_000.0, 0.5, 4.0)[4_800..];
        assert!(level(signal, 15_000.0) > -40.0, "the third harmonic is there");
        // The seventh, of 35 kHz, would fold to 13 kHz.
        let folded = level(signal, 13_000.0) - level(signal, 5_000.0);
        assert!(folded < -70.0, "{folded:.1} dB");
    }
}
