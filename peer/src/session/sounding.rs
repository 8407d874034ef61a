//! An engine, the device that asks it for its frames, and the way from where the music is to what both do.

use std::time::Duration;

use audio_engine::{Control, Samples};
use score::time::{Beats, Frames, LocalTime};
use score::{PrivateMix, Program};
use tokio::sync::{mpsc, oneshot};
use view::{Cue, Effort, Follower, FrameLine, Level, Levels, SoundDelay, Transport};

use super::handle::Letter;
use crate::clock::HostClock;
use crate::sound::{Output, SoundError, Trim};

/// How long a device that is missing or gone is left alone before it is looked for again.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// What came of opening a device.
#[derive(Debug)]
pub(super) struct SoundOpened {
    control: Control,
    output: Result<Output, SoundError>,
}

/// Sound that is wanted.
#[derive(Debug, Default)]
pub(super) struct Sound {
    engine: Option<Engine>,
    look_again_at: Option<LocalTime>,
    /// Whoever waits until there is a device, or until it is known that there is none.
    waiting: Vec<oneshot::Sender<()>>,
    was_opened: bool,
    complained: bool,
}

/// An engine that a device plays.
#[derive(Debug)]
struct Engine {
    control: Control,
    output: Output,
    follower: Follower,
    trim: Trim,
}

impl Sound {
    /// Has a device opened for a new engine; it arrives as a letter.
    pub(super) fn open(&mut self, clock: HostClock, letters: mpsc::WeakSender<Letter>) {
        self.look_again_at = None;
        self.close();
        tokio::task::spawn_blocking(move || {
            let (control, processor) = audio_engine::engine();
            let output = Output::open(Box::new(processor), clock).map_err(|(error, _)| error);
            let opened = Box::new(SoundOpened { control, output });
            if let Some(letters) = letters.upgrade() {
                letters.blocking_send(Letter::SoundOpened(opened)).ok();
            }
        });
    }

    /// Lets go of engine and device. Closing a device waits for its threads, so somebody else does it.
    pub(super) fn close(&mut self) {
        if let Some(engine) = self.engine.take() {
            tokio::task::spawn_blocking(move || drop(engine));
        }
    }

    /// Takes what came of opening the device. Returns what to tell the player, once for a device that stays away.
    pub(super) fn opened(&mut self, opened: SoundOpened, now: LocalTime) -> Option<String> {
        self.was_opened = true;
        for waiting in self.waiting.drain(..) {
            waiting.send(()).ok();
        }
        match opened.output {
            Ok(output) => {
                let was_missing = std::mem::take(&mut self.complained);
                let notice = was_missing.then(|| format!("The sound is back, on {}.", output.device()));
                self.close();
                let (control, follower, trim) = (opened.control, Follower::default(), Trim::default());
                self.engine = Some(Engine { control, output, follower, trim });
                notice
            }
            Err(error) => {
                self.look_again_at = Some(now.plus_nanos(LOOK_AGAIN_AFTER.as_nanos() as i64));
                (!std::mem::replace(&mut self.complained, true)).then(|| error.to_string())
            }
        }
    }

    /// Tells when there is a device, or when it is known that there is none.
    pub(super) fn tell_when_opened(&mut self, waiting: oneshot::Sender<()>) {
        if self.was_opened {
            waiting.send(()).ok();
        } else {
            self.waiting.push(waiting);
        }
    }

    /// Plays a program with these samples.
    pub(super) fn supply(&mut self, program: &Program, samples: Samples, ears: &PrivateMix) {
        if let Some(engine) = &mut self.engine {
            engine.control.set_samples(samples);
            engine.control.set_private_mix(ears);
            engine.control.set_program(program.clone());
        }
    }

    /// Has the engine play what the transport says, and looks after it and its device. `true` when there should be another device.
    pub(super) fn tick(&mut self, transport: &Transport, now: LocalTime, trim: Trim) -> bool {
        let Some(engine) = &mut self.engine else {
            return self.look_again_at.is_some_and(|at| at <= now);
        };
        engine.control.tick();
        if let Some(gaps) = engine.output.xrun_news() {
            tracing::warn!(gaps, "the machine is too slow for its sound device");
        }
        engine.trim = trim;
        engine.follow(transport);
        engine.output.is_lost()
    }

    /// The beat that leaves the machine at a moment, by what its engine was told.
    pub(super) fn heard_beat(&mut self, now: LocalTime) -> Option<Beats> {
        let engine = self.engine.as_mut()?;
        let frame = engine.line()?.frame_at(now);
        (frame >= 0.0).then(|| engine.follower.beat_at(Frames(frame as u64)))
    }

    /// How late what the engine renders is heard.
    pub(super) fn delay(&mut self, trim: Trim) -> SoundDelay {
        let latency = self.engine.as_mut().and_then(|engine| engine.output.latency());
        let device_micros = latency.map(|latency| latency.as_micros().try_into().unwrap_or(u32::MAX));
        SoundDelay { device_micros, trim_micros: trim.micros() }
    }

    /// What the engine's meters show.
    pub(super) fn levels(&mut self) -> Levels {
        let Some(engine) = &mut self.engine else { return Levels::default() };
        let report = engine.control.report();
        let level = |level: audio_engine::Level| Level { peak: level.peak, rms: level.rms };
        Levels {
            master: level(report.master),
            tracks: report.tracks.iter().map(|(track, of)| (*track, level(*of))).collect(),
        }
    }

    /// How the engine fares.
    pub(super) fn effort(&mut self) -> Effort {
        let Some(engine) = &mut self.engine else { return Effort::default() };
        Effort {
            voices: engine.control.report().voices as u32,
            load_percent: engine.output.load_percent(),
            late: engine.output.xruns().try_into().unwrap_or(u32::MAX),
        }
    }

    /// The engine's control half, while a device plays it.
    pub(super) fn control(&mut self) -> Option<&mut Control> {
        self.engine.as_mut().map(|engine| &mut engine.control)
    }

    /// The device that plays.
    pub(super) fn output(&self) -> Option<&Output> {
        self.engine.as_ref().map(|engine| &engine.output)
    }
}

impl Engine {
    /// When frames are heard, by the device and by the player's ear.
    fn line(&mut self) -> Option<FrameLine> {
        Some(self.output.timing()?.line.trimmed_by(self.trim.micros()))
    }

    fn follow(&mut self, transport: &Transport) {
        let Some(line) = self.line() else { return };
        let next = self.control.report().frame;
        for &Cue { frame, beat, tempo, is_playing } in self.follower.follow(transport, &line, next) {
            self.control.set_transport(audio_engine::Transport {
                playing: is_playing,
                tempo,
                beat_origin: beat,
                frame_origin: frame,
            });
        }
    }
}
