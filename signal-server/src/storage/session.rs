//! A session as it is kept.

use std::fmt;

use crdt_model::trust::SessionOrigin;
use score::UnixMillis;
use score::id::{PlayerKey, SessionId};

use super::BeatId;

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RowKind {
    /// A change with its voucher.
    Change = 0,
    /// An equivocation proof.
    Proof = 1,
    /// The whole session: it takes the place of all rows before it.
    Snapshot = 2,
    /// The snapshot's document as the document format saves it, from which loading is quicker.
    Document = 3,
}

impl RowKind {
    /// The kind of this number.
    pub fn of(number: u8) -> Option<Self> {
        [Self::Change, Self::Proof, Self::Snapshot, Self::Document]
            .into_iter()
            .find(|&kind| kind as u8 == number)
    }
}

/// One piece of a session's history.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// Bytes that mean nothing to the storage; at most [`MAX_ROW_BYTES`](super::MAX_ROW_BYTES).
    pub body: Vec<u8>,
}

impl fmt::Debug for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} of {} bytes", self.kind, self.body.len())
    }
}

/// A session that begins to be kept.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Who founded it; its id follows.
    pub origin: SessionOrigin,
    /// The player in whose name that happened, where the server founded it for somebody.
    pub owner: Option<PlayerKey>,
    /// What it began as, where it is a remix.
    pub parent: Option<Lineage>,
    /// When.
    pub at: UnixMillis,
    /// Its first rows; none where they are yet to arrive.
    pub rows: Vec<Row>,
    /// A picture of it.
    pub picture: Option<Vec<u8>>,
}

/// What a session is a remix of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lineage {
    /// A session, as it was then.
    Session(SessionId),
    /// A beat.
    Beat(BeatId),
}

impl fmt::Display for Lineage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(id) => id.fmt(out),
            Self::Beat(id) => id.fmt(out),
        }
    }
}

impl Lineage {
    /// Reads what [`Display`](fmt::Display) writes: ids of sessions and of beats differ in length.
    pub fn read(text: &str) -> Option<Self> {
        let session = || text.parse().ok().map(Self::Session);
        text.parse().ok().map(Self::Beat).or_else(session)
    }
}

/// All rows of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Who founded it.
    pub origin: SessionOrigin,
    /// In the order in which they were handed over.
    pub rows: Vec<Row>,
}

/// What is known about a session without reading its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Who founded it.
    pub origin: SessionOrigin,
    /// The player in whose name the server founded it.
    pub owner: Option<PlayerKey>,
    /// What it began as.
    pub parent: Option<Lineage>,
    /// How many sessions here began as this one.
    pub remix_count: u32,
    /// When it came here.
    pub created_at: UnixMillis,
    /// When the last row was handed over.
    pub updated_at: UnixMillis,
    /// When it was last loaded.
    pub last_accessed_at: UnixMillis,
}

/// A small picture of a session, from which it is shown before its rows have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What [`keep_picture`](super::Storage::keep_picture) was given.
    pub body: Vec<u8>,
    /// Whether no row was handed over since.
    pub is_current: bool,
}
