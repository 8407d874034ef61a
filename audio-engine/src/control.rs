//! The control half: prepares, sends, and frees what comes back.

use arrayvec::ArrayVec;
use rtrb::{Consumer, Producer};
use score::Program;
use score::id::TrackId;
use score::program::Setting;

use crate::ears::{Ears, PrivateMix};
use crate::hand::{MAX_STROKES, Stroke};
use crate::message::Message;
use crate::prepared::{Owners, Prepared, STRIPS};
use crate::report::Report;
use crate::sample::{Bank, Samples, SharedBank};
use crate::transport::Transport;

/// The half of the engine that belongs to whoever directs it. Any thread but the audio thread may own it; no method blocks.
///
/// What does not fit into the ring to the processor waits here, the newest of each kind replacing the one before it; so
/// call [`Control::tick`] regularly, which also frees what the processor has retired.
#[derive(Debug)]
pub struct Control {
    outbox: Producer<Message>,
    retired: Consumer<Box<Prepared>>,
    reports: triple_buffer::Output<Report>,
    owners: Owners,
    /// What was set last, to prepare it anew for other ears.
    playing: Option<Program>,
    private: PrivateMix,
    bank: SharedBank,
    program: Option<Box<Prepared>>,
    transport: Option<Transport>,
    ears: Option<[f32; STRIPS]>,
    metronome: Option<f32>,
    level: Option<f32>,
    strokes: ArrayVec<Stroke, MAX_STROKES>,
}

impl Control {
    pub(crate) fn new(
        outbox: Producer<Message>,
        retired: Consumer<Box<Prepared>>,
        reports: triple_buffer::Output<Report>,
        bank: SharedBank,
    ) -> Self {
        Self {
            outbox,
            retired,
            reports,
            owners: [None; STRIPS],
            playing: None,
            private: PrivateMix::default(),
            bank,
            program: None,
            transport: None,
            ears: None,
            metronome: None,
            level: None,
            strokes: ArrayVec::new(),
        }
    }

    /// Plays `program` from the processor's next quantum on. Held notes go on, levels and effects glide to what it says.
    ///
    /// Tracks past [`score::track::MAX_TRACKS`] and tracks whose steps, notes or settings lie outside of the program's pools are
    /// left out.
    pub fn set_program(&mut self, program: Program) {
        self.playing = Some(program.clone());
        self.prepare(program);
    }

    /// Sets which recordings are at hand for the programs that are set from here on; in them, a track whose recording is missing
    /// is silent. Notes that sound go on.
    pub fn set_samples(&mut self, samples: Samples) {
        Bank::with(&self.bank, |bank| bank.replace(samples));
    }

    /// Starts, stops, seeks or changes the tempo, from the transport's origin on.
    ///
    /// It overrules all that was sent before about that time: transports that still wait for an origin at or after this
    /// one's are dropped, those that wait for an earlier one take their turn. A host that corrects its clock while a change
    /// waits sends the change again. Corrections of up to 10 ms neither skip nor double an onset.
    pub fn set_transport(&mut self, transport: Transport) {
        if self.transport.is_some() {
            self.tick();
        }
        self.transport = Some(transport);
        self.tick();
    }

    /// Sets how this player alone hears a track.
    pub fn set_ears(&mut self, track: TrackId, ears: Ears) {
        self.private.set(track, ears);
        self.send_ears();
    }

    /// Sets effect parameters of a track for this player alone, over the shared settings and over locks; empty for none.
    /// Settings that belong to no effect are left out, values are clamped to their ranges.
    pub fn set_private_effects(&mut self, track: TrackId, settings: &[Setting]) {
        self.private.set_effects(track, settings);
        self.playing.clone().into_iter().for_each(|program| self.prepare(program));
    }

    /// Hears every track as it is shared.
    pub fn clear_ears(&mut self) {
        self.private.clear();
        self.playing.clone().into_iter().for_each(|program| self.prepare(program));
    }

    /// Lets this player alone hear a click on every count of the meter, higher on the first of each bar, while the music plays;
    /// `level` is 0..=1, `None` and 0 are silence, as it is at first. It stands outside of the mix, its limiter and its meters.
    pub fn set_metronome(&mut self, level: Option<f32>) {
        self.metronome = Some(level.filter(|level| level.is_finite()).unwrap_or(0.0).clamp(0.0, 1.0));
        self.tick();
    }

    /// Sets how loud this player listens, 0..=1, the metronome included; 1 at first. No meter shows it.
    pub fn set_level(&mut self, level: f32) {
        self.level = Some(if level.is_finite() { level.clamp(0.0, 1.0) } else { 1.0 });
        self.tick();
    }

    /// Sets all of this player's private mix: what it does not name is heard as it is shared.
    pub fn set_private_mix(&mut self, mix: &score::PrivateMix) {
        if self.private.replace(&mix.master, &mix.tracks) {
            self.playing.clone().into_iter().for_each(|program| self.prepare(program));
        } else {
            self.send_ears();
        }
        self.set_metronome(Some(mix.click));
        self.set_level(mix.level);
    }

    /// Presses a key on a track that the program plays: its instrument sounds at once, for this player alone, whether the music
    /// plays or not. `pitch` is in semitones, as a step's is; `velocity` is 0..=1, and `None` lets the key go. A one-shot rings
    /// out by itself. A stop of the music lets every key go.
    pub fn strike(&mut self, track: TrackId, pitch: i8, velocity: Option<f32>) {
        let strip = self.owners.iter().position(|owner| *owner == Some(track));
        let velocity =
            velocity.map(|velocity| if velocity.is_finite() { velocity.clamp(0.0, 1.0) } else { 0.0 });
        if let Some(strip) = strip {
            // Where so many wait, nobody could hear one more.
            self.strokes.try_push(Stroke { strip: strip as u8, pitch, velocity }).ok();
        }
        self.tick();
    }

    /// The newest report of the processor.
    pub fn report(&mut self) -> &Report {
        self.reports.read()
    }

    /// Sends what has waited for room and frees what the processor has retired.
    pub fn tick(&mut self) {
        while self.retired.pop().is_ok() {}
        Bank::with(&self.bank, Bank::sweep);
        if let Some(program) = self.program.take()
            && let Err(rtrb::PushError::Full(Message::Program(program))) =
                self.outbox.push(Message::Program(program))
        {
            self.program = Some(program);
            return;
        }
        if let Some(ears) = self.ears
            && self.outbox.push(Message::Ears(ears)).is_ok()
        {
            self.ears = None;
        }
        if let Some(level) = self.metronome
            && self.outbox.push(Message::Metronome(level)).is_ok()
        {
            self.metronome = None;
        }
        if let Some(level) = self.level
            && self.outbox.push(Message::Level(level)).is_ok()
        {
            self.level = None;
        }
        while let Some(&stroke) = self.strokes.first() {
            if self.outbox.push(Message::Stroke(stroke)).is_err() {
                break;
            }
            self.strokes.remove(0);
        }
        if let Some(transport) = self.transport
            && self.outbox.push(Message::Transport(transport)).is_ok()
        {
            self.transport = None;
        }
    }

    fn prepare(&mut self, program: Program) {
        let (owners, private) = (&mut self.owners, &self.private);
        let prepared = Bank::with(&self.bank, |bank| Prepared::new(program, owners, private, bank.samples()));
        self.program = Some(Box::new(prepared));
        self.ears = None;
        self.tick();
    }

    fn send_ears(&mut self) {
        let tracks = self.playing.iter().flat_map(|program| &program.tracks);
        let sounding: Vec<TrackId> = tracks.map(|track| track.id).collect();
        self.ears = Some(self.private.gains(&self.owners, &sounding));
        self.tick();
    }
}
