//! From an edit to the registers that it writes.
//!
//! Planning looks at the score alone and touches nothing. Only registers that change are written, so that two players' edits of one
//! thing at one time disturb each other as little as they can.

mod arrange;
mod check;
mod pattern;
mod register;
mod session;
mod track;
mod whole;

use automerge::ScalarValue;
use score::{Edit, PlayerKey, Score};

use super::edit_error::EditError;
use super::place::{Place, TrackMap};
use register::Register;

pub(crate) use whole::{bring_to, found};

/// One write to the document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Write {
    /// Makes the empty map of a track, scene, entry, sample, version or message, with the maps that it is made with.
    Make(Place),
    /// Puts a value into a register.
    Put(Place, String, ScalarValue),
    /// Empties a register.
    Delete(Place, String),
}

impl Write {
    /// About how many bytes of the change this takes, and how many operations.
    pub(crate) fn weight(&self) -> (usize, usize) {
        match self {
            Self::Make(Place::Track(_)) => (256, 1 + TrackMap::ALL.len()),
            Self::Make(_) => (96, 1),
            Self::Put(_, key, ScalarValue::Str(text)) => (16 + key.len() + text.len(), 1),
            Self::Put(_, key, _) | Self::Delete(_, key) => (24 + key.len(), 1),
        }
    }
}

/// Who edits, and from which state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) score: &'a Score,
    pub(crate) me: PlayerKey,
    /// The heads of the document before the edit.
    pub(crate) heads: &'a [[u8; 32]],
}

/// What an edit writes; nothing when it would change nothing. [`Edit::All`] is not planned at once, since each of its edits builds
/// on the one before.
///
/// # Errors
/// What is wrong with the edit.
pub(crate) fn plan(context: Context<'_>, edit: &Edit) -> Result<Vec<Write>, EditError> {
    let score = context.score;
    match edit {
        Edit::Track(id, edit) => track::change(score, *id, edit),
        Edit::AddTrack { id, instrument, name } => track::add(score, *id, instrument, name),
        Edit::Pattern(at, edit) => pattern::change(score, *at, edit),
        Edit::AddScene { id, name, copy_of } => arrange::add_scene(score, *id, name, *copy_of),
        Edit::Scene(id, edit) => arrange::change_scene(score, *id, edit),
        Edit::AddSongEntry { id, scene, repeats } => arrange::add_entry(score, *id, *scene, *repeats),
        Edit::SongEntry(id, edit) => arrange::change_entry(score, *id, edit),
        Edit::All(_) => Ok(Vec::new()),
        edit => session::change(context, edit),
    }
}

/// Whether an edit belongs to the music, which undo takes back, or stands beside it: a message, a version, news of a sample.
pub(crate) fn is_music(edit: &Edit) -> bool {
    match edit {
        Edit::Say { .. } | Edit::SaveVersion { .. } | Edit::AddSample(..) => false,
        Edit::All(edits) => edits.iter().any(is_music),
        _ => true,
    }
}

/// Collects writes, leaving out those that would change nothing.
#[derive(Debug)]
struct Writes {
    place: Place,
    writes: Vec<Write>,
}

impl Writes {
    fn at(place: Place) -> Self {
        Self { place, writes: Vec::new() }
    }

    fn made(place: Place) -> Self {
        Self { place, writes: vec![Write::Make(place)] }
    }

    fn put(&mut self, key: impl Into<String>, value: &impl Register) {
        self.writes.push(Write::Put(self.place, key.into(), value.scalar()));
    }

    /// Puts what a register is to hold where it holds something else.
    fn set<T: Register>(&mut self, key: &str, before: &T, after: &T) {
        if before != after {
            self.put(key, after);
        }
    }

    /// Puts what an optional register is to hold, or empties it, where it holds something else.
    fn set_optional<T: Register>(&mut self, key: impl Into<String>, before: Option<&T>, after: Option<&T>) {
        match after {
            _ if before == after => {}
            Some(after) => self.put(key, after),
            None => self.writes.push(Write::Delete(self.place, key.into())),
        }
    }
}
