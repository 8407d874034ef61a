//! What can go wrong with a sample, in words for the player.

use std::io;
use std::path::{Path, PathBuf};

use score::id::SampleHash;

use super::store::MAX_STORED_BYTES;

/// Why a sample could not be brought in, kept, or made ready.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
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
    /// It is a folder, a device or a pipe.
    #[error("{} is no ordinary file; give a WAV, FLAC, MP3 or Ogg Vorbis file", .0.display())]
    NotAFile(PathBuf),
    /// It is larger than any file of 30 s.
    #[error("{} is {bytes} bytes long; a sample's file may have at most {max}, so cut it shorter", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size.
        max: u64,
    },
    /// Its bytes are no sound that could be played.
    #[error("{what}: {reason}")]
    Refused {
        /// The file, or which sample.
        what: String,
        /// Why, as a sentence.
        reason: String,
    },
    /// The sound is too noisy to be kept in a file of the size that peers accept.
    #[error("{} takes {bytes} bytes as FLAC; a sample may take at most {MAX_STORED_BYTES}, so cut it shorter", path.display())]
    Bulky {
        /// The file.
        path: PathBuf,
        /// What it would take.
        bytes: usize,
    },
    /// No process could be started to decode it.
    #[error("could not start a process to decode a sample: {0}")]
    Decoder(io::Error),
    /// The store does not hold it.
    #[error(
        "the sample {name} is not in this home, so its tracks are silent; whoever added it has it ({hash})"
    )]
    Missing {
        /// What the session calls it.
        name: String,
        /// Which sample.
        hash: SampleHash,
    },
    /// What the store holds under its hash is something else.
    #[error("the sample {name} is damaged, so its tracks are silent; remove {} and add it again", path.display())]
    Damaged {
        /// What the session calls it.
        name: String,
        /// The stored file.
        path: PathBuf,
    },
}

impl SampleError {
    /// Wraps an operating-system error with what was being done, and to which file.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
