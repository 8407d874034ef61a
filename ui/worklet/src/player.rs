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

    /// Lets this player alone hear a click on every count, at a level of 0..=1; 0 for none.
    pub fn set_metronome(&mut self, level: f32) {
        self.control.set_metronome(Some(level));
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
mod tests {
    use score::PrivateTrack;
    use score::private_mix::write_private_mix;
    use score::program::Setting;

    use super::*;

    fn hear(player: &mut Player, mix: &[PrivateTrack]) -> bool {
        let mut image = Vec::new();
        write_private_mix(mix, &mut image);
        player.image_slot()[..image.len()].copy_from_slice(&image);
        player.hear(image.len())
    }

    #[test]
    fn a_full_program_fits_the_slot() {
        use score::program::{
            ChordNote, MAX_PROGRAM_NOTES, MAX_PROGRAM_SETTINGS, MAX_PROGRAM_STEPS, Setting,
        };
        let mut program = Program::with_full_capacity();
        let note = ChordNote { pitch: 0, velocity: 1.0 };
        program.notes.resize(MAX_PROGRAM_NOTES, note);
        program
            .settings
            .resize(MAX_PROGRAM_SETTINGS, Setting { param: score::catalogue::ParamIndex(0), value: 0.0 });
        let step = score::program::ProgramStep {
            on: true,
            tie: false,
            pitch: 0,
            velocity: 1.0,
            gate_percent: 100,
            chance_percent: 100,
            ratchet: 1,
            nudge_percent: 0,
            condition: None,
            notes: score::program::Span::default(),
            locks: score::program::Span::default(),
        };
        program.steps.resize(MAX_PROGRAM_STEPS, step);
        let mut image = Vec::new();
        score::program_image::write_image(&program, &mut image);
        assert!(image.len() + 16 * 1024 < MAX_IMAGE_BYTES, "{} bytes and sixteen tracks", image.len());
    }

    fn play(player: &mut Player, program: &Program) {
        let mut image = Vec::new();
        score::program_image::write_image(program, &mut image);
        player.image_slot()[..image.len()].copy_from_slice(&image);
        player.play_image(image.len()).unwrap();
    }

    #[test]
    fn a_change_of_tempo_keeps_the_beat() {
        let mut player = Player::new();
        let tempo = |bpm: u32| Tempo::from_milli_bpm(bpm * 1000).unwrap();
        play(&mut player, &Program { tempo: tempo(120), ..Program::default() });
        player.render(128);
        player.play_from(Beats(4_000_000));
        for _ in 0..375 {
            player.render(128);
        }
        assert_eq!(player.beat(), Beats(6_000_000), "two beats in a second");
        play(&mut player, &Program { tempo: tempo(60), ..Program::default() });
        for _ in 0..375 {
            player.render(128);
        }
        assert_eq!(player.beat(), Beats(7_000_000));
        let behind = player.beat() - player.heard_beat();
        assert_eq!(behind, Beats(2_000), "96 frames at one beat a second");
    }

    #[test]
    fn a_track_is_heard_alone_until_all_are_heard() {
        let score = score::starter::starter("", 1);
        let ids: Vec<TrackId> = score.tracks.keys().copied().collect();
        let mut player = Player::new();
        play(&mut player, &score::lower::lower_first_scene(&score));
        player.play_from(Beats::ZERO);
        let bar = |player: &mut Player| -> f32 {
            let mut sum = 0.0;
            player.play_from(Beats::ZERO);
            for _ in 0..750 {
                player.render(128);
                sum += player.left()[..128].iter().map(|sample| sample * sample).sum::<f32>();
            }
            sum
        };
        let all = bar(&mut player);
        let alone = PrivateTrack { solo: true, ..PrivateTrack::shared(ids[0]) };
        assert!(hear(&mut player, &[alone]));
        let one = bar(&mut player);
        assert!(one < all * 0.9, "{one} of {all}");
        player.image_slot()[..8].copy_from_slice(b"no id 1!");
        assert!(!player.hear(9) && !player.hear(usize::MAX));
        assert!(hear(&mut player, &[]));
        let again = bar(&mut player);
        assert!(again > all * 0.9, "{again} of {all}");
    }

    #[test]
    fn a_key_sounds_while_nothing_plays() {
        let score = score::starter::starter("", 1);
        let mut player = Player::new();
        play(&mut player, &score::lower::lower_first_scene(&score));
        player.render(128);
        let id = score.tracks.keys().next().unwrap().to_string();
        player.image_slot()[..8].copy_from_slice(id.as_bytes());
        player.strike(0, Some(0.9));
        let mut peak = 0.0f32;
        for _ in 0..40 {
            player.render(128);
            peak = player.left()[..128].iter().fold(peak, |peak, sample| peak.max(sample.abs()));
        }
        assert!(peak > 0.01, "{peak}");
        player.image_slot()[..8].copy_from_slice(b"no id 1!");
        player.strike(0, Some(0.9));
        player.strike(0, None);
    }

    #[test]
    fn a_track_has_its_own_level_effects_and_meter() {
        use score::catalogue::parameter_index;
        let mut player = Player::new();
        let score = score::starter::starter("", 1);
        play(&mut player, &score::lower::lower_first_scene(&score));
        let bar = |player: &mut Player| -> (f32, Meters) {
            player.play_from(Beats::ZERO);
            let mut most = 0.0_f32;
            for _ in 0..750 {
                player.render(128);
                most = player.left()[..128].iter().fold(most, |most, sample| most.max(sample.abs()));
            }
            (most, player.meters().clone())
        };
        let (shared, meters) = bar(&mut player);
        assert_eq!(meters.count(), 1 + score.tracks.len());
        assert!(meters.levels().iter().all(|[peak, rms]| rms <= peak));
        let ids = meters.ids().to_vec();
        assert!(ids.iter().all(|id| score.tracks.keys().any(|track| track.as_str().as_bytes() == id)));
        let all = |change: &dyn Fn(PrivateTrack) -> PrivateTrack| -> Vec<PrivateTrack> {
            score.tracks.keys().map(|&id| change(PrivateTrack::shared(id))).collect()
        };
        assert!(hear(&mut player, &all(&|track| PrivateTrack { level: 0.1, ..track })));
        bar(&mut player);
        let (quiet, metered) = bar(&mut player);
        assert!(quiet < 0.2 * shared, "{quiet} of {shared}");
        assert!(
            metered.levels()[1][0] > 0.5 * meters.levels()[1][0],
            "the tracks' meters show the shared mix"
        );
        assert!(hear(&mut player, &all(&|track| PrivateTrack { mute: true, ..track })));
        bar(&mut player);
        assert!(bar(&mut player).0 < 1e-4, "muted");
        let trim = Setting { param: parameter_index("trim.gain").unwrap(), value: -24.0 };
        assert!(hear(&mut player, &all(&|track| PrivateTrack { effects: vec![trim], ..track })));
        bar(&mut player);
        let trimmed = bar(&mut player).0;
        assert!(trimmed < 0.2 * shared && trimmed > 0.0, "{trimmed} of {shared}");
        player.set_metronome(1.0);
        bar(&mut player);
        assert!(bar(&mut player).0 > 0.4, "the metronome");
    }

    #[test]
    fn a_recording_that_was_handed_over_is_played() {
        use score::SampleHash;
        let score = score::starter::starter("", 1);
        let mut program = score::lower::lower_first_scene(&score);
        program.tracks.iter_mut().for_each(|track| track.sample = Some(SampleHash([7; 32])));
        let mut player = Player::new();
        let peak = |player: &mut Player| {
            play(player, &program);
            player.play_from(Beats::ZERO);
            player.render(1_024);
            player.left().iter().fold(0.0_f32, |most, sample| most.max(sample.abs()))
        };
        assert!(peak(&mut player) == 0.0, "no recording, no sound");
        player.recording_room(20_000).fill(0.25);
        player.image_slot()[..32].fill(7);
        assert!(player.keep_recording(2, 0));
        assert!(peak(&mut player) > 0.1);
        player.recording_room(20_000);
        assert!(!player.keep_recording(3, 0), "no such number of channels");
        player.recording_room(0);
        assert!(!player.keep_recording(1, 0), "no frames");
    }

    #[test]
    fn bytes_that_are_no_program_are_refused() {
        let mut player = Player::new();
        player.image_slot()[..4].copy_from_slice(b"nope");
        assert!(player.play_image(4).is_err());
        assert!(player.play_image(usize::MAX).is_err());
        player.render(usize::MAX);
        assert!(player.left().iter().all(|sample| *sample == 0.0));
    }
}
