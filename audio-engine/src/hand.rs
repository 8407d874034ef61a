//! Notes that a player presses and lets go by hand, heard by this player alone, whether the music plays or not.

use arrayvec::ArrayVec;
use score::catalogue::{ParamIndex, Playback};
use score::time::Beats;

use crate::instrument::Note;
use crate::performer::{MAX_NOTE_PARAMS, Stretch, choke_group, own_instrument};
use crate::pool::{Canvas, Start, VoicePool};
use crate::prepared::Prepared;

/// Most strokes between two blocks: two hands and a rest of doubt. Those past it are dropped.
pub(crate) const MAX_STROKES: usize = 32;

/// The seed of every note by hand: it is no part of the music, and one key always sounds the same.
const SEED: u64 = 0x0ff_bea7;

/// One key that goes down or up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    /// The strip of the track that it plays.
    pub(crate) strip: u8,
    /// Semitones from the instrument's own note, before the track's transposition.
    pub(crate) pitch: i8,
    /// 0..=1, or `None` for a key that is let go.
    pub(crate) velocity: Option<f32>,
}

/// Starts the note of a key, or lets go of it. A one-shot rings out by itself.
pub(crate) fn strike(
    pool: &mut VoicePool,
    prepared: &Prepared,
    stretch: &Stretch<'_>,
    canvas: &mut Canvas<'_>,
    stroke: Stroke,
) {
    let Some(place) = prepared.strip_of_track.iter().position(|strip| *strip == stroke.strip) else { return };
    let Some(track) = prepared.program.tracks.get(place) else { return };
    let pitch = f32::from(i16::from(stroke.pitch) + i16::from(track.transpose));
    let Some(velocity) = stroke.velocity else { return pool.lift(stroke.strip, pitch) };
    let sample = prepared.samples.get(place).and_then(Option::as_ref);
    if track.sample.is_some() && sample.is_none() {
        return;
    }
    let settings = prepared.program.settings_of(track.params).iter().take(MAX_NOTE_PARAMS);
    let params: ArrayVec<(ParamIndex, f32), MAX_NOTE_PARAMS> =
        settings.map(|setting| (setting.param, setting.value)).collect();
    let is_one_shot = sample.is_none()
        && own_instrument(track).is_some_and(|instrument| instrument.playback == Playback::OneShot);
    let note =
        Note { pitch, velocity, seed: SEED, seconds_per_beat: stretch.seconds_per_beat(), params: &params };
    let start = Start {
        strip: stroke.strip,
        choke: choke_group(track),
        instrument: track.instrument,
        sample,
        note,
        until: None,
        // Not at any beat of the music, so that no onset takes it for one of its own chord.
        at: Beats(i64::MIN),
    };
    pool.press(canvas, &start, is_one_shot);
}
