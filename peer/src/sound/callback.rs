//! What the audio thread does: fill the device's buffer, note when it will be heard.
//!
//! Nothing here allocates, locks, logs or waits.

use std::sync::Arc;
use std::time::Duration;

use audio_engine::{LATENCY_FRAMES, Processor};
use cpal::{FromSample, SizedSample};
use score::time::{LocalTime, SAMPLE_RATE};

use super::health::Health;
use super::rate::Converter;
use super::timing::{Anchor, TimingLoop};
use crate::clock::HostClock;

/// Frames rendered at a time where the device's layout is not the engine's own.
const SCRATCH_FRAMES: usize = 512;

/// The part that one callback has in what is told of latency and load: the mean of about a second of them.
const MEAN_PART: f64 = 1.0 / 64.0;

/// What the audio thread knows of when frames are heard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    /// The line between frames and time.
    pub(super) anchor: Anchor,
    /// How much later than it is asked for a frame leaves the device, as that says, in nanoseconds: a mean.
    pub(super) latency_nanos: f64,
}

/// The audio thread's state.
pub(super) struct Callback {
    /// Arrives once the stream has been opened, so that an attempt that fails does not take it along.
    processor: Option<Box<Processor>>,
    arrival: rtrb::Consumer<Box<Processor>>,
    converter: Option<Converter>,
    channels: usize,
    /// Frames given to the device, at its own rate.
    frames: u64,
    engine_frames_per_frame: f64,
    timing: TimingLoop,
    clock: HostClock,
    heard: triple_buffer::Input<Option<Heard>>,
    latency_nanos: Option<f64>,
    /// The share of the time that rendering takes: a mean.
    load: f64,
    health: Arc<Health>,
    scratch: [[f32; SCRATCH_FRAMES]; 2],
}

/// What a [`Callback`] is made of.
pub(super) struct Parts {
    pub(super) arrival: rtrb::Consumer<Box<Processor>>,
    pub(super) converter: Option<Converter>,
    pub(super) channels: usize,
    pub(super) rate: u32,
    pub(super) clock: HostClock,
    pub(super) heard: triple_buffer::Input<Option<Heard>>,
    pub(super) health: Arc<Health>,
}

impl Callback {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            processor: None,
            arrival: parts.arrival,
            converter: parts.converter,
            channels: parts.channels,
            frames: 0,
            engine_frames_per_frame: f64::from(SAMPLE_RATE) / f64::from(parts.rate),
            timing: TimingLoop::new(f64::from(SAMPLE_RATE)),
            clock: parts.clock,
            heard: parts.heard,
            latency_nanos: None,
            load: 0.0,
            health: parts.health,
            scratch: [[0.0; SCRATCH_FRAMES]; 2],
        }
    }

    /// Fills `data`, whose first frame will be heard `latency` from now.
    pub(super) fn fill<T: SizedSample + FromSample<f32>>(&mut self, data: &mut [T], latency: Duration) {
        let now = self.clock.now();
        let Some(mut processor) = self.arrived() else {
            data.fill(T::EQUILIBRIUM);
            return;
        };
        self.note_time(now, latency.as_nanos() as f64);
        for piece in data.chunks_mut(SCRATCH_FRAMES * self.channels) {
            let frames = piece.len() / self.channels;
            let [left, right] = &mut self.scratch;
            let (left, right) = (&mut left[..frames], &mut right[..frames]);
            match &mut self.converter {
                None => processor.process(left, right),
                Some(converter) => converter.process(&mut processor, left, right),
            }
            spread(left, right, piece, self.channels);
            self.frames += frames as u64;
        }
        self.processor = Some(processor);
        self.note_load(now, data.len() / self.channels);
    }

    /// Notes that so many frames are rendered, which began at a moment.
    fn note_load(&mut self, began: LocalTime, frames: usize) {
        let lasts = frames as f64 * self.engine_frames_per_frame / f64::from(SAMPLE_RATE) * 1e9;
        if lasts > 0.0 {
            let share = (self.clock.now().0 - began.0) as f64 / lasts;
            self.load += (share - self.load) * MEAN_PART;
            self.health.note_load(self.load);
        }
    }

    fn arrived(&mut self) -> Option<Box<Processor>> {
        self.processor.take().or_else(|| self.arrival.pop().ok())
    }

    /// Notes that the next frame is heard so long after `now`. A frame that the engine is asked for is heard later by the
    /// delays of its limiter and of the converter.
    fn note_time(&mut self, now: LocalTime, latency_nanos: f64) {
        // Another card has another speed and another delay.
        if self.health.take_change() {
            self.timing = TimingLoop::new(f64::from(SAMPLE_RATE));
            self.latency_nanos = None;
        }
        let heard_at = now.plus_nanos(latency_nanos as i64);
        let mean = self.latency_nanos.get_or_insert(latency_nanos);
        *mean += (latency_nanos - *mean) * MEAN_PART;
        let latency_nanos = *mean;
        let delay = self.converter.as_ref().map_or(0, Converter::delay_frames) as f64;
        let frame = (self.frames as f64 - delay) * self.engine_frames_per_frame - LATENCY_FRAMES as f64;
        let anchor = self.timing.observe(frame, heard_at);
        *self.heard.input_buffer_mut() = Some(Heard { anchor, latency_nanos });
        self.heard.publish();
    }
}

/// Lays two channels out as the device wants them: one speaker hears the mean, further ones are silent.
fn spread<T: SizedSample + FromSample<f32>>(left: &[f32], right: &[f32], piece: &mut [T], channels: usize) {
    for ((frame, &left), &right) in piece.chunks_mut(channels).zip(left).zip(right) {
        match frame {
            [mono] => *mono = T::from_sample((left + right) * 0.5),
            [first, second, others @ ..] => {
                *first = T::from_sample(left);
                *second = T::from_sample(right);
                others.fill(T::EQUILIBRIUM);
            }
            [] => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_laid_out_for_one_two_and_more_speakers() {
        let (left, right) = ([0.5, -1.0], [0.25, 1.0]);
        let mut mono = [9.0; 2];
        spread(&left, &right, &mut mono, 1);
        assert_eq!(mono.map(f32::to_bits), [0.375, 0.0].map(f32::to_bits));
        let mut stereo = [9.0; 4];
        spread(&left, &right, &mut stereo, 2);
        assert_eq!(stereo.map(f32::to_bits), [0.5, 0.25, -1.0, 1.0].map(f32::to_bits));
        let mut surround = [9_i16; 6];
        spread(&left, &right, &mut surround, 3);
        assert_eq!(surround, [16_384, 8_192, 0, -32_768, 32_767, 0]);
    }
}
