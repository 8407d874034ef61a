//! Steps and corners without aliases.
//!
//! A wave's step (or the corner of a triangle) is made of all frequencies; those past half the rate fold back. So what a
//! low-pass would have left of the step, less the step itself, is added around each: eight frames to either side, from a table
//! (band-limited steps after E. Brandt, "Hard Sync Without Aliasing", ICMC 2001, with a symmetric kernel). The kernel is a
//! sinc at 22 kHz under a Kaiser window: what lies above 28 kHz, and would fold below 20 kHz, is 65 dB down.

use std::sync::LazyLock;

use wide::f32x4;

use super::{Block, CHUNK};

/// Frames to either side of an edge that its smoothing reaches.
pub(crate) const REACH: usize = 8;

const TAPS: usize = 2 * REACH;

/// Places between two frames for which the table holds the smoothing; between them lie straight lines.
const PLACES: usize = 64;

/// Sums per place when the kernel is integrated.
const GRAIN: usize = 4;

/// Corner of the kernel over half the rate: 22 kHz.
const CORNER: f64 = 22.0 / 24.0;

/// Shape of the Kaiser window: 65 dB.
const BETA: f64 = 6.2;

/// What is added to the frames around an edge, by how long before the middle frame it fell.
type Table = [[f32; TAPS]; PLACES + 1];

static TABLES: LazyLock<[Table; 2]> = LazyLock::new(tables);

/// Computes the tables, unless they are there. From then on the audio thread may read them.
pub(crate) fn prepare() {
    LazyLock::force(&TABLES);
}

/// A step or a corner of a wave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    /// The first frame after it, and the share of a frame that lies between.
    pub(crate) frame: usize,
    pub(crate) since: f32,
    /// The change of the wave, or of its slope per frame.
    pub(crate) size: f32,
    pub(crate) kind: Kind,
}

/// What changes at an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Step = 0,
    Corner = 1,
}

/// A chunk of a curve: `base + slope n + bend n (n + 1)` in its frame `n`, counted from zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Curve {
    pub(crate) base: f32,
    pub(crate) slope: f32,
    pub(crate) bend: f32,
}

/// What is added to the frames around an edge.
pub(crate) type Taps = [f32x4; TAPS / 4];

impl Edge {
    /// Its smoothing.
    #[inline]
    pub(crate) fn taps(&self) -> Taps {
        let place = self.since.clamp(0.0, 1.0) * PLACES as f32;
        let whole = (place as usize).min(PLACES - 1);
        let share = f32x4::splat(place - whole as f32);
        let size = f32x4::splat(self.size);
        let [near, far] = [whole, whole + 1].map(|at| TABLES[self.kind as usize][at].as_chunks::<4>().0);
        core::array::from_fn(|four| {
            let (near, far) = (f32x4::new(near[four]), f32x4::new(far[four]));
            (near + (far - near) * share) * size
        })
    }
}

/// A signal that is written one chunk ahead of where it is read, so that the edges of the fresh chunk can be smoothed before them
/// too.
#[derive(Debug, Clone)]
pub(crate) struct Ahead {
    /// The chunk to read next, the fresh one, and what the smoothing of its edges leaves for after it.
    frames: [f32; 2 * CHUNK + REACH],
}

impl Ahead {
    pub(crate) const SILENT: Self = Self { frames: [0.0; 2 * CHUNK + REACH] };

    /// Adds a wave as it is to the fresh chunk.
    #[inline]
    pub(crate) fn add(&mut self, wave: &Block, gain: f32) {
        for (sum, x) in self.frames[CHUNK..2 * CHUNK].iter_mut().zip(wave) {
            *sum += x * gain;
        }
    }

    /// Adds a curve to the fresh chunk.
    #[inline]
    pub(crate) fn add_curve(&mut self, curve: Curve) {
        let fresh = self.frames[CHUNK..2 * CHUNK].as_chunks_mut::<4>().0;
        let [base, slope, bend] = [curve.base, curve.slope, curve.bend].map(f32x4::splat);
        if curve.slope == 0.0 && curve.bend == 0.0 {
            for four in fresh {
                *four = (f32x4::new(*four) + base).to_array();
            }
            return;
        }
        let mut at = f32x4::new([0.0, 1.0, 2.0, 3.0]);
        for four in fresh {
            let mut line = base + slope * at;
            if curve.bend != 0.0 {
                line += bend * (at * (at + f32x4::ONE));
            }
            *four = (f32x4::new(*four) + line).to_array();
            at += f32x4::splat(4.0);
        }
    }

    /// Adds a sharp step from a frame of the fresh chunk on, to the end of this chunk.
    #[inline]
    pub(crate) fn step(&mut self, frame: usize, size: f32) {
        for x in &mut self.frames[CHUNK + frame.min(CHUNK)..2 * CHUNK] {
            *x += size;
        }
    }

    /// Adds the smoothing of one of its edges, whose taps these are.
    #[inline]
    pub(crate) fn smooth(&mut self, edge: &Edge, taps: &Taps, gain: f32) {
        let first = edge.frame.min(CHUNK - 1) + CHUNK - REACH;
        let frames = self.frames[first..first + TAPS].as_chunks_mut::<4>().0;
        let gain = f32x4::splat(gain);
        for (sum, tap) in frames.iter_mut().zip(taps) {
            *sum = (f32x4::new(*sum) + *tap * gain).to_array();
        }
    }

    /// The chunk that is due. The fresh one is next, and another begins.
    #[inline]
    pub(crate) fn next(&mut self) -> Block {
        let mut due = [0.0; CHUNK];
        due.copy_from_slice(&self.frames[..CHUNK]);
        self.frames.copy_within(CHUNK.., 0);
        self.frames[CHUNK + REACH..].fill(0.0);
        due
    }
}

/// The sine, by its series.
fn sine(x: f64) -> f64 {
    let turn = 2.0 * std::f64::consts::PI;
    let x = x - turn * ((x / turn) as i64 as f64);
    let (mut sum, mut term, mut n) = (x, x, 1.0);
    while n < 40.0 {
        term = -term * x * x / ((n + 1.0) * (n + 2.0));
        sum += term;
        n += 2.0;
    }
    sum
}

/// The kernel, `t` frames from its middle: the sinc times `I0(beta sqrt(1 - (t/8)^2))`, both by their series.
fn kernel(t: f64) -> f64 {
    let x = std::f64::consts::PI * CORNER * t;
    let sinc = if x * x < 1e-16 { 1.0 } else { sine(x) / x };
    let place = t / REACH as f64;
    let quarter = BETA * BETA * (1.0 - place * place) / 4.0;
    let (mut window, mut term, mut k) = (1.0, 1.0, 1.0);
    while k < 24.0 {
        term = term * quarter / (k * k);
        window += term;
        k += 1.0;
    }
    sinc * window
}

/// The integral of the kernel from its start to each place (and once more integrated), by the trapezoidal rule.
fn tables() -> [Table; 2] {
    const LENGTH: usize = TAPS * PLACES;
    let width = 1.0 / (PLACES * GRAIN) as f64;
    let (mut step, mut ramp) = ([0.0; LENGTH + 1], [0.0; LENGTH + 1]);
    let (mut before, mut at) = (kernel(-(REACH as f64)), 0);
    let (mut sum, mut double) = (0.0, 0.0);
    while at < LENGTH {
        let mut grain = 0;
        while grain < GRAIN {
            let now = kernel((at * GRAIN + grain + 1) as f64 * width - REACH as f64);
            let last = sum;
            sum += 0.5 * (before + now) * width;
            double += 0.5 * (last + sum) * width;
            before = now;
            grain += 1;
        }
        at += 1;
        step[at] = sum;
        ramp[at] = double;
    }
    let mut tables = [[[0.0_f32; TAPS]; PLACES + 1]; 2];
    let mut place = 0;
    while place <= PLACES {
        let mut tap = 0;
        while tap < TAPS {
            let at = tap * PLACES + place;
            // Less the step itself, and the ramp itself, which by symmetry is the same the other way round.
            let stepped = if tap >= REACH { 1.0 } else { 0.0 };
            tables[0][place][tap] = (step[at] / sum - stepped) as f32;
            let mirrored = if tap >= REACH { LENGTH - at } else { at };
            tables[1][place][tap] = (ramp[mirrored] / sum) as f32;
            tap += 1;
        }
        place += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smoothed_step_rises_from_the_one_level_to_the_other_and_is_symmetric() {
        let [steps, corners] = &*TABLES;
        for (place, taps) in steps.iter().enumerate() {
            assert!(taps[0].abs() < 1e-3 && taps[TAPS - 1].abs() < 1e-3);
            for (tap, x) in taps.iter().enumerate() {
                let mirrored = steps[PLACES - place][TAPS - 1 - tap];
                assert!((x + mirrored).abs() < 1e-6, "place {place}, tap {tap}: {x} and {mirrored}");
            }
        }
        assert!((steps[0][REACH] + 0.5).abs() < 1e-6 && (steps[PLACES][REACH - 1] - 0.5).abs() < 1e-6);
        for (place, taps) in corners.iter().enumerate() {
            for (tap, x) in taps.iter().enumerate() {
                assert!((x - corners[PLACES - place][TAPS - 1 - tap]).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_series_is_the_sine() {
        for i in -300..300 {
            let x = f64::from(i) * 0.1;
            assert!((sine(x) - libm::sin(x)).abs() < 1e-12, "{x}");
        }
    }
}
