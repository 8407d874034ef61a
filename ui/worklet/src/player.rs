//! Both halves of the engine in one thread's hands.

use audio_engine::{Control, LATENCY_FRAMES, Processor, Transport};
use score::private_mix::read_private_mix;
use score::program_image::{ImageError, read_image};
use score::{Beats, Frames, Program, Tempo, TrackId};
use view::FrameLine;

use crate::meters::Meters;
use crate::recordings::Recordings;
use crate::timeline::{Following, read_timeline};

/// Most frames that one call renders.
pub const MAX_BLOCK_FRAMES: usize = 1_024;

/// Largest program image that is taken: above the sum of a program's pools at their fullest.
pub const MAX_IMAGE_BYTES: usize = 512 * 1024;

/// Bytes of a track's id.
const ID_BYTES: usize = 8;

/// An engine with the buffers through which a script talks to it, all allocated when it is made.
#[derive(Debug)]
pub struct Player {
    control: Control,
    processor: Processor,
    transport: Transport,
    tempo: Tempo,
    following: Following,
    meters: Meters,
    recordings: Recordings,
    image: Vec<u8>,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Player {
    /// A silent engine without a program.
    pub fn new() -> Self {
        let (control, processor) = audio_engine::engine();
        Self {
            control,
            processor,
            transport: Transport::stopped(),
            tempo: Tempo::default(),
            following: Following::default(),
            meters: Meters::default(),
            recordings: Recordings::default(),
            image: vec![0; MAX_IMAGE_BYTES],
            left: vec![0.0; MAX_BLOCK_FRAMES],
            right: vec![0.0; MAX_BLOCK_FRAMES],
        }
    }

    /// Where the next program image is to be written.
    pub fn image_slot(&mut self) -> &mut [u8] {
        &mut self.image
    }

    /// Plays the program whose image fills the first `bytes` of the slot. Where the music moves at the tempo of the program before
    /// it, it moves at this one's from the next frame on, and keeps its beat; a timeline says itself how fast it moves.
    ///
    /// # Errors
    /// When these are not a program; the one before it plays on.
    pub fn play_image(&mut self, bytes: usize) -> Result<(), ImageError> {
        let image = self.image.get(..bytes).ok_or(ImageError::Truncated("slot"))?;
        let mut program = Program::with_full_capacity();
        read_image(&mut program, image)?;
        let before = std::mem::replace(&mut self.tempo, program.tempo);
        let is_followed = self.following.is_on();
        if !is_followed && self.transport.playing && self.transport.tempo == before && before != self.tempo {
            let frame = self.processor.frame();
            self.set_transport(Transport::playing(self.tempo, self.transport.beat_at_frame(frame), frame));
        }
        self.control.set_program(program);
        Ok(())
    }

    /// Hears the session as the private mix says whose image fills the first `bytes` of the slot; whether it is one.
    pub fn hear(&mut self, bytes: usize) -> bool {
        let mix = self.image.get(..bytes).and_then(read_private_mix);
        if let Some(mix) = &mix {
            self.control.set_private_mix(mix);
        }
        mix.is_some()
    }

    /// Presses a key on the track whose id begins the slot, or lets it go. `pitch` is in semitones, `velocity` 0..=1. What is no id
    /// changes nothing.
    pub fn strike(&mut self, pitch: i8, velocity: Option<f32>) {
        let id = self.image.first_chunk::<ID_BYTES>().and_then(|id| core::str::from_utf8(id).ok());
        if let Some(track) = id.and_then(|id| id.parse::<TrackId>().ok()) {
            self.control.strike(track, pitch, velocity);
        }
    }

    /// The levels of the master and of every track, as they are now.
    pub fn meters(&mut self) -> &Meters {
        self.meters.read(self.control.report());
        &self.meters
    }

    /// Room for as many samples of a recording, channels alternating, before [`Player::keep_recording`].
    pub fn recording_room(&mut self, samples: usize) -> &mut [f32] {
        self.recordings.room(samples)
    }

    /// Keeps the recording in the room, of one channel or two, under the hash whose 32 bytes begin the slot; as many `cuts` follow
    /// there (`u32`, little-endian: frames at which slices begin). Programs that are sent from here on play it. False when it is
    /// no recording, or [`crate::MAX_RECORDINGS`] are kept.
    pub fn keep_recording(&mut self, channels: usize, cuts: usize) -> bool {
        let kept = self.recordings.keep(channels, &self.image, cuts);
        let Some(samples) = kept else { return false };
        self.control.set_samples(samples);
        true
    }

    /// Forgets all recordings; what sounds of them goes on.
    pub fn forget_recordings(&mut self) {
        let none = self.recordings.forget();
        self.control.set_samples(none);
    }

    /// Plays from `beat` at the program's tempo, from the next frame on.
    pub fn play_from(&mut self, beat: Beats) {
        self.set_transport(Transport::playing(self.tempo, beat, self.processor.frame()));
    }

    /// Says where the music stands from a frame on. No timeline is followed any more.
    pub fn set_transport(&mut self, transport: Transport) {
        self.following = Following::default();
        self.transport = transport;
        self.control.set_transport(transport);
    }

    /// Follows the timeline that fills the first `bytes` of the slot, once it is known when frames are heard. `None` when it is
    /// none; the one before it is followed on.
    pub fn set_timeline(&mut self, bytes: usize) -> Option<()> {
        let transport = read_timeline(self.image.get(..bytes)?)?;
        self.following.set_transport(transport);
        Some(())
    }

    /// Says when the frames of the host's counter are heard.
    pub fn set_clock(&mut self, line: FrameLine) {
        self.following.set_line(line);
    }

    /// The next block begins at a frame of the host's counter.
    pub fn follow(&mut self, host_frame: f64) {
        let next = self.processor.frame();
        let Self { following, control, .. } = self;
        following.follow(host_frame, next, |transport| control.set_transport(transport));
    }

    /// Renders the next frames, at most [`MAX_BLOCK_FRAMES`]; they lie in [`Player::left`] and [`Player::right`].
    pub fn render(&mut self, frames: usize) {
        let frames = frames.min(MAX_BLOCK_FRAMES);
        self.processor.process(&mut self.left[..frames], &mut self.right[..frames]);
        self.control.tick();
    }

    /// The left channel of the last block.
    pub fn left(&self) -> &[f32] {
        &self.left
    }

    /// The right channel of the last block.
    pub fn right(&self) -> &[f32] {
        &self.right
    }

    /// The beat that has been reached, for the playhead.
    pub fn beat(&mut self) -> Beats {
        self.control.report().beat
    }

    /// The beat that has left the engine: behind [`beat`](Self::beat) by the engine's delay.
    pub fn heard_beat(&self) -> Beats {
        let frame = Frames(self.processor.frame().0.saturating_sub(LATENCY_FRAMES as u64));
        self.following.beat_at(frame).unwrap_or_else(|| self.transport.beat_at_frame(frame))
    }

    /// Whether the music moves.
    pub fn is_playing(&mut self) -> bool {
        self.control.report().is_playing
    }

    /// Notes that sound.
    pub fn voices(&mut self) -> usize {
        self.control.report().voices
    }

    /// The level of what leaves the engine; 1 is full scale.
    pub fn peak(&mut self) -> f32 {
        self.control.report().master.peak
    }
}

impl Default for Player {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
