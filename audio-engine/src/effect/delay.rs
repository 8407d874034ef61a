//! The delay: echoes in time with the music.

use score::catalogue::delay_time_beats;
use score::time::{SAMPLE_RATE, Tempo};

use wide::f32x4;

use super::delay_line::DelayLine;
use super::glide::Glide;
use super::lanes::{BIAS, Block, Channels, Dial, apart, crossed, silence, together};
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
    echoes: [Echo; 2],
    feedback: Dial,
    /// 0: each side echoes itself; 1: echoes alternate, beginning on the left.
    ping_pong: Dial,
    /// Coefficient of the low-pass in the loop.
    tone: Dial,
    low: f32x4,
}

/// What one strip's echoes come from.
#[derive(Debug)]
struct Echo {
    beats: f32,
    time: Glide,
    lines: [DelayLine; 2],
    /// Nothing has sounded since the delay was cleared, so that a changed time needs no fade.
    is_fresh: bool,
}

impl Delay {
    pub(super) fn new() -> Self {
        let ids = ["on", "time", "feedback", "ping_pong", "cutoff", "wet"];
        Self {
            knobs: ids.map(|id| Knob::named(&format!("delay.{id}"))),
            echoes: [(); 2].map(|()| Echo {
                beats: 0.5,
                time: Glide::at(QUANTUM_FRAMES),
                lines: [(); 2].map(|()| DelayLine::new(MAX_FRAMES)),
                is_fresh: true,
            }),
            feedback: Dial::at(0.0),
            ping_pong: Dial::at(0.0),
            tone: Dial::at(1.0),
            low: f32x4::ZERO,
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

impl Echo {
    /// What comes back in the next quantum.
    fn read(&mut self, tempo: Tempo, frames: usize, [left, right]: &mut [[f32; QUANTUM_FRAMES]; 2]) {
        self.time.follow(frames_of(self.beats, tempo), &mut self.lines, self.is_fresh);
        self.is_fresh = false;
        self.lines[0].read_gliding(&self.time, left);
        self.lines[1].read_gliding(&self.time, right);
        self.time.advance(frames);
    }
}

impl Delay {
    /// Puts the echoes where the sound was, and in place of the echoes what is to come back.
    fn exchange(&mut self, block: &mut Block, echoes: &mut Block, Quantum { frames, strips, .. }: Quantum) {
        let [mut feedback, mut cross] =
            [&mut self.feedback, &mut self.ping_pong].map(|dial| dial.advance(strips).over(frames));
        let share = self.tone.advance(strips).to;
        let (one, half, keep) = (f32x4::ONE, f32x4::splat(0.5), f32x4::ONE - share);
        let [left, right] = [f32x4::new([1.0, 0.0, 1.0, 0.0]), f32x4::new([0.0, 1.0, 0.0, 1.0])];
        let mut low = self.low;
        for (x, echo) in block[..frames].iter_mut().zip(echoes) {
            let (feedback, cross) = (feedback.step(), cross.step());
            low = keep * low + (share * *echo + BIAS);
            // All of it goes to the left.
            let input = *x + ((*x + crossed(*x)) * half * left - *x) * cross;
            let back = low + (crossed(low) - low) * cross;
            // Across, the right echo is the left one a time later, as loud; only the way back to the left fades.
            let gain = feedback + (one - feedback) * cross * right;
            *x = core::mem::replace(echo, input + back * gain);
        }
        self.low = low;
    }
}

impl Effect for Delay {
    const LAW: Law = Law::Power;

    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, time, feedback, ping_pong, cutoff, wet] = self.knobs.map(|knob| settings.get(knob));
        let g = prewarped(cutoff);
        self.echoes[strip].beats = delay_time_beats(time);
        self.feedback.go(strip, feedback, at_once);
        self.ping_pong.go(strip, ping_pong, at_once);
        self.tone.go(strip, (2.0 * g / (1.0 + g)).min(1.0), at_once);
        on * wet
    }

    fn render(&mut self, block: &mut Block, quantum: Quantum) {
        let mut channels: Channels = [[0.0; QUANTUM_FRAMES]; 4];
        let mut echoes = [f32x4::ZERO; QUANTUM_FRAMES];
        let own = |strip: &usize| quantum.strips[*strip];
        let (pairs, _) = channels.as_chunks_mut::<2>();
        for strip in (0..2).filter(own) {
            self.echoes[strip].read(quantum.tempo, quantum.frames, &mut pairs[strip]);
        }
        together(channels.each_ref(), &mut echoes);
        self.exchange(block, &mut echoes, quantum);
        apart(&echoes, &mut channels);
        for strip in (0..2).filter(own) {
            for (line, samples) in self.echoes[strip].lines.iter_mut().zip(&channels[2 * strip..]) {
                line.write(samples, quantum.frames);
            }
        }
    }

    fn clear(&mut self, strip: usize) {
        let echo = &mut self.echoes[strip];
        echo.lines.iter_mut().for_each(DelayLine::clear);
        echo.is_fresh = true;
        silence(&mut self.low, strip);
    }

    fn memory_frames(&self, strip: usize) -> usize {
        self.echoes[strip].time.longest()
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
