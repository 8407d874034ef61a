//! What can go wrong with a store, in words for the player.

use std::io;
use std::path::{Path, PathBuf};

use super::RecordKind;

/// Why a store could not do what it was asked. Records reported durable before the error stay durable.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk refused an operation.
    #[error("could not {action} {}: {}", path.display(), readable(source))]
    Io {
        /// What was being done, as an infinitive ("write").
        action: &'static str,
        /// The file or folder it was done to.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A record is longer than its kind allows.
    #[error("a {kind:?} record of {bytes} bytes is too long to store: at most {max} bytes are allowed")]
    RecordTooLong {
        /// The record's kind.
        kind: RecordKind,
        /// Its length.
        bytes: usize,
        /// The longest allowed.
        max: usize,
    },
    /// The file is no log that this version can read.
    #[error("{} was written by another version of Offbeat ({found}); open it with that version", path.display())]
    Version {
        /// The log's file.
        path: PathBuf,
        /// How the file names its own format.
        found: String,
    },
    /// So much waits for a disk that refuses to write that no more is taken.
    #[error(
        "{waiting} bytes already wait for the disk, which refuses to write; free some space and try again"
    )]
    TooMuchWaiting {
        /// Bytes waiting in memory.
        waiting: usize,
    },
    /// The log has reached the longest length that opening reads back.
    #[error("the log {} would grow past {max} bytes; it must be compacted first", path.display())]
    LogFull {
        /// The log's file.
        path: PathBuf,
        /// The longest length in bytes.
        max: u64,
    },
    /// The thread that writes has ended.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Wraps an operating-system error with what was being done, and to which file.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// The error without its path, for logs: a session's folder is named by its id, and knowing that is the permission
    /// to join.
    pub(super) fn for_log(&self) -> String {
        match self {
            Self::Io { action, source, .. } => format!("could not {action}: {source}"),
            Self::Version { found, .. } => format!("another version: {found}"),
            Self::LogFull { .. } => "the log is full".to_owned(),
            Self::RecordTooLong { .. } | Self::TooMuchWaiting { .. } | Self::Closed => self.to_string(),
        }
    }
}

/// The operating system's words, with advice where the cause is one that the player can remove.
fn readable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full; free some space and try again".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up; free some space and try again".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; check who owns the file".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}
