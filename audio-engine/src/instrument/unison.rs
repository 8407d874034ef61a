//! Several oscillators that sound as one: a unison, or a built-in chord.

use wide::f32x4;

use super::subtractive::{Shape, SubtractivePreset};
use super::tweaks::{Tweaks, share};
use crate::dsp::edge::{Ahead, Curve};
use crate::dsp::math::ratio;
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::{STEPS_PER_HERTZ, advance, sine, turns};
use crate::dsp::wave::{Course, Edges, Fall};
use crate::dsp::{Block, CHUNK, SAMPLE_RATE};

/// Most oscillators of one note.
const MEMBERS: usize = 7;

/// The same, in whole lanes.
const PLACES: usize = 8;

/// The oscillators of one note, each property of all of them side by side.
#[derive(Debug, Clone)]
pub(super) struct Unison {
    members: usize,
    /// Frequencies over the note's.
    ratios: [f32x4; 2],
    phases: [u32; PLACES],
    /// Phase steps at the end of the chunk in hand, and of the one before.
    steps: [u32; PLACES],
    steps_before: [u32; PLACES],
    /// In either channel.
    gains: [[f32; PLACES]; 2],
}

impl Unison {
    /// Places the unison (or the chord) in pitch and in the stereo field, at equal power.
    pub(super) fn gathered(preset: &SubtractivePreset, seed: u64, tweaks: &Tweaks) -> Self {
        let mut noise = Noise::seeded(seed ^ 0x0051_4e15_0e00);
        let chord = preset.chord.iter().filter(|semitones| **semitones != 0.0).count();
        // A lone oscillator that the player detunes becomes three.
        let lone = if tweaks.detune() > 0.0 { 3 } else { 1 };
        let members = if chord > 0 { chord + 1 } else { usize::from(preset.unison).clamp(lone, MEMBERS) };
        let detune = (preset.detune + 0.5 * tweaks.detune()).max(0.0);
        let width = share(preset.width, tweaks.width());
        let level = preset.first.level / (members as f32).sqrt();
        let (mut phases, mut ratios) = ([0; PLACES], [1.0; PLACES]);
        let (mut left, mut right) = ([0.0; PLACES], [0.0; PLACES]);
        for i in 0..members {
            let place = if members > 1 { 2.0 * i as f32 / (members - 1) as f32 - 1.0 } else { 0.0 };
            let chord =
                if chord > 0 && i > 0 { preset.chord.get(i - 1).copied().unwrap_or(0.0) } else { 0.0 };
            // Random phases keep a unison from beginning as one loud spike; a lone oscillator begins at its zero.
            phases[i] = if members > 1 { turns(0.5 + 0.5 * noise.sample()) } else { 1 << 31 };
            ratios[i] = ratio(detune * place + chord);
            // Neighbours in pitch go to opposite sides, so that the sum stays in the middle.
            let side = if i % 2 == 0 { place } else { -place } * width;
            (left[i], right[i]) = (level * (1.0 - 0.6 * side), level * (1.0 + 0.6 * side));
        }
        let (lanes, _) = ratios.as_chunks::<4>();
        Self {
            members,
            ratios: [f32x4::new(lanes[0]), f32x4::new(lanes[1])],
            phases,
            steps: [0; PLACES],
            steps_before: [0; PLACES],
            gains: [left, right],
        }
    }

    /// Whether there is more than one.
    pub(super) fn is_several(&self) -> bool {
        self.members > 1
    }

    /// Aims all at multiples of `hertz`; the next chunk glides there.
    #[inline]
    pub(super) fn tune(&mut self, hertz: f32) {
        self.steps_before = self.steps;
        let scale = f32x4::splat(hertz * STEPS_PER_HERTZ);
        let highest = f32x4::splat(SAMPLE_RATE * 0.25 * STEPS_PER_HERTZ);
        let used = self.members.div_ceil(4);
        for (steps, ratios) in self.steps.as_chunks_mut::<4>().0.iter_mut().zip(&self.ratios).take(used) {
            let lanes = (scale * *ratios).fast_min(highest).fast_trunc_int();
            *steps = lanes.to_array().map(|step| step as u32);
        }
    }

    /// Draws the next chunk of all of them into the channels, each at its place between them.
    pub(super) fn draw(&mut self, shape: Shape, fall: Fall, into: &mut [Ahead]) {
        if !self.is_several() {
            let course = self.course(0);
            draw(course, shape, fall, self.gains.map(|gains| gains[0]), into);
        } else if shape == Shape::Saw {
            self.draw_saws(into);
        } else {
            for member in 0..self.members {
                draw(self.course(member), shape, fall, self.gains.map(|gains| gains[member]), into);
            }
        }
        for member in 0..self.members {
            self.phases[member] = self.course(member).after(CHUNK as u32);
        }
    }

    /// How the phase of one of them goes on through the next chunk.
    #[inline]
    fn course(&self, member: usize) -> Course {
        Course::new(self.phases[member], self.steps_before[member], self.steps[member])
    }

    /// Draws rising saws. Between its steps a saw is straight, and so is any sum of saws: all of them are one curve, and steps.
    fn draw_saws(&self, into: &mut [Ahead]) {
        let courses: [Course; PLACES] = core::array::from_fn(|member| self.course(member));
        let lines = [Course::base, Course::slope, Course::bend].map(|line| courses.map(line));
        for (ahead, gains) in into.iter_mut().zip(&self.gains) {
            let [base, slope, bend] = lines.map(|line| sum(&line, gains));
            ahead.add_curve(Curve { base, slope, bend });
        }
        for (member, course) in courses.into_iter().enumerate().take(self.members) {
            write_steps(course, self.gains.map(|gains| gains[member]), into);
        }
    }
}

/// The sum of numbers, each with its gain.
#[inline]
fn sum(numbers: &[f32; PLACES], gains: &[f32; PLACES]) -> f32 {
    let [low, high] = [0, 1].map(|half| {
        let four = |all: &[f32; PLACES]| f32x4::new(all.as_chunks::<4>().0[half]);
        four(numbers) * four(gains)
    });
    let [a, b, c, d] = (low + high).to_array();
    (a + b) + (c + d)
}

/// Draws one wave into channels, with a gain for each.
fn draw(course: Course, shape: Shape, fall: Fall, gains: [f32; 2], into: &mut [Ahead]) {
    if shape == Shape::Saw {
        let curve = [course.base(), course.slope(), course.bend()];
        for (ahead, gain) in into.iter_mut().zip(gains) {
            let [base, slope, bend] = curve.map(|line| gain * line);
            ahead.add_curve(Curve { base, slope, bend });
        }
        write_steps(course, gains, into);
    } else if shape == Shape::Pulse && fall.is_still() {
        // The difference of two saws, whose curves are as steep.
        let counted = course.counted(fall);
        let apart = counted.base() - course.base();
        for (ahead, gain) in into.iter_mut().zip(gains) {
            ahead.add_curve(Curve { base: gain * apart, slope: 0.0, bend: 0.0 });
        }
        write_steps(course, gains.map(|gain| -gain), into);
        write_steps(counted, gains, into);
    } else {
        let mut edges = Edges::new();
        let plain = shape.drawn(course, fall, &mut edges);
        for (ahead, gain) in into.iter_mut().zip(gains) {
            ahead.add(&plain, gain);
        }
        smooth(&edges, gains, into);
    }
}

/// Writes the steps of a rising saw, over the curve that it is without them.
#[inline]
fn write_steps(course: Course, gains: [f32; 2], into: &mut [Ahead]) {
    if !course.stays() {
        write_edges(course, gains, into);
    }
}

#[inline(never)]
fn write_edges(course: Course, gains: [f32; 2], into: &mut [Ahead]) {
    let mut edges = Edges::new();
    course.edges(&mut edges);
    for (ahead, gain) in into.iter_mut().zip(gains) {
        // The curve begins behind an edge that falls before its first frame.
        for edge in edges.iter().filter(|edge| edge.frame > 0) {
            ahead.step(edge.frame, edge.size * gain);
        }
    }
    smooth(&edges, gains, into);
}

/// Smooths edges.
#[inline]
fn smooth(edges: &Edges, gains: [f32; 2], into: &mut [Ahead]) {
    for edge in edges {
        let taps = edge.taps();
        for (ahead, gain) in into.iter_mut().zip(gains) {
            ahead.smooth(edge, &taps, gain);
        }
    }
}

/// Adds one chunk to another.
#[inline]
pub(super) fn add(out: &mut Block, block: &Block) {
    for (out, x) in out.iter_mut().zip(block) {
        *out += x;
    }
}

/// A lone oscillator.
#[derive(Debug, Clone)]
pub(super) struct Wave {
    phase: u32,
    step: u32,
    step_before: u32,
}

impl Wave {
    /// One that begins at this phase.
    pub(super) fn at(phase: u32) -> Self {
        Self { phase, step: 0, step_before: 0 }
    }

    /// Aims at a step; the next chunk glides there.
    pub(super) fn tune(&mut self, step: u32) {
        self.step_before = std::mem::replace(&mut self.step, step);
    }

    /// Draws the next chunk into channels, as loud in all of them.
    pub(super) fn draw(&mut self, shape: Shape, fall: Fall, level: f32, into: &mut [Ahead]) {
        let course = Course::new(self.phase, self.step_before, self.step);
        draw(course, shape, fall, [level; 2], into);
        self.phase = course.after(CHUNK as u32);
    }

    /// The next chunk of a sine.
    pub(super) fn sine(&mut self) -> Block {
        sine(&advance(&mut self.phase, self.step_before, self.step))
    }
}
