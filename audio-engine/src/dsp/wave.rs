//! The waves of analogue oscillators, drawn a chunk at a time with all their edges listed.
//!
//! A phase is a `u32` that wraps by itself. A wave is drawn as the phase gives it, with sharp steps and corners; where it has
//! one, an [`Edge`] says so, and whoever sounds the wave adds its smoothing.

use arrayvec::ArrayVec;
use wide::i32x4;

use super::edge::{Edge, Kind};
use super::oscillator::{Phases, advance, drawn, sine, turns};
use super::{Block, CHUNK};

/// Turns of the phase per unit of the integer.
const TURN: f32 = 1.0 / 4_294_967_296.0;

/// Half a turn, and the sign of a phase taken as a signed number.
const HALF: u32 = 1 << 31;

/// Most edges of a chunk: two in each period, of four frames at least.
const MAX_EDGES: usize = 2 * CHUNK / 4 + 2;

/// A wave's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Sine,
    Triangle,
    Saw,
    Pulse,
}

/// The edges of a chunk.
pub(crate) type Edges = ArrayVec<Edge, MAX_EDGES>;

/// The phase at which a pulse falls: where it was at the end of the last chunk, and where it is at the end of this one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fall {
    from: u32,
    to: u32,
}

impl Fall {
    /// A pulse that is high for the share `width` of a turn.
    pub(crate) fn at(width: f32) -> Self {
        let at = turns(width.clamp(0.02, 0.98));
        Self { from: at, to: at }
    }

    /// The next chunk, in which the width moves to this one.
    pub(crate) fn moved(self, width: f32) -> Self {
        Self { from: self.to, to: Self::at(width).to }
    }

    /// Whether the width stays.
    pub(crate) fn is_still(self) -> bool {
        self.from == self.to
    }

    /// Phases counted from the fall; the first is that of the frame before the chunk.
    fn counted(self, before: u32, phases: &Phases) -> (u32, Phases) {
        let change = ((self.to.wrapping_sub(self.from)) as i32 / CHUNK as i32) as u32;
        let counted = core::array::from_fn(|i| {
            phases[i].wrapping_sub(self.from).wrapping_sub(change.wrapping_mul(i as u32 + 1))
        });
        (before.wrapping_sub(self.from), counted)
    }
}

impl Shape {
    /// A chunk of the wave, not yet smoothed, and its edges.
    #[inline]
    pub(crate) fn drawn(self, course: Course, fall: Fall, edges: &mut Edges) -> Block {
        edges.clear();
        let (before, phases) = (course.start.wrapping_sub(course.step), &course.phases());
        match self {
            Shape::Sine => sine(phases),
            Shape::Saw => {
                list(edges, before, phases, Kind::Step, -2.0);
                saw(phases)
            }
            Shape::Pulse => {
                let (fallen, counted) = fall.counted(before, phases);
                list(edges, before, phases, Kind::Step, 2.0);
                list(edges, fallen, &counted, Kind::Step, -2.0);
                let (rising, falling) = (saw(phases), saw(&counted));
                core::array::from_fn(|i| falling[i] - rising[i])
            }
            Shape::Triangle => {
                let half = phases.map(|phase| phase.wrapping_add(HALF));
                list(edges, before, phases, Kind::Corner, -8.0);
                list(edges, before.wrapping_add(HALF), &half, Kind::Corner, 8.0);
                drawn(phases, |phase| 1.0 - (phase as i32 as f32).abs() * (4.0 * TURN))
            }
        }
    }
}

/// How a phase goes on through a chunk: where it stands in the first frame, the step to there, and by how much steps change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    pub(crate) start: u32,
    pub(crate) step: u32,
    pub(crate) change: u32,
}

impl Course {
    /// The course of a phase from step to step.
    #[inline]
    pub(crate) fn new(start: u32, from: u32, to: u32) -> Self {
        Self { start, step: from, change: ((to as i32).wrapping_sub(from as i32) / CHUNK as i32) as u32 }
    }

    /// Where the phase stands after so many frames.
    #[inline]
    pub(crate) fn after(self, frames: u32) -> u32 {
        let steps = self.step.wrapping_mul(frames);
        self.start.wrapping_add(steps).wrapping_add(self.change.wrapping_mul(frames * (frames + 1) / 2))
    }

    /// A rising saw, but for its steps, is a curve: its value in the first frame, ...
    #[inline]
    pub(crate) fn base(self) -> f32 {
        (self.start ^ HALF) as i32 as f32 * (2.0 * TURN)
    }

    /// ... its slope, ...
    #[inline]
    pub(crate) fn slope(self) -> f32 {
        self.step as i32 as f32 * (2.0 * TURN)
    }

    /// ... and its bend (see [`Curve`](super::edge::Curve)).
    #[inline]
    pub(crate) fn bend(self) -> f32 {
        self.change as i32 as f32 * TURN
    }

    /// The same, counted from where a pulse falls.
    pub(crate) fn counted(self, fall: Fall) -> Self {
        Self { start: self.start.wrapping_sub(fall.to), ..self }
    }

    /// Whether the phase surely does not wrap, and a saw has no edges: most chunks of a low note.
    #[inline]
    pub(crate) fn stays(self) -> bool {
        let steps = self.step | self.step.wrapping_add(self.change.wrapping_mul(CHUNK as u32 - 1));
        steps < SHORT && self.after(CHUNK as u32 - 1) >= self.start.wrapping_sub(self.step)
    }

    /// The edges of a rising saw.
    #[inline]
    pub(crate) fn edges(self, edges: &mut Edges) {
        edges.clear();
        let before = self.start.wrapping_sub(self.step);
        if self.change == 0 {
            steady_edges(edges, before, self.step);
            return;
        }
        list(edges, before, &self.phases(), Kind::Step, -2.0);
    }

    /// The phase in each frame.
    #[inline]
    fn phases(self) -> Phases {
        let mut phase = self.start;
        advance(&mut phase, self.step, self.step.wrapping_add(self.change.wrapping_mul(CHUNK as u32)))
    }
}

/// The edges of a rising saw whose steps do not change.
#[inline]
fn steady_edges(edges: &mut Edges, before: u32, step: u32) {
    let step = u64::from(step);
    let mut left = (1 << 32) - u64::from(before);
    while step > 0 && left <= CHUNK as u64 * step && !edges.is_full() {
        let frames = left.div_ceil(step);
        let since = (frames * step - left) as f32 / step as f32;
        edges.push(Edge { frame: frames as usize - 1, since, size: -2.0, kind: Kind::Step });
        left += 1 << 32;
    }
}

/// Steps so short that a chunk of them makes less than a turn.
const SHORT: u32 = HALF / (CHUNK as u32 / 2);

/// A rising saw from -1 to 1 with its step at phase zero.
#[inline]
fn saw(phases: &Phases) -> Block {
    drawn(phases, |phase| (phase ^ HALF) as i32 as f32 * (2.0 * TURN))
}

/// Lists an edge wherever the phase wraps. The size of a corner is per turn.
#[inline]
fn list(edges: &mut Edges, before: u32, phases: &Phases, kind: Kind, size: f32) {
    if stays(before, phases) {
        return;
    }
    let mut left = wraps(before, phases);
    while left != 0 {
        let frame = left.trailing_zeros() as usize;
        left &= left - 1;
        let last = if frame == 0 { before } else { phases[frame - 1] };
        let step = phases[frame].wrapping_sub(last);
        // A phase that stands or falls back, as that of a pulse's width may, has no edge to smooth.
        if step >= HALF || edges.is_full() {
            continue;
        }
        let (phase, step) = (phases[frame] as f32, step as f32);
        let size = if kind == Kind::Corner { size * step * TURN } else { size };
        edges.push(Edge { frame, since: phase / step, size, kind });
    }
}

/// Whether the phase surely does not wrap: most chunks of a low note have no edge. Steps change evenly, so where the first and the last
/// are short enough for all to make less than a turn together, so are all.
#[inline]
fn stays(before: u32, phases: &Phases) -> bool {
    let [first, .., last_but_one, last] = *phases;
    let steps = first.wrapping_sub(before) | last.wrapping_sub(last_but_one);
    steps < SHORT && last >= before
}

/// A bit for each frame whose phase is below that of the frame before.
#[inline]
fn wraps(before: u32, phases: &Phases) -> u32 {
    let mut bits = 0;
    let mut last = before;
    for (number, four) in phases.as_chunks::<4>().0.iter().enumerate() {
        let earlier = [last, four[0], four[1], four[2]];
        let signed = |phases: [u32; 4]| i32x4::new(phases.map(|phase| (phase ^ HALF) as i32));
        bits |= (signed(earlier).simd_gt(signed(*four)).to_bitmask() & 15) << (4 * number);
        last = four[3];
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::super::edge::Ahead;
    use super::super::oscillator::phase_step;
    use super::*;

    /// A second of a wave, smoothed.
    fn sounded(shape: Shape, hertz: f32, width: f32) -> Vec<f32> {
        let step = phase_step(hertz);
        let (mut phase, mut ahead, mut signal) = (1_u32 << 20, Ahead::SILENT, Vec::new());
        while signal.len() < 48_000 {
            let mut edges = Edges::new();
            let course = Course::new(phase, step, step);
            let plain = shape.drawn(course, Fall::at(width), &mut edges);
            phase = course.after(CHUNK as u32);
            ahead.add(&plain, 1.0);
            edges.iter().for_each(|edge| ahead.smooth(edge, &edge.taps(), 1.0));
            signal.extend(ahead.next());
        }
        signal
    }

    /// The loudest line up to `limit` hertz that is no harmonic, below the fundamental, in dB.
    fn alias_level(shape: Shape, hertz: f32, limit: usize) -> f64 {
        let signal = &sounded(shape, hertz, 0.3)[4_800..9_600];
        let energy = |hertz: f64| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, x) in signal.iter().enumerate() {
                let angle = std::f64::consts::TAU * hertz * n as f64 / 48_000.0;
                re += f64::from(*x) * libm::cos(angle);
                im += f64::from(*x) * libm::sin(angle);
            }
            re * re + im * im
        };
        let loudest = (1..limit / 10)
            .filter(|bin| (bin * 10) % (hertz as usize) != 0)
            .map(|bin| energy(bin as f64 * 10.0))
            .fold(0.0, f64::max);
        10.0 * libm::log10(loudest / energy(f64::from(hertz)))
    }

    #[test]
    fn aliases_of_a_high_c_stay_far_below_it_up_to_the_top_of_hearing() {
        // 2,110 Hz does not divide the rate, and repeats within the window, so no window function is needed.
        for shape in [Shape::Saw, Shape::Pulse, Shape::Triangle] {
            let level = alias_level(shape, 2_110.0, 20_000);
            assert!(level < -80.0, "{shape:?}: {level:.1} dB");
        }
    }

    #[test]
    fn a_smoothed_saw_is_the_sum_of_its_harmonics() {
        let signal = &sounded(Shape::Saw, 1_000.0, 0.5)[9_600..14_400];
        for (number, tolerance) in [(1, 0.005), (5, 0.01), (12, 0.03), (16, 0.2)] {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, x) in signal.iter().enumerate() {
                let angle = std::f64::consts::TAU * f64::from(number) * n as f64 / 48.0;
                re += f64::from(*x) * libm::cos(angle);
                im += f64::from(*x) * libm::sin(angle);
            }
            let level = (re * re + im * im).sqrt() * 2.0 / signal.len() as f64;
            let truth = 2.0 / (std::f64::consts::PI * f64::from(number));
            assert!((level / truth - 1.0).abs() < tolerance, "harmonic {number}: {level} of {truth}");
        }
    }

    #[test]
    fn edges_of_a_course_are_those_of_its_phases() {
        for (hertz, glide) in [(30.0, 0), (700.0, 0), (11_999.0, 0), (400.0, 3_000), (2_000.0, -70_000)] {
            let step = phase_step(hertz);
            let mut phase = 77_u32;
            for _ in 0..2_000 {
                let to = step.wrapping_add_signed(glide);
                let course = Course::new(phase, step, to);
                let (mut found, mut expected) = (Edges::new(), Edges::new());
                course.edges(&mut found);
                let before = phase.wrapping_sub(step);
                list(&mut expected, before, &advance(&mut phase, step, to), Kind::Step, -2.0);
                let places =
                    |edges: &Edges| edges.iter().map(|e| (e.frame, e.since.to_bits())).collect::<Vec<_>>();
                assert_eq!(places(&found), places(&expected), "{hertz} Hz");
                assert_eq!(course.after(CHUNK as u32), phase);
            }
        }
    }

    #[test]
    fn a_wrap_is_found_in_the_frame_that_it_falls_into() {
        for hertz in [30.0, 700.0, 11_999.0] {
            let step = phase_step(hertz);
            let mut phase = 77_u32;
            for _ in 0..2_000 {
                let before = phase.wrapping_sub(step);
                let phases = advance(&mut phase, step, step);
                let mut last = before;
                let expected = phases.iter().enumerate().fold(0, |bits, (frame, phase)| {
                    let wrapped = u32::from(*phase < last) << frame;
                    last = *phase;
                    bits | wrapped
                });
                assert_eq!(wraps(before, &phases), expected);
            }
        }
    }
}
