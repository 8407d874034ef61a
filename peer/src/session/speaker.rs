//! How a session is heard on this machine.

use std::time::Duration;

use audio_engine::{Control, Transport};
use score::time::{Beats, Frames, LocalTime, SAMPLE_RATE, Tempo};
use score::{Program, Score};
use tokio::sync::{mpsc, watch};

use super::handle::{Letter, Playhead};
use super::shelf::{Fetched, Shelf};
use crate::clock::HostClock;
use crate::samples::SampleStore;
use crate::sound::{Output, SoundError};

/// Where the music begins on the counter of an engine that has rendered nothing: some blocks of a device, in which it settles. 21 ms.
const FIRST_FRAME: Frames = Frames(1_024);

/// How far ahead of the sound a change of the transport is placed, in frames: 50 ms, more than a device buffers, so
/// that it is never late.
const AHEAD_FRAMES: u64 = 2_400;

/// How long a device that is missing or gone is left alone before it is looked for again.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// What came of opening a device.
#[derive(Debug)]
pub(super) struct SoundOpened {
    control: Control,
    output: Result<Output, SoundError>,
}

/// A transport that plays, and what it plays on.
#[derive(Debug)]
struct Playing {
    transport: Transport,
    /// When the transport's counter was at zero, for as long as no device counts.
    zero: LocalTime,
    control: Option<Control>,
    output: Option<Output>,
    look_again_at: Option<LocalTime>,
}

/// The engine's control half, the device, and what is to be played.
#[derive(Debug)]
pub(super) struct Speaker {
    clock: HostClock,
    letters: mpsc::WeakSender<Letter>,
    program: Option<Box<Program>>,
    shelf: Shelf,
    playing: Option<Playing>,
    playhead: watch::Sender<Playhead>,
    complained: bool,
}

impl Speaker {
    pub(super) fn new(
        clock: HostClock,
        store: SampleStore,
        letters: mpsc::WeakSender<Letter>,
        playhead: watch::Sender<Playhead>,
    ) -> Self {
        let shelf = Shelf::new(store, letters.clone());
        Self { clock, letters, program: None, shelf, playing: None, playhead, complained: false }
    }

    /// Plays this from here on; a change of tempo keeps the beat. One that is playing already plays on. `score` says what the
    /// program's samples are called and where they are cut.
    pub(super) fn set_program(&mut self, program: Box<Program>, score: &Score) {
        let wants_others = self.shelf.want(score, &program);
        if self.program.as_ref() == Some(&program) && !wants_others {
            return;
        }
        if let Some(playing) = &mut self.playing {
            if playing.transport.tempo != program.tempo {
                let at = Frames(playing.frame(self.clock.now()).0 + AHEAD_FRAMES);
                let beat = playing.transport.beat_at_frame(at);
                playing.transport = Transport::playing(program.tempo, beat, at);
                if let Some(control) = &mut playing.control {
                    control.set_transport(playing.transport);
                }
            }
            if let Some(control) = &mut playing.control {
                control.set_samples(self.shelf.samples());
                control.set_program((*program).clone());
            }
            self.shelf.fetch();
        }
        self.program = Some(program);
    }

    /// Plays on with samples that are cut elsewhere.
    pub(super) fn recut(&mut self, score: &Score) {
        if let Some(program) = &self.program
            && self.shelf.want(score, program)
        {
            self.supply();
        }
    }

    /// Takes what came of fetching a sample. Returns what to tell the player, once for each that is missing.
    pub(super) fn sample_fetched(&mut self, fetched: Fetched) -> Option<String> {
        let notice = self.shelf.fetched(fetched);
        if self.is_playing() {
            if notice.is_none() {
                self.supply();
            }
            self.shelf.fetch();
        } else {
            self.shelf.clear();
        }
        notice
    }

    /// Gives the engine the samples that are at hand.
    fn supply(&mut self) {
        let control = self.playing.as_mut().and_then(|playing| playing.control.as_mut());
        if let (Some(control), Some(program)) = (control, &self.program) {
            control.set_samples(self.shelf.samples());
            control.set_program((**program).clone());
        }
    }

    /// Starts from the first beat, or stops.
    pub(super) fn play(&mut self, on: bool) {
        if on == self.playing.is_some() {
            return;
        }
        self.fall_silent();
        self.complained = false;
        self.shelf.clear();
        if on {
            self.start_at(Beats::ZERO);
            self.shelf.fetch();
        } else {
            self.playhead.send_replace(Playhead::default());
        }
    }

    pub(super) fn is_playing(&self) -> bool {
        self.playing.is_some()
    }

    /// Takes what came of opening the device. Returns what to tell the player, once for a device that stays away.
    pub(super) fn opened(&mut self, opened: SoundOpened) -> Option<String> {
        // Whoever has stopped meanwhile wants no sound; dropping the output ends it.
        let playing = self.playing.as_mut()?;
        match opened.output {
            Ok(output) => {
                let notice = self.complained.then(|| format!("The sound is back, on {}.", output.device()));
                let mut control = opened.control;
                // Both may have changed while the device was being opened.
                if let Some(program) = &self.program {
                    control.set_samples(self.shelf.samples());
                    control.set_program((**program).clone());
                }
                control.set_transport(playing.transport);
                (playing.control, playing.output) = (Some(control), Some(output));
                self.complained = false;
                notice
            }
            Err(error) => {
                playing.look_again_at = Some(self.clock.now().plus_nanos(LOOK_AGAIN_AFTER.as_nanos() as i64));
                (!std::mem::replace(&mut self.complained, true)).then(|| error.to_string())
            }
        }
    }

    /// Looks after engine and device, and tells where the music is. To be called some sixty times a second.
    pub(super) fn tick(&mut self) {
        let now = self.clock.now();
        let Some(playing) = &mut self.playing else { return };
        if let Some(control) = &mut playing.control {
            control.tick();
        }
        let is_lost = playing.output.as_ref().is_some_and(Output::is_lost);
        let is_due = playing.look_again_at.is_some_and(|at| at <= now);
        if let Some(gaps) = playing.output.as_mut().and_then(Output::xrun_news) {
            tracing::warn!(gaps, "the machine is too slow for its sound device");
        }
        self.playhead.send_replace(playing.picture(now));
        if is_lost || is_due {
            let beat = playing.heard_beat(now);
            self.start_at(beat);
        }
    }

    /// Lets go of engine and device. Closing a device waits for its threads, so somebody else does it.
    fn fall_silent(&mut self) {
        if let Some(playing) = self.playing.take() {
            tokio::task::spawn_blocking(move || drop(playing));
        }
    }

    /// Has an engine play from `beat` on, and a device opened for it. Until that is open the clock counts the frames.
    fn start_at(&mut self, beat: Beats) {
        let tempo = self.program.as_ref().map_or_else(Tempo::default, |program| program.tempo);
        let transport = Transport::playing(tempo, beat, FIRST_FRAME);
        let zero = self.clock.now();
        self.fall_silent();
        self.playing = Some(Playing { transport, zero, control: None, output: None, look_again_at: None });
        let (mut control, processor) = audio_engine::engine();
        if let Some(program) = &self.program {
            control.set_samples(self.shelf.samples());
            control.set_program((**program).clone());
        }
        control.set_transport(transport);
        let (clock, letters) = (self.clock, self.letters.clone());
        tokio::task::spawn_blocking(move || {
            let output = Output::open(Box::new(processor), clock).map_err(|(error, _)| error);
            let opened = Box::new(SoundOpened { control, output });
            if let Some(letters) = letters.upgrade() {
                letters.blocking_send(Letter::SoundOpened(opened)).ok();
            }
        });
    }
}

impl Playing {
    /// The frame that the engine renders next, or would.
    fn frame(&mut self, now: LocalTime) -> Frames {
        match &mut self.control {
            Some(control) => control.report().frame,
            None => self.counted(now),
        }
    }

    fn counted(&self, now: LocalTime) -> Frames {
        let nanos = now.nanos_since(self.zero).max(0) as u128;
        Frames((nanos * u128::from(SAMPLE_RATE) / 1_000_000_000) as u64)
    }

    /// The beat that leaves the loudspeaker at this moment.
    fn heard_beat(&mut self, now: LocalTime) -> Beats {
        let anchor = self.output.as_mut().and_then(Output::timing);
        let frame = anchor
            .map_or_else(|| self.counted(now), |anchor| Frames(anchor.frame_at_time(now).max(0.0) as u64));
        self.transport.beat_at_frame(frame)
    }

    fn picture(&mut self, now: LocalTime) -> Playhead {
        Playhead {
            is_playing: true,
            beat: self.heard_beat(now),
            peak: self.control.as_mut().map_or(0.0, |control| control.report().master.peak),
            device: self.output.as_ref().map(|output| output.device().to_owned()),
            xruns: self.output.as_ref().map_or(0, Output::xruns),
        }
    }
}
