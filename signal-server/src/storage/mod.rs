//! What the server keeps: sessions as their changes, pictures of them, and beats.
//!
//! A [`Storage`] knows neither documents nor signatures: bodies are bytes to it. What it answers for is this: *what it has reported
//! durable is there after any crash, in the order in which it was handed over.* A session's changes are rows that are only ever
//! added, until a snapshot takes the place of all before it; the same row handed over twice counts once, so that two writers of
//! one session cannot get in each other's way.
//!
//! [`SqliteStorage`] keeps everything in one file. Every implementation passes the tests of `suite`.

mod beat;
mod error;
mod session;
mod sqlite;
#[cfg(test)]
mod suite;

use std::fmt::Debug;
use std::pin::Pin;

use score::id::SessionId;

pub use beat::{Beat, BeatFacts, BeatId, NotABeatId};
pub use error::StorageError;
pub use session::{Facts, Founding, History, Lineage, Picture, Row, RowKind};
pub use sqlite::SqliteStorage;

/// What a storage is about to answer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

/// Resolves when what was handed over is durable.
pub type Receipt = Answer<'static, ()>;

/// The most beats that are listed of one session, the newest ones.
pub const MAX_LISTED_BEATS: usize = 200;

/// The longest row, in bytes: a whole session, as jam bounds it.
pub const MAX_ROW_BYTES: usize = 64 << 20;

/// Where sessions and beats are kept. See the module.
///
/// Calls wait while too much is on its way to the disk already; whoever calls then reads its links more slowly.
pub trait Storage: Debug + Send + Sync {
    /// Makes a session; durable when this resolves. `false` where it is there already: nothing has changed then.
    fn found(&self, founding: Founding) -> Answer<'_, bool>;

    /// Hands rows of a session over, all of which become durable together. A snapshot among them takes the place of all before it.
    /// Rows of one session become durable in the order in which they were handed over.
    fn append(&self, session: SessionId, rows: Vec<Row>) -> Answer<'_, Receipt>;

    /// Keeps a picture of a session as it is after all that was handed over, in the place of the one before.
    fn keep_picture(&self, session: SessionId, body: Vec<u8>) -> Answer<'_, Receipt>;

    /// Forgets a session of which no row was ever handed over. One that has rows stays.
    fn forget(&self, session: SessionId) -> Answer<'_, ()>;

    /// All rows of a session, and notes that it was asked for; `None` where there is no such session.
    fn load(&self, session: SessionId) -> Answer<'_, Option<History>>;

    /// What is known about a session; `None` where there is no such session.
    fn facts(&self, session: SessionId) -> Answer<'_, Option<Facts>>;

    /// The picture of a session, if one was kept.
    fn picture(&self, session: SessionId) -> Answer<'_, Option<Picture>>;

    /// Keeps a beat, for good; durable when this resolves. `false` where one of this id is there: it stays as it is.
    fn publish(&self, beat: Beat) -> Answer<'_, bool>;

    /// A beat.
    fn beat(&self, id: BeatId) -> Answer<'_, Option<Beat>>;

    /// The beats of a session, newest first, at most [`MAX_LISTED_BEATS`].
    fn beats_of(&self, session: SessionId) -> Answer<'_, Vec<BeatFacts>>;

    /// Why nothing becomes durable at the moment, if so, to read.
    fn trouble(&self) -> Option<String>;

    /// Makes everything that was handed over durable and ends. What is handed over later is refused.
    fn close(&self) -> Answer<'_, ()>;
}
