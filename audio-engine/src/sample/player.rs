//! One note of a recording.

use std::sync::Arc;

use score::catalogue::ParamIndex;

use super::data::{Sample, SampleData};
use super::kernel::{Kernel, MAX_SEMITONES, MAX_TAPS, kernel};
use super::route::{Route, Wanted};
use crate::dsp::math::ratio;
use crate::dsp::{Block, CHUNK, CHUNK_SECONDS, ramp};
use crate::instrument::Tweaks;

/// One frame, as places are counted.
const FRAME: u64 = 1 << 32;

/// Lowest pitch below the recording's own, in semitones.
const MIN_SEMITONES: f32 = -60.0;

/// Frames over which a note fades at the end of its stretch: 2 ms, unless it is shorter than two fades.
const END_FADE_FRAMES: f32 = 96.0;

/// Seconds over which a note rises that begins in the middle of a recording.
const MIDDLE_RISE_SECONDS: f32 = 0.001;

/// The attack's seconds for each unit that the factor exceeds one.
const ATTACK_SECONDS: f32 = 0.01;

/// The release's seconds before the player's factor.
const RELEASE_SECONDS: f32 = 0.02;

/// Whether a note with these parameters plays in a loop for as long as it is held.
pub(crate) fn repeats(params: &[(ParamIndex, f32)]) -> bool {
    Tweaks::new(params).repeat() > 0.5
}

/// The state of a note: where on its route it is, and how fast it goes.
#[derive(Clone, Debug)]
pub(crate) struct SamplePlayer {
    data: Arc<SampleData>,
    route: Route,
    /// Along the route, in units of 2^-32 frames.
    place: u64,
    /// Whether the loop has begun again.
    repeated: bool,
    tune: f32,
    semitones: f32,
    semitones_target: f32,
    /// Semitones per chunk while it glides; 0 jumps.
    glide: f32,
    glide_seconds: f32,
    rise: f32,
    rise_step: f32,
    release_seconds: f32,
}

impl SamplePlayer {
    /// A note at `pitch` semitones above the recording's own; `None` when its stretch is empty.
    pub(crate) fn new(sample: &Sample, pitch: f32, tweaks: &Tweaks) -> Option<Self> {
        let wanted = Wanted {
            slice: tweaks.slice() as usize,
            start: tweaks.start(),
            end: tweaks.end(),
            reverse: tweaks.reverse() > 0.5,
            repeat: tweaks.repeat() > 0.5,
        };
        let route = Route::find(sample, wanted)?;
        let attack = (tweaks.attack() - 1.0).max(0.0) * ATTACK_SECONDS;
        let least = if route.begins_with_the_recording() { 0.0 } else { MIDDLE_RISE_SECONDS };
        let rise_seconds = attack.max(least);
        let semitones = within_reach(pitch + tweaks.tune());
        Some(Self {
            data: sample.data.clone(),
            route,
            place: 0,
            repeated: false,
            tune: tweaks.tune(),
            semitones,
            semitones_target: semitones,
            glide: 0.0,
            glide_seconds: tweaks.glide(),
            rise: if rise_seconds > 0.0 { 0.0 } else { 1.0 },
            rise_step: if rise_seconds > 0.0 { CHUNK_SECONDS / rise_seconds } else { 0.0 },
            release_seconds: RELEASE_SECONDS * tweaks.release(),
        })
    }

    /// Over how many seconds it dies away when it is let go.
    pub(crate) fn release_seconds(&self) -> f32 {
        self.release_seconds
    }

    /// Moves to another pitch.
    pub(crate) fn slide(&mut self, pitch: f32) {
        self.semitones_target = within_reach(pitch + self.tune);
        let chunks = (self.glide_seconds / CHUNK_SECONDS).max(1.0);
        self.glide = (self.semitones_target - self.semitones).abs() / chunks;
    }

    /// Renders the next chunk; tells whether the note is over.
    pub(crate) fn chunk(&mut self, left: &mut Block, right: &mut Block) -> bool {
        self.glide();
        let step = step_of(self.semitones);
        let kernel = kernel(self.semitones);
        let from = self.gain(step);
        for frame in 0..CHUNK {
            [left[frame], right[frame]] = self.read(kernel, step);
            self.advance(step);
        }
        self.rise = (self.rise + self.rise_step).min(1.0);
        let gains = ramp(from, self.gain(step));
        for ((left, right), gain) in left.iter_mut().zip(right).zip(gains) {
            *left *= gain;
            *right *= gain;
        }
        !self.route.repeats() && self.frames_left() == 0
    }

    fn glide(&mut self) {
        let distance = self.semitones_target - self.semitones;
        if distance.abs() <= self.glide {
            self.semitones = self.semitones_target;
        } else if distance > 0.0 {
            self.semitones += self.glide;
        } else {
            self.semitones -= self.glide;
        }
    }

    fn advance(&mut self, step: u64) {
        self.place += step;
        let length = (self.route.frames() as u64) * FRAME;
        if self.route.repeats() {
            if self.place >= length {
                self.place %= length;
                self.repeated = true;
            }
        } else {
            self.place = self.place.min(length);
        }
    }

    /// Units of 2^-32 frames until the end of the route.
    fn frames_left(&self) -> u64 {
        (self.route.frames() as u64 * FRAME).saturating_sub(self.place)
    }

    /// The gain at this place: the rise of the beginning, the fade of the end.
    fn gain(&self, step: u64) -> f32 {
        if self.route.repeats() {
            return self.rise;
        }
        let frames = |units: u64| units as f32 / step as f32;
        let fade = END_FADE_FRAMES.min(frames(self.route.frames() as u64 * FRAME) * 0.5).max(1.0);
        self.rise * (frames(self.frames_left()) / fade).min(1.0)
    }

    /// Both channels at this place.
    fn read(&self, kernel: &Kernel, step: u64) -> [f32; 2] {
        let (at, share) = self.route.frame_at(self.place);
        if step == FRAME && share == 0 {
            return self.frame(at);
        }
        let taps = kernel.taps();
        let first = at - (taps as i64 / 2 - 1);
        let weights = kernel.weights(share);
        let (left, right) = (self.data.left(), self.data.right());
        if self.route.is_plain(&self.data, first, taps, self.repeated) {
            let span = first as usize..first as usize + taps;
            return match right {
                Some(right) => weights.sums(&left[span.clone()], &right[span]),
                None => [weights.sum(&left[span]); 2],
            };
        }
        let mut gathered = [0.0; MAX_TAPS];
        let left = weights.sum(self.gather(left, 0, first, &mut gathered[..taps]));
        let right = right.map(|right| weights.sum(self.gather(right, 1, first, &mut gathered[..taps])));
        [left, right.unwrap_or(left)]
    }

    /// The frame itself, for notes at the recording's own pitch.
    fn frame(&self, at: i64) -> [f32; 2] {
        let left = self.route.value(self.data.left(), 0, at, self.repeated);
        let right = self.data.right().map(|right| self.route.value(right, 1, at, self.repeated));
        [left, right.unwrap_or(left)]
    }

    fn gather<'a>(&self, channel: &[f32], side: usize, first: i64, frames: &'a mut [f32]) -> &'a [f32] {
        for (tap, frame) in frames.iter_mut().enumerate() {
            *frame = self.route.value(channel, side, first + tap as i64, self.repeated);
        }
        frames
    }
}

fn within_reach(semitones: f32) -> f32 {
    semitones.clamp(MIN_SEMITONES, MAX_SEMITONES)
}

/// How far a frame of the engine moves along the route.
fn step_of(semitones: f32) -> u64 {
    (f64::from(ratio(semitones)) * FRAME as f64) as u64
}
