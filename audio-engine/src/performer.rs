//! Plays a program: turns the onsets of a quantum into voices.

use core::ops::Range;

use arrayvec::ArrayVec;
use score::catalogue::{Instrument, ParamIndex, Playback};
use score::program::ProgramTrack;
use score::schedule::{Onset, OnsetKind};
use score::time::Beats;
use score::track::MAX_CHOKE_GROUP;

use crate::agenda::Agenda;
use crate::hand::{Stroke, strike};
use crate::instrument::Note;
use crate::mixer::{Bus, Strips};
use crate::playhead::Playhead;
use crate::pool::{Canvas, Slide, Start, VoicePool};
use crate::prepared::{Prepared, STRIPS};
use crate::sample::repeats;

/// Most parameters that a note is told: those of its track, then its step's locks. Those past it are passed over.
pub(crate) const MAX_NOTE_PARAMS: usize = 96;

/// The notes of a program as they sound.
#[derive(Debug)]
pub(crate) struct Performer {
    pool: VoicePool,
    agenda: Agenda,
}

/// The stretch of music that a quantum covers.
#[derive(Clone, Debug)]
pub(crate) struct Stretch<'a> {
    pub(crate) playhead: &'a Playhead,
    pub(crate) beats: Range<Beats>,
    pub(crate) frames: usize,
}

impl Stretch<'_> {
    pub(crate) fn offset_of(&self, beat: Beats) -> usize {
        self.playhead.offset_of(beat, self.frames)
    }

    /// For modulation that keeps time.
    pub(crate) fn seconds_per_beat(&self) -> f32 {
        60_000.0 / self.playhead.transport().tempo.milli_bpm() as f32
    }
}

impl Performer {
    pub(crate) fn new() -> Self {
        Self { pool: VoicePool::new(), agenda: Agenda::new() }
    }

    /// Notes that sound and are not being faded out.
    pub(crate) fn sounding(&self) -> usize {
        self.pool.sounding()
    }

    /// Ends the held notes of a strip.
    pub(crate) fn release(&mut self, strip: u8) {
        self.pool.release_where(|other| other == strip);
    }

    /// Ends every held note: the music breaks off or goes on elsewhere.
    pub(crate) fn release_all(&mut self) {
        self.pool.release_where(|_| true);
        self.agenda.forget();
    }

    /// Another program is to be played from here.
    pub(crate) fn change_program(&mut self) {
        self.agenda.forget();
    }

    /// Drops the notes of a strip at once.
    pub(crate) fn cut(&mut self, strip: u8) {
        self.pool.cut(strip);
    }

    /// Presses or lets go of keys, at the start of a quantum.
    pub(crate) fn strike(
        &mut self,
        prepared: &Prepared,
        stretch: &Stretch<'_>,
        buses: &mut [Bus; STRIPS],
        strokes: &[Stroke],
    ) {
        let mut canvas = Canvas { song_frame: stretch.playhead.song_frame(), buses };
        for &stroke in strokes {
            strike(&mut self.pool, prepared, stretch, &mut canvas, stroke);
        }
    }

    /// Renders one quantum of all voices into the buses, starting and ending notes at their frames; effects that an onset's
    /// step locks are aimed there.
    pub(crate) fn perform(
        &mut self,
        prepared: Option<&Prepared>,
        stretch: &Stretch<'_>,
        buses: &mut [Bus; STRIPS],
        strips: &mut Strips,
    ) {
        let mut canvas = Canvas { song_frame: stretch.playhead.song_frame(), buses };
        if let Some(prepared) = prepared
            && !stretch.beats.is_empty()
        {
            self.play(prepared, stretch, &mut canvas, strips);
        }
        if !stretch.beats.is_empty() {
            self.pool.release_before(&mut canvas, stretch.beats.end, |beat| stretch.offset_of(beat));
        }
        self.pool.finish(&mut canvas, stretch.frames);
    }

    fn play(
        &mut self,
        prepared: &Prepared,
        stretch: &Stretch<'_>,
        canvas: &mut Canvas<'_>,
        strips: &mut Strips,
    ) {
        for onset in self.agenda.due(&prepared.program, &stretch.beats) {
            self.pool.release_before(canvas, onset.at, |beat| stretch.offset_of(beat));
            begin(&mut self.pool, prepared, stretch, canvas, onset);
            lock_effects(prepared, strips, onset);
        }
    }
}

/// Starts the note of an onset, or slides the one that it ties to.
fn begin(
    pool: &mut VoicePool,
    prepared: &Prepared,
    stretch: &Stretch<'_>,
    canvas: &mut Canvas<'_>,
    onset: &Onset,
) {
    let program = &prepared.program;
    let Some(track) = program.tracks.get(usize::from(onset.track)) else { return };
    let Some(&strip) = prepared.strip_of_track.get(usize::from(onset.track)) else { return };
    let offset = stretch.offset_of(onset.at);
    let settings = program.settings_of(track.params).iter().chain(program.settings_of(onset.locks));
    let params: ArrayVec<(ParamIndex, f32), MAX_NOTE_PARAMS> =
        settings.take(MAX_NOTE_PARAMS).map(|setting| (setting.param, setting.value)).collect();
    let (pitch, until) = (f32::from(onset.pitch), end_of(track, &params, onset));
    let (velocity, end) = (onset.velocity, onset.at + onset.length);
    let slide = Slide { strip, pitch, velocity, until, end, at: onset.at };
    if onset.kind == OnsetKind::Slide && pool.slide(canvas, offset, slide) {
        return;
    }
    // Silence for a recording that is not at hand, never another sound.
    let sample = prepared.samples.get(usize::from(onset.track)).and_then(Option::as_ref);
    if track.sample.is_some() && sample.is_none() {
        return;
    }
    let note = Note {
        pitch,
        velocity: onset.velocity,
        seed: onset.seed,
        seconds_per_beat: stretch.seconds_per_beat(),
        params: &params,
    };
    let start = Start {
        strip,
        choke: choke_group(track),
        instrument: track.instrument,
        sample,
        note,
        until,
        at: onset.at,
    };
    pool.start(canvas, offset, &start);
}

/// The group that a track's notes choke: the track's own, else the kit that its instrument belongs to (hats choke each other without
/// being told); 0 for none. Two hats are kept apart by giving them groups of their own.
pub(crate) fn choke_group(track: &ProgramTrack) -> u8 {
    let kit = own_instrument(track).and_then(|row| row.choke);
    match (track.choke, kit) {
        (0, Some(kit)) => MAX_CHOKE_GROUP.saturating_add(kit.0),
        (own, _) => own,
    }
}

/// The instrument of a track that plays one, and not a recording.
pub(crate) fn own_instrument(track: &ProgramTrack) -> Option<&'static Instrument> {
    track.instrument.get().filter(|_| track.sample.is_none())
}

/// When a note is released: at its step's gate, but a one-shot rings out unless the track gates it. Recordings are one-shots
/// unless they repeat.
fn end_of(track: &ProgramTrack, params: &[(ParamIndex, f32)], onset: &Onset) -> Option<Beats> {
    let is_one_shot = match track.sample {
        Some(_) => !repeats(params),
        None => own_instrument(track).is_some_and(|row| row.playback == Playback::OneShot),
    };
    (track.gate || !is_one_shot).then_some(onset.at + onset.length)
}

/// Aims the effects of the onset's track at its settings with the step's locks on top. They hold until the track's next
/// onset.
fn lock_effects(prepared: &Prepared, strips: &mut Strips, onset: &Onset) {
    let Some(&strip) = prepared.strip_of_track.get(usize::from(onset.track)) else { return };
    let Some(plan) = &prepared.strips[usize::from(strip)] else { return };
    if !plan.locks_effects {
        return;
    }
    let mut effects = plan.effects.clone();
    for &lock in prepared.program.settings_of(onset.locks) {
        effects.set(lock);
    }
    plan.own_effects.apply(&mut effects);
    strips.aim_effects(usize::from(strip), &effects);
}
