//! The processor half: the audio thread's.

use core::ops::Range;

use arrayvec::ArrayVec;
use rtrb::{Consumer, Producer};
use score::time::{Beats, Frames};

use crate::effect::Moment;
use crate::hand::{MAX_STROKES, Stroke};
use crate::message::Message;
use crate::metronome::{Count, Metronome};
use crate::mixer::{Bus, Master, Strips};
use crate::performer::{Performer, Stretch};
use crate::playhead::{Playhead, Turn};
use crate::prepared::{Prepared, STRIPS};
use crate::report::Report;
use crate::sample::SharedBank;
use crate::smooth::Smooth;

/// The half of the engine that makes sound. One thread owns it, usually the one that the sound device calls.
///
/// [`Processor::process`] is real-time safe: it never allocates, frees, locks, logs, blocks or panics, whatever it is sent.
///
/// Sound is made a quantum of at most [`crate::QUANTUM_FRAMES`] frames at a time, at multiples of that length counted from the start
/// of playing, and handed out in whatever blocks the host asks for. That is what makes the sound independent of the
/// host's blocks, down to the bit.
#[derive(Debug)]
pub struct Processor {
    inbox: Consumer<Message>,
    retired: Producer<Box<Prepared>>,
    reports: triple_buffer::Input<Report>,
    program: Option<Box<Prepared>>,
    playhead: Playhead,
    performer: Performer,
    buses: Box<[Bus; STRIPS]>,
    strips: Strips,
    master: Box<Master>,
    sum: Bus,
    metronome: Metronome,
    /// How loud this player listens.
    level: Smooth,
    /// Keys that go down or up with the next quantum.
    strokes: ArrayVec<Stroke, MAX_STROKES>,
    /// The frames of the last quantum that the host has not taken.
    ready: Range<usize>,
    /// Never looked into: it keeps recordings alive, so that none is freed here.
    _bank: SharedBank,
}

impl Processor {
    /// Allocates all that the processor will ever need.
    pub(crate) fn new(
        inbox: Consumer<Message>,
        retired: Producer<Box<Prepared>>,
        reports: triple_buffer::Input<Report>,
        bank: SharedBank,
    ) -> Self {
        Self {
            inbox,
            retired,
            reports,
            program: None,
            playhead: Playhead::new(),
            performer: Performer::new(),
            buses: Box::new([const { Bus::silent() }; STRIPS]),
            strips: Strips::new(),
            master: Box::new(Master::new()),
            sum: Bus::silent(),
            metronome: Metronome::new(),
            level: Smooth::at(1.0),
            strokes: ArrayVec::new(),
            ready: 0..0,
            _bank: bank,
        }
    }

    /// The number of the next frame that [`Processor::process`] gives. What begins at a frame is heard
    /// [`crate::LATENCY_FRAMES`] later.
    ///
    /// Real-time safe.
    pub fn frame(&self) -> Frames {
        Frames(self.playhead.frame() - self.ready.len() as u64)
    }

    /// Fills both channels with the next frames. Where their lengths differ, the rest of the longer one is silent.
    ///
    /// Real-time safe.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let frames = left.len().min(right.len());
        left[frames..].fill(0.0);
        right[frames..].fill(0.0);
        self.serve(frames, |done, sum, ready| {
            left[done..done + ready.len()].copy_from_slice(&sum.left[ready.clone()]);
            right[done..done + ready.len()].copy_from_slice(&sum.right[ready]);
        });
    }

    /// Fills `output` with the next frames, left and right samples alternating; an odd sample at the end is silent.
    ///
    /// Real-time safe.
    pub fn process_interleaved(&mut self, output: &mut [f32]) {
        let (pairs, odd) = output.as_chunks_mut::<2>();
        odd.fill(0.0);
        self.serve(pairs.len(), |done, sum, ready| {
            let samples = sum.left[ready.clone()].iter().zip(&sum.right[ready]);
            for (pair, (left, right)) in pairs[done..].iter_mut().zip(samples) {
                *pair = [*left, *right];
            }
        });
    }

    /// Gives `frames` frames piece by piece: how many were given before, and where in the sum the piece lies.
    fn serve(&mut self, frames: usize, mut give: impl FnMut(usize, &Bus, Range<usize>)) {
        self.receive();
        let mut done = 0;
        while done < frames {
            if self.ready.is_empty() {
                let rendered = self.render_quantum();
                self.ready = 0..rendered;
            }
            let count = self.ready.len().min(frames - done);
            give(done, &self.sum, self.ready.start..self.ready.start + count);
            self.ready.start += count;
            done += count;
        }
        self.publish();
    }

    /// Takes what the control half has sent, as long as a program that this retires has room to travel back.
    fn receive(&mut self) {
        while self.retired.slots() > 0 {
            match self.inbox.pop() {
                Ok(Message::Program(program)) => self.adopt(program),
                Ok(Message::Transport(transport)) => self.playhead.offer(transport),
                Ok(Message::Ears(gains)) => {
                    for (strip, gain) in gains.into_iter().enumerate() {
                        self.strips.set_ears(strip, gain, false);
                    }
                }
                Ok(Message::Metronome(level)) => self.metronome.set_level(level),
                Ok(Message::Level(level)) => self.level.aim(level),
                Ok(Message::Stroke(stroke)) => _ = self.strokes.try_push(stroke),
                Err(_) => return,
            }
        }
    }

    /// Puts a program in place of the one before it.
    fn adopt(&mut self, program: Box<Prepared>) {
        for (index, plan) in program.strips.iter().enumerate() {
            let Some(plan) = plan else {
                self.strips.abandon(index);
                self.performer.release(index as u8);
                continue;
            };
            let is_handed_over = self.strips.adopt(index, plan);
            self.strips.set_ears(index, program.ears[index], is_handed_over);
            if is_handed_over {
                self.performer.cut(index as u8);
            }
        }
        self.performer.change_program();
        if self.program.is_some() {
            self.master.aim(&program.master);
        } else {
            self.master.reset(&program.master);
        }
        if let Some(old) = self.program.replace(program)
            && let Err(rtrb::PushError::Full(old)) = self.retired.push(old)
        {
            // `receive` saw room, and this half alone fills the ring. Were it full all the same, leaking is what the audio
            // thread may do.
            core::mem::forget(old);
        }
    }

    /// Renders the next quantum into the sum and tells its length.
    fn render_quantum(&mut self) -> usize {
        while let Some(turn) = self.playhead.turn() {
            if turn == Turn::Broke {
                self.performer.release_all();
            }
        }
        let frames = self.playhead.quantum();
        self.perform(frames);
        self.mix(frames);
        self.playhead.advance(frames);
        frames
    }

    fn perform(&mut self, frames: usize) {
        let beats = self.playhead.take_beats(frames).unwrap_or(Beats::ZERO..Beats::ZERO);
        let stretch = Stretch { playhead: &self.playhead, beats, frames };
        if !stretch.beats.is_empty() {
            let count = self.program.as_ref().map_or(Count::default(), |prepared| prepared.count());
            self.metronome.count(count, &stretch.beats, |beat| stretch.offset_of(beat));
        }
        if let Some(prepared) = self.program.as_deref() {
            self.performer.strike(prepared, &stretch, &mut self.buses, &self.strokes);
        }
        self.strokes.clear();
        self.performer.perform(self.program.as_deref(), &stretch, &mut self.buses, &mut self.strips);
    }

    fn mix(&mut self, frames: usize) {
        let moment = Moment { tempo: self.playhead.transport().tempo };
        self.sum.clear();
        let performer = &mut self.performer;
        self.strips.mix(&mut self.buses, &mut self.sum, frames, moment, |strip| performer.cut(strip as u8));
        self.master.process(&mut self.sum, frames, moment);
        self.metronome.add(&mut self.sum, frames);
        let level = self.level.advance();
        level.scale(&mut self.sum.left[..frames]);
        level.scale(&mut self.sum.right[..frames]);
    }

    fn publish(&mut self) {
        let frame = self.frame();
        let report = self.reports.input_buffer_mut();
        report.frame = frame;
        report.beat = self.playhead.transport().beat_at_frame(frame);
        report.is_playing = self.playhead.transport().playing;
        report.voices = self.performer.sounding();
        report.master = self.master.level();
        report.tracks.clear();
        if let Some(program) = &self.program {
            for (level, plan) in self.strips.levels().zip(&program.strips) {
                if let Some(plan) = plan
                    && !report.tracks.is_full()
                {
                    report.tracks.push((plan.owner, level));
                }
            }
        }
        self.reports.publish();
    }
}
