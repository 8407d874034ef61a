//! From a MIDI file to a session.

use std::collections::BTreeMap;

use midly::{Format, Timing};
use score::catalogue::{Instrument, Playback, Sound, instrument, nearest, resolve};
use score::pattern::{MAX_STEPS, Pattern};
use score::score::{Scene, SongEntry};
use score::step::MAX_PITCH_SEMITONES;
use score::text::{MAX_SHORT_NAME_CHARS, clean_name};
use score::time::STEP;
use score::track::{DEFAULT_VOLUME, MAX_TRACKS};
use score::{EntryId, Meter, SceneId, Score, Tempo, Track};

use super::DRUM_CHANNEL;
use super::grid::{Grid, Reading, place, share_of, swing_of};
use super::length::{pattern, period};
use super::part::{Part, Parts, RawNote};
use super::programs::{drum_of, instrument_of};
use super::swings::Swings;
use crate::document::order::spread;
use crate::document::schema::MAX_INSTRUMENT_CHARS;
use crate::exchange::report::{Report, shown};
use crate::exchange::text::{only_scene, place_of, track_id};
use crate::exchange::{Imported, MAX_TRACKS_IN_FILE};

/// Most tracks that are made of a file; chunks and drums past it are left out.
const MAX_VOICES: usize = 64;

/// The largest MIDI file that is read, in bytes: hours of music.
pub const MAX_MIDI_BYTES: usize = 8 * 1024 * 1024;

/// Why a file is no music that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MidiError {
    /// Too many bytes.
    #[error("the MIDI file has {0} bytes; at most {MAX_MIDI_BYTES} are read")]
    TooLarge(usize),
    /// Not a MIDI file.
    #[error("this is not a standard MIDI file: {0}")]
    Malformed(String),
    /// A file of independent patterns.
    #[error("this MIDI file is of type 2, a collection of patterns; save it as type 0 or 1")]
    Collection,
    /// Its time is counted in film frames.
    #[error(
        "this MIDI file counts its time in film frames (SMPTE), not in beats; save it with ticks per quarter note"
    )]
    FilmFrames,
    /// Nothing is played.
    #[error("there is no note in this MIDI file")]
    Silent,
}

/// Reads a session from a MIDI file.
///
/// # Errors
/// [`MidiError`] when the file is too large, of another kind, or without notes. Nothing else is an error.
pub fn read_midi(bytes: &[u8]) -> Result<Imported, MidiError> {
    if bytes.len() > MAX_MIDI_BYTES {
        return Err(MidiError::TooLarge(bytes.len()));
    }
    let mut report = Report::default();
    let parts = parts_of(bytes, &mut report)?;
    if parts.all.is_empty() {
        return Err(MidiError::Silent);
    }
    let mut score = Score { name: parts.name.clone(), seed: seed_of(bytes), ..Score::default() };
    read_time(&mut score, &parts, &mut report);
    let voices = voices_of(&parts, &mut report);
    let bar = (score.meter.bar().0 / STEP.0).max(1);
    let total = total_steps(&parts, bar);
    let swings =
        Swings::of(voices.iter().map(|voice| swing_of(&voice.notes, voice.reading(total))).collect());
    let read: Vec<Read> = voices
        .iter()
        .enumerate()
        .map(|(at, voice)| Read::of(voice, total, bar, swings.of_part(at)))
        .collect();
    for (number, (voice, read)) in voices.iter().zip(&read).enumerate() {
        voice.tell(number, &read.grid, &mut report);
    }
    score.swing = swings.shared.unwrap_or(0.0);
    build(&mut score, voices, read, total, bar, &mut report);
    parts.tell(&mut report);
    Ok(Imported { score, report: report.finish() })
}

fn parts_of(bytes: &[u8], report: &mut Report) -> Result<Parts, MidiError> {
    let (header, chunks) = midly::parse(bytes).map_err(|error| MidiError::Malformed(error.to_string()))?;
    if header.format == Format::Sequential {
        return Err(MidiError::Collection);
    }
    let Timing::Metrical(ticks_per_beat) = header.timing else { return Err(MidiError::FilmFrames) };
    let mut parts = Parts::default();
    for (number, chunk) in chunks.enumerate() {
        let place = format!("chunk {}", number + 1);
        if number >= MAX_TRACKS_IN_FILE {
            report.add(
                "the file",
                format!("all after {place}"),
                format!("at most {MAX_TRACKS_IN_FILE} are read"),
            );
            break;
        }
        let read = chunk.map_err(|error| error.to_string());
        let damage = read.and_then(|events| parts.add_chunk(events, ticks_per_beat.as_int().max(1)));
        if let Err(error) = damage {
            report.add(&place, "the rest of it", format!("it is damaged ({error}): left out"));
        }
    }
    Ok(parts)
}

/// Equal files give equal sessions.
fn seed_of(bytes: &[u8]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(bytes).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn read_time(score: &mut Score, parts: &Parts, report: &mut Report) {
    let place = "the session";
    if let Some(micros) = parts.tempo {
        let micros = u64::from(micros.max(1));
        let milli = (60_000_000_000 + micros / 2) / micros;
        let kept = milli.clamp(Tempo::MIN.milli_bpm().into(), Tempo::MAX.milli_bpm().into());
        if kept != milli {
            let why = format!("it must lie between 20 and 300: {} is used", kept / 1_000);
            report.add(place, format!("tempo {}", milli / 1_000), why);
        }
        score.tempo = Tempo::from_milli_bpm(kept as u32).unwrap_or_default();
    }
    if let Some((numerator, power)) = parts.meter {
        let denominator = 1_u8.checked_shl(power.into()).unwrap_or(0);
        match Meter::from_parts(numerator, denominator).or_else(|| as_quarters(numerator, denominator)) {
            Some(meter) => score.meter = meter,
            None => report.add(
                place,
                format!("time signature {numerator}/2^{power}"),
                "it is none of 1-16 over 4 or 8: 4/4 is used",
            ),
        }
    }
}

/// A time signature over 2 as one over 4.
fn as_quarters(numerator: u8, denominator: u8) -> Option<Meter> {
    (denominator == 2).then(|| Meter::from_parts(numerator.checked_mul(2)?, 4))?
}

/// How many steps the file has: as long as its longest chunk or note; in whole bars, unless its chunks state their lengths.
fn total_steps(parts: &Parts, bar: i64) -> i64 {
    let notes = parts.all.iter().flat_map(|part| &part.notes);
    let last = notes.map(|note| note.start + 1).max().unwrap_or(1);
    let steps = (parts.end.max(last) - STEP.0 / 16).div_euclid(STEP.0) + 1;
    let is_exact = parts.all.iter().all(|part| part.steps.is_some());
    if is_exact { steps.max(1) } else { (steps + bar - 1) / bar * bar }
}

/// What becomes one track.
struct Voice<'a> {
    part: &'a Part,
    name: String,
    /// The id that the track gets.
    id: String,
    row: &'static Instrument,
    /// Whether the file says what the instrument is.
    is_stated: bool,
    transpose: i8,
    is_drum: bool,
    notes: Vec<RawNote>,
}

/// One voice for each part, but each drum is one of its own.
fn voices_of<'a>(parts: &'a Parts, report: &mut Report) -> Vec<Voice<'a>> {
    let mut voices: Vec<Voice<'a>> = Vec::new();
    for part in &parts.all {
        if part.channel != DRUM_CHANNEL {
            voices.push(Voice::melodic(part));
            continue;
        }
        let mut by_key: BTreeMap<u8, Vec<RawNote>> = BTreeMap::new();
        for note in &part.notes {
            by_key.entry(note.key).or_default().push(*note);
        }
        let is_alone = by_key.len() == 1;
        voices.extend(by_key.into_iter().map(|(key, notes)| Voice::drum(part, key, notes, is_alone)));
    }
    if voices.len() > MAX_VOICES {
        let what = format!("{} tracks", voices.len() - MAX_VOICES);
        report.add("the file", what, format!("at most {MAX_VOICES} are read"));
        voices.truncate(MAX_VOICES);
    }
    let parked = voices.len().saturating_sub(MAX_TRACKS);
    if parked > 0 {
        let why = format!("{MAX_TRACKS} play; the others are parked: silent, editable");
        report.add("the session", format!("{parked} tracks past the sixteenth"), why);
    }
    voices
}

impl<'a> Voice<'a> {
    fn melodic(part: &'a Part) -> Self {
        let name = clean_name(&part.name, MAX_SHORT_NAME_CHARS);
        let guess = || match part.program {
            Some(program) => instrument(instrument_of(program)).unwrap_or_else(|| nearest(&name)),
            None => nearest(&name),
        };
        let (id, row, is_stated) = stated(&part.instrument).unwrap_or_else(|| {
            let row = guess();
            (row.id.to_owned(), row, false)
        });
        let name = if name.is_empty() { row.name.to_owned() } else { name };
        let transpose = transposition(&part.notes, row.base_note.into());
        Self { part, name, id, row, is_stated, transpose, is_drum: false, notes: part.notes.clone() }
    }

    fn drum(part: &'a Part, key: u8, notes: Vec<RawNote>, is_alone: bool) -> Self {
        let (row, transpose) = drum_of(key);
        let own = stated(&part.instrument).filter(|_| is_alone);
        let name = clean_name(&part.name, MAX_SHORT_NAME_CHARS);
        let name = if is_alone && !name.is_empty() { name } else { row.name.to_owned() };
        let (id, row, transpose, is_stated) = match own {
            Some((id, row, _)) => (id, row, 0, true),
            // The key of a drum says which it is.
            None => (row.id.to_owned(), row, transpose, true),
        };
        Self { part, name, id, row, is_stated, transpose, is_drum: true, notes }
    }

    fn reading(&self, total: i64) -> Reading {
        let key = self.notes.first().map_or(0, |note| i16::from(note.key));
        let own = i16::from(self.row.base_note) + i16::from(self.transpose);
        Reading {
            base: if self.is_drum { key } else { own },
            held: self.part.is_gated || (self.row.playback == Playback::Held && !self.is_drum),
            length: self.part.steps.map_or(2, i64::from),
            steps: total,
        }
    }

    fn tell(&self, number: usize, grid: &Grid, report: &mut Report) {
        let place = &place_of(number, &self.name);
        if !self.is_stated {
            let what = format!("no instrument of Offbeat is named: `{}` plays it", self.row.id);
            report.add(place, "instrument", what);
        } else if let Sound::Unknown(row) = resolve(&self.id) {
            let why = format!("this instrument is not known: it is kept, and played by `{}`", row.id);
            report.add(place, format!("instrument `{}`", shown(&self.id)), why);
        }
        for (count, what, why) in [
            (grid.doubled, "notes on a step that has the same note", "left out"),
            (grid.cut, "notes that sound on when another begins", "cut there"),
            (grid.moved, "notes more than two octaves away", "moved by octaves"),
        ] {
            if count > 0 {
                report.add(place, format!("{count} {what}"), why);
            }
        }
    }
}

/// The instrument that a chunk names, if it can be one of this program.
fn stated(name: &str) -> Option<(String, &'static Instrument, bool)> {
    let id = clean_name(name, MAX_INSTRUMENT_CHARS);
    match resolve(&id) {
        Sound::BuiltIn(row) => Some((id, row, true)),
        Sound::Sample(_) => Some((id, nearest(""), true)),
        // Ids have a colon; what other programs write here is a name.
        Sound::Unknown(row) => id.contains(':').then_some((id, row, true)),
    }
}

/// The octaves that bring a part nearest to its instrument's base, if its notes are not within one octave of it already.
fn transposition(notes: &[RawNote], base: i16) -> i8 {
    let mut keys: Vec<i16> = notes.iter().map(|note| i16::from(note.key) - base).collect();
    keys.sort_unstable();
    let (Some(&lowest), Some(&highest)) = (keys.first(), keys.last()) else { return 0 };
    if lowest >= -12 && highest <= 12 {
        return 0;
    }
    let middle = keys[keys.len() / 2];
    let reach = i16::from(MAX_PITCH_SEMITONES);
    ((middle + 6).div_euclid(12) * 12).clamp(-reach, reach) as i8
}

/// A voice on the grid, with the length of its pattern.
struct Read {
    grid: Grid,
    /// Of the track alone, in percent.
    swing: f32,
    /// `None` where it is longer than a pattern and never repeats.
    period: Option<i64>,
}

impl Read {
    fn of(voice: &Voice<'_>, total: i64, bar: i64, (swing, own): (f32, f32)) -> Self {
        let grid = place(&voice.notes, voice.reading(total), swing);
        let period = period(&grid.steps, total, voice.part.steps, bar);
        Self { grid, swing: own, period }
    }
}

/// Makes the tracks and, for music longer than a pattern, the scenes that play it one after the other.
fn build(
    score: &mut Score,
    voices: Vec<Voice<'_>>,
    read: Vec<Read>,
    total: i64,
    bar: i64,
    report: &mut Report,
) {
    let chunk = (i64::from(MAX_STEPS) / bar).max(1) * bar;
    let is_long = read.iter().any(|read| read.period.is_none());
    let firsts: Vec<i64> = if is_long { (0..total).step_by(chunk as usize).collect() } else { vec![0] };
    let scenes = add_scenes(score, firsts.len());
    if is_long {
        let what = format!("{total} steps");
        let why = format!("a pattern has at most {MAX_STEPS}: they are {} scenes in a row", scenes.len());
        report.add("the session", what, why);
    }
    let orders = spread(voices.len());
    for (number, ((voice, read), order)) in voices.into_iter().zip(read).zip(orders).enumerate() {
        let mut patterns: BTreeMap<SceneId, Pattern> = BTreeMap::new();
        for (&scene, &first) in scenes.iter().zip(&firsts) {
            let pattern = match read.period {
                Some(period) => pattern(&read.grid.steps, 0, period),
                None => pattern(&read.grid.steps, first, chunk.min(total - first)),
            };
            if !pattern.is_blank() {
                patterns.insert(scene, pattern);
            }
        }
        let share = |value: Option<u8>| value.filter(|_| !voice.is_drum);
        let track = Track {
            name: voice.name,
            instrument: voice.id,
            order,
            volume: share(voice.part.volume).map_or(DEFAULT_VOLUME, share_of),
            pan: share(voice.part.pan).map_or(0.0, pan_of),
            transpose: voice.transpose,
            gate: voice.part.is_gated,
            swing: read.swing,
            patterns,
            ..Track::default()
        };
        score.tracks.insert(track_id(number), track);
    }
}

fn add_scenes(score: &mut Score, count: usize) -> Vec<SceneId> {
    let (first, scenes) = only_scene();
    score.scenes = scenes;
    if count == 1 {
        return vec![first];
    }
    let ids: Vec<SceneId> = (0..count as u64).map(SceneId::from_random).collect();
    for ((number, &scene), order) in ids.iter().enumerate().zip(spread(count)) {
        let name = format!("Scene {}", number + 1);
        score.scenes.insert(scene, Scene { name, order: order.clone(), deleted: false });
        let entry = SongEntry { scene, repeats: 1, order, deleted: false };
        score.song.insert(EntryId::from_random(number as u64), entry);
    }
    ids
}

/// 0 is left, 64 the centre, 127 right; to two digits where they give it back.
fn pan_of(value: u8) -> f32 {
    let exact = ((f32::from(value) - 64.0) / 63.0).clamp(-1.0, 1.0);
    let whole = (exact.abs() * 100.0 + 0.5) as i32 as f32 / 100.0;
    let short = if exact < 0.0 { -whole } else { whole };
    if (64.5 + short * 63.0) as u8 == value { short } else { exact }
}
