//! How a session is heard on this machine: what is to be played, where the music is, and who listens.

use score::time::{Beats, LocalTime};
use score::{PrivateMix, Program, Score, TrackId};
use tokio::sync::{mpsc, oneshot, watch};
use view::host::MAX_EARLY_STRIKES;
use view::{ALONE_AHEAD_NANOS, Playing, Transport};

use super::handle::{Letter, Playhead};
use super::shelf::{Fetched, Shelf};
use super::sounding::{Sound, SoundOpened};
use crate::clock::HostClock;
use crate::samples::SampleStore;
use crate::sound::Trim;

/// How long a key is remembered, in nanoseconds: a device that breaks down as it is opened is replaced within a tenth of this.
const STRIKE_LASTS_NANOS: i64 = 500_000_000;

/// A key that was pressed or let go.
#[derive(Clone, Copy, Debug)]
struct Strike {
    at: LocalTime,
    track: TrackId,
    pitch: i8,
    velocity: Option<f32>,
}

/// A state of the past, and where its music is: it has a tempo of its own.
#[derive(Debug)]
struct Preview {
    program: Program,
    transport: Transport,
}

/// What is to be heard, and by how many.
#[derive(Debug)]
pub(super) struct Speaker {
    clock: HostClock,
    letters: mpsc::WeakSender<Letter>,
    program: Option<Box<Program>>,
    shelf: Shelf,
    ears: PrivateMix,
    /// The last keys, for a device that takes the place of one that has gone with them.
    strikes: Vec<Strike>,
    /// A state of the past that is played in place of the session.
    past: Option<Preview>,
    transport: Transport,
    /// Whether the music is to begin as soon as there is a device: no session says yet whether anybody plays.
    wants_to_begin: bool,
    listeners: usize,
    /// There is some while somebody listens.
    sound: Option<Sound>,
    trim: watch::Receiver<Trim>,
    playhead: watch::Sender<Playhead>,
}

impl Speaker {
    pub(super) fn new(
        clock: HostClock,
        store: SampleStore,
        letters: mpsc::WeakSender<Letter>,
        trim: watch::Receiver<Trim>,
        playhead: watch::Sender<Playhead>,
    ) -> Self {
        let shelf = Shelf::new(store, letters.clone());
        let transport = Transport::stopped();
        let (program, sound) = (None, None);
        Self {
            clock,
            letters,
            program,
            shelf,
            ears: PrivateMix::default(),
            strikes: Vec::new(),
            past: None,
            transport,
            wants_to_begin: false,
            listeners: 0,
            sound,
            trim,
            playhead,
        }
    }

    /// Plays this from here on. `score` says what the program's samples are called and where they are cut.
    pub(super) fn set_program(&mut self, program: Box<Program>, score: &Score) {
        let wants_others = self.shelf.want(score, &program);
        if self.program.as_ref() == Some(&program) && !wants_others {
            return;
        }
        self.program = Some(program);
        if self.is_heard() {
            self.supply();
            self.shelf.fetch();
        }
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
        if self.is_heard() {
            if notice.is_none() {
                self.supply();
            }
            self.shelf.fetch();
        } else {
            self.shelf.clear();
        }
        notice
    }

    /// Gives the engine the program, and the samples that are at hand.
    fn supply(&mut self) {
        let heard = self.past.as_ref().map(|past| &past.program).or(self.program.as_deref());
        if let (Some(sound), Some(program)) = (&mut self.sound, heard) {
            sound.supply(program, self.shelf.samples(), &self.ears);
        }
    }

    /// Plays the past in place of the session, or the session again.
    pub(super) fn preview(&mut self, past: Option<Program>) {
        if self.past.as_ref().map(|past| &past.program) == past.as_ref() {
            return;
        }
        let from = self.clock.now().plus_nanos(ALONE_AHEAD_NANOS);
        self.past = past.map(|program| {
            let transport = self.transport.apart(program.tempo, program.start(), from);
            Preview { program, transport }
        });
        self.supply();
        self.tick();
    }

    /// Hears the session as this private mix says from here on.
    pub(super) fn set_ears(&mut self, ears: PrivateMix) {
        if let Some(control) = self.sound.as_mut().and_then(Sound::control) {
            control.set_private_mix(&ears);
        }
        self.ears = ears;
    }

    /// Presses a key, or lets it go. Where the device has gone it waits for another, for as long as it is remembered.
    pub(super) fn strike(&mut self, track: TrackId, pitch: i8, velocity: Option<f32>) {
        let at = self.clock.now();
        self.strikes.retain(|strike| at.0 - strike.at.0 < STRIKE_LASTS_NANOS);
        if self.strikes.len() < MAX_EARLY_STRIKES {
            self.strikes.push(Strike { at, track, pitch, velocity });
        }
        if let Some(control) = self.sound.as_mut().and_then(Sound::control) {
            control.strike(track, pitch, velocity);
        }
    }

    /// The music is there from here on; `None` where nobody ever played.
    pub(super) fn set_transport(&mut self, transport: Option<Transport>) {
        self.transport = transport.unwrap_or_else(Transport::stopped);
        self.tick();
    }

    /// Lets it be heard before a session is there to say whether anybody plays: from the start on, as soon as there is a device.
    pub(super) fn begin_alone(&mut self) {
        self.wants_to_begin = true;
        self.sound_on();
    }

    /// A session is there and says from here on what is played. Returns where the music is that was begun without it.
    pub(super) fn end_alone(&mut self) -> Option<(Beats, LocalTime)> {
        self.wants_to_begin = false;
        let begun = self.transport.segments.last().filter(|segment| segment.tempo.is_some());
        begun.map(|segment| (segment.beat, segment.from))
    }

    /// One more listens. `opened` is told when there is a device, or when it is known that there is none.
    pub(super) fn hear(&mut self, opened: oneshot::Sender<()>) {
        self.listeners += 1;
        self.sound_on().tell_when_opened(opened);
    }

    /// One listens no more.
    pub(super) fn stop_hearing(&mut self) {
        self.listeners = self.listeners.saturating_sub(1);
        if self.listeners == 0 {
            self.fall_silent();
        }
    }

    /// Whether somebody listens: then [`tick`](Self::tick) is to be called.
    pub(super) fn is_heard(&self) -> bool {
        self.sound.is_some()
    }

    fn sound_on(&mut self) -> &mut Sound {
        if self.sound.is_none() {
            self.shelf.clear();
            self.shelf.fetch();
        }
        let (clock, letters) = (self.clock, &self.letters);
        self.sound.get_or_insert_with(|| {
            let mut sound = Sound::default();
            sound.open(clock, letters.clone());
            sound
        })
    }

    /// Nothing is heard from here on.
    pub(super) fn fall_silent(&mut self) {
        if let Some(mut sound) = self.sound.take() {
            sound.close();
        }
        self.playhead.send_replace(Playhead::default());
    }

    /// Takes what came of opening the device. Returns what to tell the player, once for a device that stays away.
    pub(super) fn opened(&mut self, opened: SoundOpened) -> Option<String> {
        let now = self.clock.now();
        // Whoever has stopped listening meanwhile wants no sound; dropping the device ends it.
        let notice = self.sound.as_mut()?.opened(opened, now);
        self.supply();
        self.strike_again(now);
        if std::mem::take(&mut self.wants_to_begin)
            && let Some(program) = &self.program
        {
            let from = now.plus_nanos(ALONE_AHEAD_NANOS);
            self.transport = Transport::alone(program.tempo, program.start(), from);
        }
        self.tick();
        notice
    }

    /// Presses the last keys on a device that has just been opened.
    fn strike_again(&mut self, now: LocalTime) {
        let Some(control) = self.sound.as_mut().and_then(Sound::control) else { return };
        for Strike { at, track, pitch, velocity } in self.strikes.drain(..) {
            if now.0 - at.0 < STRIKE_LASTS_NANOS {
                control.strike(track, pitch, velocity);
            }
        }
    }

    /// Looks after engine and device, and tells where the music is. To be called some sixty times a second while it is heard.
    pub(super) fn tick(&mut self) {
        let (now, trim) = (self.clock.now(), *self.trim.borrow());
        let Some(sound) = &mut self.sound else { return };
        let transport = self.past.as_ref().map_or(&self.transport, |past| &past.transport);
        if sound.tick(transport, now, trim) {
            sound.open(self.clock, self.letters.clone());
        }
        let picture = picture(sound, transport, now, trim);
        self.playhead.send_if_modified(|told| {
            let is_news = *told != picture;
            *told = picture;
            is_news
        });
    }
}

/// Where the music is and what is heard of it. Without a device it goes on all the same.
fn picture(sound: &mut Sound, transport: &Transport, now: LocalTime, trim: Trim) -> Playhead {
    Playhead {
        is_heard: true,
        is_playing: transport.playing == Playing::Playing,
        beat: sound.heard_beat(now).unwrap_or_else(|| transport.beat_at(now)),
        levels: sound.levels(),
        device: sound.output().map(|output| output.device().to_owned()),
        delay: sound.delay(trim),
        effort: sound.effort(),
    }
}
