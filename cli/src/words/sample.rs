//! Edits that bring in samples and cut them.

use std::collections::BTreeMap;
use std::path::Path;

use score::catalogue::{self, Sound};
use score::edit::Edit;
use score::id::SampleHash;
use score::score::Sample;
use score::text::{MAX_LABEL_CHARS, MAX_SHORT_NAME_CHARS, clean_name};
use score::{TrackId, UnixMillis};
use view::Command;

use super::cursor::{Context, Cursor};
use super::error::WordsError;
use super::track::unused_name;

type Read = Result<Command, WordsError>;

/// Most equal slices that a sample is cut into: as many as the parameter `slice` can name.
const MAX_SLICES: u64 = 64;

/// The verb that names a file.
const ADD_SAMPLE: &str = "add-sample";

/// A sample that was brought in from a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brought {
    /// The hash of what is stored.
    pub(crate) hash: SampleHash,
    /// Its length in frames of 48 kHz.
    pub(crate) frames: u64,
    /// 1 or 2.
    pub(crate) channels: u8,
    /// Size of what is stored.
    pub(crate) bytes: u64,
}

/// Samples by the names of the files that they came from.
pub(crate) type BroughtFiles = BTreeMap<String, Brought>;

/// The file that an edit brings in, if it does.
pub(crate) fn sample_file(words: &[String]) -> Option<&str> {
    let verb = match words.first()?.as_str() {
        "in" => 2,
        _ => 0,
    };
    (words.get(verb)? == ADD_SAMPLE).then(|| words.get(verb + 1).map(String::as_str))?
}

/// `add-sample FILE [NAME]`: the sample, and a track that plays it.
pub(super) fn add(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let file = cursor.word("file")?;
    let brought = context.samples.get(file).ok_or_else(|| WordsError::NotBrought(file.to_owned()))?;
    let name = if cursor.is_at_end() {
        clean_name(&stem(file), MAX_LABEL_CHARS)
    } else {
        cursor.text("name", MAX_LABEL_CHARS)?
    };
    let name = if name.is_empty() { "sample".to_owned() } else { name };
    let Brought { hash, frames, channels, bytes } = *brought;
    let rate = score::time::SAMPLE_RATE;
    let (by, at): (_, UnixMillis) = (context.me, context.now);
    let sample = Sample { name: name.clone(), frames, channels, rate, bytes, by, at };
    let track = Edit::AddTrack {
        id: TrackId::from_random((context.random)()),
        instrument: format!("sample:{hash}"),
        name: unused_name(context, &clean_name(&name, MAX_SHORT_NAME_CHARS)),
    };
    Ok(Command::Edit(Edit::All(vec![Edit::AddSample(hash, sample), track])))
}

fn stem(file: &str) -> String {
    Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `slices TRACK COUNT|off`: cuts the track's sample into slices of one length.
pub(super) fn slices(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let track = cursor.track(context.score)?;
    let count = match cursor.peek() {
        Some("off") => cursor.word("number of slices").map(|_| 0)?,
        _ => cursor.number("number of slices", 1, MAX_SLICES)?,
    };
    let instrument = context.score.tracks.get(&track).map_or("", |track| track.instrument.as_str());
    let Sound::Sample(hash) = catalogue::resolve(instrument) else {
        return Err(WordsError::NoSample(instrument.to_owned()));
    };
    let frames = context.score.samples.get(&hash).map_or(0, |sample| sample.frames);
    let cuts = (0..count.min(frames)).map(|slice| slice * frames / count).collect();
    Ok(Command::Edit(Edit::SetSlices(hash, cuts)))
}
