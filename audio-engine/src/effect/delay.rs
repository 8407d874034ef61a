//! The delay: echoes in time with the music.

use score::catalogue::delay_time_beats;
use score::time::{SAMPLE_RATE, Tempo};

use super::delay_line::{DelayLine, Glide};
use super::one_pole::LowPass;
use super::slot::{Effect, Law};
use super::{Knob, Moment, Settings};
use crate::dsp::math::prewarped;
use crate::smooth::{QUANTUM_FRAMES, Smooth};

/// Longest echo, 5 s; a longer one, as a whole note below 48 BPM would be, is halved until it fits, and so stays in time.
const MAX_FRAMES: usize = 240_000;

/// The delay.
#[derive(Debug)]
pub(super) struct Delay {
    knobs: [Knob; 6],
    beats: f32,
    time: Glide,
    feedback: Smooth,
    /// 0: each side echoes itself; 1: echoes alternate, beginning on the left.
    ping_pong: Smooth,
    /// Coefficient of the low-pass in the loop.
    tone: Smooth,
    lines: [DelayLine; 2],
    low: [f32; 2],
    /// Nothing has sounded since the delay was cleared, so that a changed time needs no fade.
    is_fresh: bool,
}

impl Delay {
    pub(super) fn new() -> Self {
        let ids = ["on", "time", "feedback", "ping_pong", "cutoff", "wet"];
        Self {
            knobs: ids.map(|id| Knob::named(&format!("delay.{id}"))),
            beats: 0.5,
            time: Glide::at(QUANTUM_FRAMES),
            feedback: Smooth::at(0.0),
            ping_pong: Smooth::at(0.0),
            tone: Smooth::at(1.0),
            lines: [(); 2].map(|()| DelayLine::new(MAX_FRAMES)),
            low: [0.0; 2],
            is_fresh: true,
        }
    }
}

/// The frames of a note value at a tempo, halved until they fit.
fn frames_of(beats: f32, tempo: Tempo) -> usize {
    let frames_per_beat = f64::from(SAMPLE_RATE) * 60_000.0 / f64::from(tempo.milli_bpm());
    let mut frames = (f64::from(beats) * frames_per_beat + 0.5) as usize;
    while frames > MAX_FRAMES {
        frames /= 2;
    }
    frames.max(QUANTUM_FRAMES)
}

impl Effect for Delay {
    const LAW: Law = Law::Power;

    fn aim(&mut self, settings: &Settings, at_once: bool) -> f32 {
        let [on, time, feedback, ping_pong, cutoff, wet] = self.knobs.map(|knob| settings.get(knob));
        let g = prewarped(cutoff);
        self.beats = delay_time_beats(time);
        self.feedback.go(feedback, at_once);
        self.ping_pong.go(ping_pong, at_once);
        self.tone.go((2.0 * g / (1.0 + g)).min(1.0), at_once);
        on * wet
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32], moment: Moment) {
        let frames = left.len();
        self.time.follow(frames_of(self.beats, moment.tempo), &mut self.lines, self.is_fresh);
        self.is_fresh = false;
        let (mut el, mut er) = ([0.0; QUANTUM_FRAMES], [0.0; QUANTUM_FRAMES]);
        self.lines[0].read_gliding(&self.time, &mut el[..frames]);
        self.lines[1].read_gliding(&self.time, &mut er[..frames]);
        self.time.advance(frames);
        let (feedback, tone) = (self.feedback.advance(), self.tone.advance());
        let cross = self.ping_pong.advance();
        let (feedback_slope, cross_slope) = (feedback.slope(frames), cross.slope(frames));
        let (mut low_left, mut low_right) = (el, er);
        LowPass::new(tone.to).run([&mut low_left[..frames], &mut low_right[..frames]], &mut self.low);
        for i in 0..frames {
            let feedback = feedback.from + feedback_slope * (i + 1) as f32;
            let cross = cross.from + cross_slope * (i + 1) as f32;
            let (ll, lr) = (low_left[i], low_right[i]);
            let middle = 0.5 * (left[i] + right[i]);
            let (in_left, in_right) = (left[i] + (middle - left[i]) * cross, right[i] * (1.0 - cross));
            let (back_left, back_right) = (ll + (lr - ll) * cross, lr + (ll - lr) * cross);
            let to_left = in_left + back_left * feedback;
            // Across, the right echo is the left one a time later, as loud; only the way back to the left fades.
            let right_gain = feedback + (1.0 - feedback) * cross;
            let to_right = in_right + back_right * right_gain;
            (left[i], right[i]) = (el[i], er[i]);
            (el[i], er[i]) = (to_left, to_right);
        }
        self.lines[0].write(&el[..frames]);
        self.lines[1].write(&er[..frames]);
    }

    fn clear(&mut self) {
        self.lines.iter_mut().for_each(DelayLine::clear);
        self.low = [0.0; 2];
        self.is_fresh = true;
    }

    fn memory_frames(&self) -> usize {
        self.time.longest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn echoes_are_in_time_and_fit_the_line() {
        let tempo = |bpm: u32| Tempo::from_milli_bpm(bpm * 1_000).unwrap();
        assert_eq!(frames_of(0.5, tempo(120)), 12_000);
        assert_eq!(frames_of(4.0, tempo(60)), 192_000);
        assert_eq!(frames_of(4.0, tempo(20)), 144_000, "12 s, halved twice");
        assert!(frames_of(1.0 / 12.0, tempo(300)) >= QUANTUM_FRAMES);
    }
}
