//! Opening the machine's default output and keeping an eye on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audio_engine::Processor;
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, Device, FromSample, SampleFormat, SizedSample, Stream, StreamConfig};
use score::time::SAMPLE_RATE;

use super::callback::{Callback, Heard, Parts};
use super::file_card::{FileCard, FileOutput};
use super::health::{Health, XrunReporter};
use super::hush::hush;
use super::rate::Converter;
use super::timing::Anchor;
use crate::clock::HostClock;

/// Frames per callback: 11 ms. The default of some hosts is two seconds.
const BLOCK_FRAMES: u32 = 512;

/// How long a device may take to open before it counts as absent.
const OPEN_WITHIN: Duration = Duration::from_secs(5);

/// Why nothing is heard. The session goes on in silence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoundError {
    /// The machine has no output.
    #[error("there is no sound device, so nothing is heard; connect one and play again")]
    NoDevice,
    /// It has one that does not open.
    #[error("the sound device {device} does not open, so nothing is heard: {reason}")]
    Refused {
        /// The device's name.
        device: String,
        /// What it said to the last of the attempts.
        reason: String,
    },
}

/// What asks for frames.
enum Card {
    Device(Stream),
    File(#[expect(dead_code, reason = "dropping it ends the file")] FileCard),
}

/// An open output, playing what an engine renders. Dropping it stops the sound.
pub struct Output {
    card: Card,
    device: String,
    rate: u32,
    reporter: XrunReporter,
    reports: Reports,
}

/// What is learned from the audio thread.
struct Reports {
    health: Arc<Health>,
    heard: triple_buffer::Output<Option<Heard>>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Output")
            .field("device", &self.device)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

/// One way to open a device.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    config: StreamConfig,
    format: SampleFormat,
}

/// The machine's default output by name, if it has one.
pub fn default_output_name() -> Option<String> {
    if let Some(file) = FileOutput::of_process() {
        return Some(file.path.display().to_string());
    }
    hush();
    cpal::default_host().default_output_device().map(|device| device.to_string())
}

impl Output {
    /// Opens the default output and has it play what `processor` renders. Takes up to seconds, so not for a thread
    /// that others wait on.
    ///
    /// # Errors
    /// When there is no device or it does not open; `processor` comes back with the reason.
    pub fn open(processor: Box<Processor>, clock: HostClock) -> Result<Self, (SoundError, Box<Processor>)> {
        if let Some(file) = FileOutput::of_process() {
            return Self::open_file(&file, processor, clock);
        }
        hush();
        let Some(device) = cpal::default_host().default_output_device() else {
            return Err((SoundError::NoDevice, processor));
        };
        let mut reason = "it offers no format that Offbeat knows".to_owned();
        for attempt in attempts(&device) {
            let (mut hand_over, arrival) = rtrb::RingBuffer::new(1);
            match Self::try_open(&device, attempt, arrival, clock) {
                Ok(output) => {
                    // The ring was made for this one, so there is room.
                    hand_over.push(processor).ok();
                    return Ok(output);
                }
                Err(error) => reason = error,
            }
        }
        Err((SoundError::Refused { device: device.to_string(), reason }, processor))
    }

    fn open_file(
        file: &FileOutput,
        processor: Box<Processor>,
        clock: HostClock,
    ) -> Result<Self, (SoundError, Box<Processor>)> {
        let device = file.path.display().to_string();
        let (mut hand_over, arrival) = rtrb::RingBuffer::new(1);
        let (callback, reports) = callback(arrival, None, 2, SAMPLE_RATE, clock);
        match FileCard::start(file, callback, clock, reports.health.clone()) {
            Ok(card) => {
                // The ring was made for this one, so there is room.
                hand_over.push(processor).ok();
                Ok(Self::of(Card::File(card), device, SAMPLE_RATE, reports))
            }
            Err(error) => Err((SoundError::Refused { device, reason: error.to_string() }, processor)),
        }
    }

    fn try_open(
        device: &Device,
        attempt: Attempt,
        arrival: rtrb::Consumer<Box<Processor>>,
        clock: HostClock,
    ) -> Result<Self, String> {
        let rate = attempt.config.sample_rate;
        let converter = if rate == SAMPLE_RATE {
            None
        } else {
            let reason = || format!("it runs at {rate} Hz, which cannot be converted to");
            Some(Converter::new(rate).ok_or_else(reason)?)
        };
        let channels = usize::from(attempt.config.channels);
        let (callback, reports) = callback(arrival, converter, channels, rate, clock);
        let stream = match attempt.format {
            SampleFormat::I16 => build::<i16>(device, attempt.config, callback, &reports.health),
            SampleFormat::I32 => build::<i32>(device, attempt.config, callback, &reports.health),
            _ => build::<f32>(device, attempt.config, callback, &reports.health),
        };
        let stream =
            stream.and_then(|stream| stream.play().map(|()| stream)).map_err(|error| error.to_string())?;
        Ok(Self::of(Card::Device(stream), device.to_string(), rate, reports))
    }

    fn of(card: Card, device: String, rate: u32, reports: Reports) -> Self {
        Self { card, device, rate, reporter: XrunReporter::default(), reports }
    }

    /// The device's name.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// The rate that the device runs at, in hertz. When it is not 48,000 the engine's sound is converted.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The frames that the device takes per callback, as far as it tells.
    pub fn block_frames(&self) -> Option<u32> {
        match &self.card {
            Card::Device(stream) => stream.buffer_size().ok(),
            Card::File(_) => None,
        }
    }

    /// Which frame is heard when, once the device has played.
    pub fn timing(&mut self) -> Option<Anchor> {
        self.reports.heard.read().map(|heard| heard.anchor)
    }

    /// How much later than it is asked for a frame leaves the device, as that says: the mean of a second or so. `None` until the
    /// device has played for long enough to be believed.
    pub fn latency(&mut self) -> Option<Duration> {
        let heard = self.reports.heard.read().filter(|heard| heard.anchor.settled)?;
        Some(Duration::from_nanos(heard.latency_nanos as u64))
    }

    /// Gaps in the sound so far, because the machine was too slow.
    pub fn xruns(&self) -> u64 {
        self.reports.health.xruns()
    }

    /// How much of the time goes into rendering, in percent: the mean of about a second.
    pub fn load_percent(&self) -> u32 {
        self.reports.health.load_percent()
    }

    /// Gaps since this last returned some: at most one answer in ten seconds.
    pub fn xrun_news(&mut self) -> Option<u64> {
        self.reporter.news(self.reports.health.xruns(), Instant::now())
    }

    /// Whether the device has gone; it must be opened anew.
    pub fn is_lost(&self) -> bool {
        self.reports.health.is_lost()
    }
}

/// The ways to open a device, best first: the engine's own rate and layout in short blocks, then in whatever blocks the
/// device likes, then the device's own rate and layout.
fn attempts(device: &Device) -> Vec<Attempt> {
    let own =
        StreamConfig { channels: 2, sample_rate: SAMPLE_RATE, buffer_size: BufferSize::Fixed(BLOCK_FRAMES) };
    let free = StreamConfig { buffer_size: BufferSize::Default, ..own };
    let mut attempts = vec![];
    for format in [SampleFormat::F32, SampleFormat::I32, SampleFormat::I16] {
        attempts.push(Attempt { config: own, format });
    }
    attempts.push(Attempt { config: free, format: SampleFormat::F32 });
    if let Ok(default) = device.default_output_config() {
        let config = StreamConfig { buffer_size: BufferSize::Fixed(BLOCK_FRAMES), ..default.config() };
        let format = default.sample_format();
        if matches!(format, SampleFormat::F32 | SampleFormat::I32 | SampleFormat::I16) && config.channels > 0
        {
            attempts.push(Attempt { config, format });
            attempts.push(Attempt { config: default.config(), format });
        }
    }
    attempts
}

/// What fills a card's blocks, and what is learned from it.
fn callback(
    arrival: rtrb::Consumer<Box<Processor>>,
    converter: Option<Converter>,
    channels: usize,
    rate: u32,
    clock: HostClock,
) -> (Callback, Reports) {
    let (published, heard) = triple_buffer::triple_buffer(&None);
    let health = Arc::new(Health::default());
    let parts = Parts { arrival, converter, channels, rate, clock, heard: published, health: health.clone() };
    (Callback::new(parts), Reports { health, heard })
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: StreamConfig,
    mut callback: Callback,
    health: &Arc<Health>,
) -> Result<Stream, cpal::Error> {
    let health = health.clone();
    device.build_output_stream::<T, _, _>(
        config,
        move |data, info| {
            // Instants of the stream have an origin of their own, so only their difference says anything.
            let stamp = info.timestamp();
            callback.fill(data, stamp.playback.saturating_duration_since(stamp.callback));
        },
        move |error| health.note(error.kind()),
        Some(OPEN_WITHIN),
    )
}
