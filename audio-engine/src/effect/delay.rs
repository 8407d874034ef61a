//! The delay: echoes in time with the music.

use score::catalogue::delay_time_beats;
use score::time::{SAMPLE_RATE, Tempo};

use wide::f32x4;

use super::glide::Echo;
use super::lanes::{BIAS, Block, Desk, Dial, SILENCE, apart, crossed, others, together};
use super::slot::{Effect, Law};
use super::{Knob, Quantum, Settings};
use crate::dsp::math::prewarped;
use crate::smooth::QUANTUM_FRAMES;

/// Longest echo, 5 s; a longer one, as a whole note below 48 BPM would be, is halved until it fits, and so stays in time.
const MAX_FRAMES: usize = 240_000;

/// The delay.
#[derive(Debug)]
pub(super) struct Delay {
    knobs: [Knob; 6],
    times: [Time; 2],
    /// Left and right of either strip.
    echoes: [[Echo; 2]; 2],
    back: Back,
}

/// The way back into the lines.
#[derive(Debug)]
struct Back {
    feedback: Dial,
    /// 0: each side echoes itself; 1: echoes alternate, beginning on the left.
    ping_pong: Dial,
    /// Coefficient of the low-pass in the loop.
    tone: Dial,
    low: f32x4,
}

/// How one strip's echoes are timed.
#[derive(Clone, Copy, Debug)]
struct Time {
    beats: f32,
    /// Nothing has sounded since the delay was cleared, so that a changed time needs no fade.
    is_fresh: bool,
}

impl Delay {
    pub(super) fn new() -> Self {
        let ids = ["on", "time", "feedback", "ping_pong", "cutoff", "wet"];
        Self {
            knobs: ids.map(|id| Knob::named(&format!("delay.{id}"))),
            times: [Time { beats: 0.5, is_fresh: true }; 2],
            echoes: [(); 2].map(|()| [(); 2].map(|()| Echo::new(MAX_FRAMES))),
            back: Back {
                feedback: Dial::at(0.0),
                ping_pong: Dial::at(0.0),
                tone: Dial::at(1.0),
                low: f32x4::ZERO,
            },
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

impl Back {
    /// Gives what is to come back of the sound and its echoes.
    fn render(
        &mut self,
        dry: &Block,
        echoes: &Block,
        next: &mut Block,
        Quantum { frames, strips, .. }: Quantum,
    ) {
        let [mut feedback, mut cross] =
            [&mut self.feedback, &mut self.ping_pong].map(|dial| dial.advance(strips).over(frames));
        let share = self.tone.advance(strips).to;
        let (one, half, keep) = (f32x4::ONE, f32x4::splat(0.5), f32x4::ONE - share);
        let [left, right] = [f32x4::new([1.0, 0.0, 1.0, 0.0]), f32x4::new([0.0, 1.0, 0.0, 1.0])];
        let mut low = self.low;
        for ((x, echo), next) in dry[..frames].iter().zip(echoes).zip(next) {
            let (feedback, cross) = (feedback.step(), cross.step());
            low = keep * low + (share * *echo + BIAS);
            // All of it goes to the left.
            let input = *x + ((*x + crossed(*x)) * half * left - *x) * cross;
            let back = low + (crossed(low) - low) * cross;
            // Across, the right echo is the left one a time later, as loud; only the way back to the left fades.
            let gain = feedback + (one - feedback) * cross * right;
            *next = input + back * gain;
        }
        self.low = low;
    }
}

impl Effect for Delay {
    const LAW: Law = Law::Power;

    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, time, feedback, ping_pong, cutoff, wet] = self.knobs.map(|knob| settings.get(knob));
        let g = prewarped(cutoff);
        self.times[strip].beats = delay_time_beats(time);
        self.back.feedback.go(strip, feedback, at_once);
        self.back.ping_pong.go(strip, ping_pong, at_once);
        self.back.tone.go(strip, (2.0 * g / (1.0 + g)).min(1.0), at_once);
        on * wet
    }

    fn render(&mut self, dry: &Block, wet: &mut Block, desk: &mut Desk, quantum: Quantum) {
        let mut heard = [&SILENCE; 4];
        for (strip, (lines, time)) in self.echoes.iter_mut().zip(&mut self.times).enumerate() {
            if quantum.strips[strip] {
                let frames = frames_of(time.beats, quantum.tempo);
                for (line, heard) in lines.iter_mut().zip(&mut heard[2 * strip..]) {
                    line.follow(frames, time.is_fresh);
                    *heard = line.heard();
                }
                time.is_fresh = false;
            }
        }
        together(heard, wet);
        self.back.render(dry, wet, &mut desk.block, quantum);
        let mut next = desk.spare.each_mut();
        for (channel, line) in self.echoes.iter_mut().flatten().enumerate() {
            if quantum.strips[channel / 2] {
                next[channel] = line.next();
            }
        }
        apart(&desk.block, next);
        for (channel, line) in self.echoes.iter_mut().flatten().enumerate() {
            if quantum.strips[channel / 2] {
                line.advance(quantum.frames);
            }
        }
    }

    fn clear(&mut self, strip: usize) {
        self.echoes[strip].iter_mut().for_each(Echo::clear);
        self.times[strip].is_fresh = true;
        self.back.low &= others(strip);
    }

    fn memory_frames(&self, strip: usize) -> usize {
        self.echoes[strip][0].longest()
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
