//! What an import could not keep.

use core::fmt;

/// Most entries of a report; a hostile file could fill memory with them.
const MAX_ENTRIES: usize = 1_000;
/// The most of a file's text that an entry repeats, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// Something in a file that was left out or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it stands: `the session`, `track 3 (Kick)`, `track 3 (Kick), step 5`.
    pub place: String,
    /// What it is.
    pub what: String,
    /// Why it was not kept as it is, and what became of it.
    pub why: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}: {}", self.place, self.what, self.why)
    }
}

/// A report that is being written.
#[derive(Default)]
pub(super) struct Report {
    entries: Vec<LeftOut>,
    /// Entries that found no room.
    further: usize,
}

impl Report {
    pub(super) fn add(&mut self, place: &str, what: impl Into<String>, why: impl Into<String>) {
        if self.entries.len() < MAX_ENTRIES {
            self.entries.push(LeftOut { place: place.to_owned(), what: what.into(), why: why.into() });
        } else {
            self.further += 1;
        }
    }

    pub(super) fn finish(mut self) -> Vec<LeftOut> {
        if self.further > 0 {
            let what = format!("{} further entries", self.further);
            let why = format!("a report has at most {MAX_ENTRIES}");
            self.entries.push(LeftOut { place: "the report".to_owned(), what, why });
        }
        self.entries
    }
}

/// A file's text as a report repeats it.
pub(super) fn shown(text: &str) -> String {
    score::text::clean_name(text, MAX_SHOWN_CHARS)
}
