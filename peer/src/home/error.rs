//! What can go wrong with a home, in words for the player.

use std::io;
use std::path::{Path, PathBuf};

/// Why a home could not be opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// A file or folder could not be read or written.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was being done, as an infinitive ("read").
        action: &'static str,
        /// The file or folder it was done to.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The identity file holds something else.
    #[error(
        "the identity {} holds {bytes} bytes instead of a 32-byte secret; restore it from a backup, or move it away \
         to begin as another player",
        path.display()
    )]
    Identity {
        /// The identity's file.
        path: PathBuf,
        /// How many bytes it holds.
        bytes: usize,
    },
    /// Another process owns the home and gives no answer.
    #[error(
        "another Offbeat{} owns {} but does not answer; wait for it to finish, or end it",
        pid.map_or_else(String::new, |pid| format!(" (process {pid})")),
        home.display()
    )]
    Unanswered {
        /// The home.
        home: PathBuf,
        /// The owner's process id, where it could be read.
        pid: Option<u32>,
    },
    /// The owner took a request and ended before it answered.
    #[error(
        "the Offbeat that owns this home ended in the middle of a request; look at what was done and try again"
    )]
    OwnerEnded,
    /// The other end of the local socket sent what no Offbeat of this version sends.
    #[error("the Offbeat that owns this home speaks another language: {0}; end it and try again")]
    Protocol(String),
    /// No folder stands outside of everybody else's reach for the socket of a home with a long path.
    #[error(
        "{} is no private folder of this user, so it cannot hold the home's socket; remove it or set OFFBEAT_HOME to a \
         shorter path",
        path.display()
    )]
    NotPrivate {
        /// The folder.
        path: PathBuf,
    },
}

impl HomeError {
    /// Wraps an operating-system error with what was being done, and to which file.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
