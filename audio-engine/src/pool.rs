//! The voice pool: which notes sound, which end, and which give way.
//!
//! The pool renders lazily. Within a quantum each voice is brought up to the frame of an event that touches it, and at
//! the end of the quantum all are brought up to its end; so an onset on one track splits the rendering of no other.

mod slot;

use score::catalogue::InstrumentIndex;
use score::time::Beats;
use slot::{Slot, State};

use crate::instrument::{Note, Voice, Waiting};
use crate::mixer::Bus;
use crate::prepared::STRIPS;
use crate::sample::Sample;

/// Most notes that sound at once; an onset past them steals one.
pub const MAX_VOICES: usize = 64;

/// Most notes of one track that sound at once.
pub const MAX_VOICES_PER_TRACK: usize = 12;

/// Stolen and choked voices fade on in slots of their own. Should all of them be taken, which needs this many steals within one
/// fade, an onset is dropped rather than a sounding voice cut: silence for one note, never a click.
const MAX_FADING: usize = 64;

/// Voices whose chunks are made side by side: few enough for the processor to have all of them at hand for a whole quantum.
const GROUP: usize = 8;

/// Fade of a stolen voice: 3 ms.
const STEAL_FADE_FRAMES: u16 = 144;

/// Fade of a choked voice: 6 ms, the time in which a hi-hat closes.
const CHOKE_FADE_FRAMES: u16 = 288;

/// The frames of the quantum in hand: what voices are rendered into, and where in the song it lies.
pub(crate) struct Canvas<'a> {
    pub(crate) song_frame: u64,
    pub(crate) buses: &'a mut [Bus; STRIPS],
}

/// What starts a voice.
pub(crate) struct Start<'a> {
    pub(crate) strip: u8,
    pub(crate) choke: u8,
    pub(crate) instrument: InstrumentIndex,
    /// The recording that plays in place of the instrument.
    pub(crate) sample: Option<&'a Sample>,
    pub(crate) note: Note<'a>,
    /// When the note is released; `None` rings to its own end.
    pub(crate) until: Option<Beats>,
    pub(crate) at: Beats,
}

/// What a tied note slides to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slide {
    pub(crate) strip: u8,
    pub(crate) pitch: f32,
    pub(crate) velocity: f32,
    pub(crate) until: Option<Beats>,
    /// When it is released if the note that it moves was to be released: a loop that a step before it locked.
    pub(crate) end: Beats,
    pub(crate) at: Beats,
}

/// A fixed set of voices.
#[derive(Debug)]
pub(crate) struct VoicePool {
    slots: Box<[Slot]>,
    /// The voice of each slot.
    voices: Box<[Voice]>,
    /// Counts onsets, so that equal candidates for stealing are told apart by age.
    onsets: u64,
}

impl VoicePool {
    /// A silent pool. Allocates all that it will ever need.
    pub(crate) fn new() -> Self {
        let places = 0..MAX_VOICES + MAX_FADING;
        Self {
            slots: places.clone().map(|_| Slot::free()).collect(),
            voices: places.map(|_| Voice::silent()).collect(),
            onsets: 0,
        }
    }

    /// Voices that sound and are not fading out.
    pub(crate) fn sounding(&self) -> usize {
        self.slots.iter().filter(|slot| slot.is_sounding()).count()
    }

    /// Starts a note at `offset` frames into the quantum, stealing if it must.
    pub(crate) fn start(&mut self, canvas: &mut Canvas<'_>, offset: usize, start: &Start<'_>) {
        self.start_as(State::Held { until: start.until }, canvas, offset, start);
    }

    /// Starts a note by hand at the start of the quantum. It is held until [`VoicePool::lift`], unless it rings to its own end.
    pub(crate) fn press(&mut self, canvas: &mut Canvas<'_>, start: &Start<'_>, rings_out: bool) {
        self.lift(start.strip, start.note.pitch);
        let state = if rings_out { State::Held { until: None } } else { State::Pressed { held: 0 } };
        self.start_as(state, canvas, 0, start);
    }

    /// Releases a note that is held by hand, where the rendering stands.
    pub(crate) fn lift(&mut self, strip: u8, pitch: f32) {
        let is_meant = |slot: &Slot| {
            let is_pressed = matches!(slot.state, State::Pressed { .. });
            is_pressed && slot.strip == strip && slot.pitch.to_bits() == pitch.to_bits()
        };
        self.places().filter(|(slot, _)| is_meant(slot)).for_each(|(slot, voice)| slot.let_go(voice));
    }

    fn start_as(&mut self, state: State, canvas: &mut Canvas<'_>, offset: usize, start: &Start<'_>) {
        self.choke(canvas, offset, start);
        let of_track = |slot: &Slot| slot.is_sounding() && slot.strip == start.strip;
        if self.slots.iter().filter(|slot| of_track(slot)).count() >= MAX_VOICES_PER_TRACK {
            self.steal(canvas, offset, of_track);
        }
        if self.sounding() >= MAX_VOICES {
            self.steal(canvas, offset, Slot::is_sounding);
        }
        self.onsets += 1;
        let order = self.onsets;
        if let Some((slot, voice)) = self.places().find(|(slot, _)| slot.is_free()) {
            slot.start(voice, offset, order, start);
            slot.state = state;
        }
    }

    /// Slides a held note of the track to another pitch without a new attack; false when none is held.
    ///
    /// Of a chord, each slide takes the held note nearest to its pitch that no other slide of the same moment has taken.
    pub(crate) fn slide(&mut self, canvas: &mut Canvas<'_>, offset: usize, slide: Slide) -> bool {
        let is_of_music = |slot: &Slot| matches!(slot.state, State::Held { .. });
        let held = |slot: &Slot| is_of_music(slot) && slot.strip == slide.strip && slot.touched != slide.at;
        let distance = |slot: &Slot| (slot.pitch - slide.pitch).abs();
        let nearest = self
            .places()
            .filter(|(slot, _)| held(slot))
            .min_by(|(a, _), (b, _)| distance(a).total_cmp(&distance(b)).then(b.order.cmp(&a.order)));
        let Some((slot, voice)) = nearest else { return false };
        slot.render_to(voice, canvas, offset);
        slot.slide(voice, slide);
        true
    }

    /// Releases the notes whose end lies before `limit`, each at the frame within the quantum that `offset_of` gives.
    pub(crate) fn release_before(
        &mut self,
        canvas: &mut Canvas<'_>,
        limit: Beats,
        offset_of: impl Fn(Beats) -> usize,
    ) {
        for (slot, voice) in self.places() {
            if let State::Held { until: Some(until) } = slot.state
                && until < limit
            {
                slot.render_to(voice, canvas, offset_of(until));
                slot.release(voice);
            }
        }
    }

    /// Releases every held note of the strips that `matches`, where the rendering stands.
    pub(crate) fn release_where(&mut self, matches: impl Fn(u8) -> bool) {
        let held = self.places().filter(|(slot, _)| slot.is_held() && matches(slot.strip));
        held.for_each(|(slot, voice)| slot.release(voice));
    }

    /// Forgets the notes of a strip at once; the strip hides the gap.
    pub(crate) fn cut(&mut self, strip: u8) {
        self.slots.iter_mut().filter(|slot| slot.strip == strip).for_each(Slot::clear);
    }

    /// Brings every voice up to the end of the quantum, `frames` long.
    pub(crate) fn finish(&mut self, canvas: &mut Canvas<'_>, frames: usize) {
        for (slots, voices) in self.slots.chunks_mut(GROUP).zip(self.voices.chunks_mut(GROUP)) {
            while slots.iter().any(|slot| slot.is_behind(frames)) {
                make_chunks(slots, voices, canvas.song_frame, frames);
                let behind =
                    slots.iter_mut().zip(voices.iter_mut()).filter(|(slot, _)| slot.is_behind(frames));
                behind.for_each(|(slot, voice)| slot.hand_out(voice, canvas, frames));
            }
            for slot in slots {
                slot.rendered = 0;
            }
        }
    }

    fn places(&mut self) -> impl Iterator<Item = (&mut Slot, &mut Voice)> {
        self.slots.iter_mut().zip(self.voices.iter_mut())
    }

    /// Fades out the notes of the onset's choke group, but not those that begin at the same moment.
    fn choke(&mut self, canvas: &mut Canvas<'_>, offset: usize, start: &Start<'_>) {
        if start.choke == 0 {
            return;
        }
        for (slot, voice) in self.places() {
            if slot.is_sounding() && slot.choke == start.choke && slot.touched != start.at {
                slot.render_to(voice, canvas, offset);
                slot.fade(CHOKE_FADE_FRAMES);
            }
        }
    }

    /// Fades out the least audible of the candidates: the quietest, a held note counting double, an old one less.
    fn steal(&mut self, canvas: &mut Canvas<'_>, offset: usize, candidate: impl Fn(&Slot) -> bool) {
        let newest = self.onsets;
        let prominence = |slot: &Slot, voice: &Voice| {
            let held = if slot.is_held() { 2.0 } else { 1.0 };
            let age = (newest - slot.order) as f32;
            voice.level() * held * MAX_VOICES as f32 / (MAX_VOICES as f32 + age)
        };
        let victim = self.places().filter(|(slot, _)| candidate(slot)).min_by(|a, b| {
            prominence(a.0, a.1).total_cmp(&prominence(b.0, b.1)).then(a.0.order.cmp(&b.0.order))
        });
        if let Some((slot, voice)) = victim {
            slot.render_to(voice, canvas, offset);
            slot.fade(STEAL_FADE_FRAMES);
        }
    }
}

/// Makes the next chunk of every voice that has handed out the last and is behind.
fn make_chunks(slots: &mut [Slot], voices: &mut [Voice], song_frame: u64, frames: usize) {
    let mut waiting = Waiting::default();
    for (slot, voice) in slots.iter_mut().zip(voices.iter_mut()) {
        slot.is_begun = slot.is_behind(frames) && voice.is_due();
        if slot.is_begun {
            voice.begin(song_frame.wrapping_add(slot.rendered as u64), &mut waiting);
        }
    }
    waiting.finish();
    slots.iter().zip(voices).filter(|(slot, _)| slot.is_begun).for_each(|(_, voice)| voice.complete());
}

#[cfg(test)]
mod tests;
