//! The folder with all that the server keeps: one process owns it.
//!
//! | | |
//! |---|---|
//! | `lock` | held by the owner for as long as it lives; holds its process id |
//! | `key` | the server's secret, 32 bytes: who it is to peers |
//! | `sessions.sqlite` | sessions and beats |

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The longest note in the lock file that is read, in bytes.
const MAX_NOTE_BYTES: u64 = 64;

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// Another process has it.
    #[error(
        "another server{} keeps its data in {}; stop that one, or name another folder",
        process.map_or_else(String::new, |process| format!(" (process {process})")), path.display()
    )]
    Taken {
        /// The folder.
        path: PathBuf,
        /// The other process, if it says.
        process: Option<u32>,
    },
    /// A file cannot be used.
    #[error("cannot {action} {}: {reason}", path.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What stood in the way.
        reason: io::Error,
    },
    /// The key's file holds something else.
    #[error("{} holds {length} bytes and no key of 32; put the key back, or remove the file for another one", path.display())]
    NoKey {
        /// Which file.
        path: PathBuf,
        /// How long it is.
        length: u64,
    },
}

/// A folder that this process owns. The operating system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    lock: File,
}

fn failed<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> DataFolderError + 'a {
    move |reason| DataFolderError::Io { action, path: path.to_owned(), reason }
}

fn private() -> fs::OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl DataFolder {
    /// Claims a folder, and makes it where there is none.
    ///
    /// # Errors
    /// When another process has it, or it cannot be written to.
    pub fn claim(path: &Path) -> Result<Self, DataFolderError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(failed("make", path))?;
        let place = path.join("lock");
        // Never emptied on opening: who fails to claim the folder wants to read what stands there.
        let lock = private().read(true).write(true).create(true).truncate(false).open(&place);
        let mut lock = lock.map_err(failed("open", &place))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DataFolderError::Taken { path: path.to_owned(), process: owner(&mut lock) });
            }
            Err(TryLockError::Error(reason)) => return Err(failed("lock", &place)(reason)),
        }
        let noted = lock
            .set_len(0)
            .and_then(|()| lock.rewind())
            .and_then(|()| write!(lock, "{}", std::process::id()));
        noted.map_err(failed("write", &place))?;
        Ok(Self { path: path.to_owned(), lock })
    }

    /// The server's secret; drawn when there is none.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn secret(&self) -> Result<[u8; 32], DataFolderError> {
        let path = self.path.join("key");
        match File::open(&path) {
            Ok(mut file) => {
                let length = file.metadata().map_err(failed("read", &path))?.len();
                let mut secret = [0; 32];
                if length != secret.len() as u64 {
                    return Err(DataFolderError::NoKey { path, length });
                }
                file.read_exact(&mut secret).map_err(failed("read", &path))?;
                Ok(secret)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.draw_secret(&path),
            Err(error) => Err(failed("read", &path)(error)),
        }
    }

    /// Written whole under another name first: half a key would be none.
    fn draw_secret(&self, path: &Path) -> Result<[u8; 32], DataFolderError> {
        let beside = self.path.join("key.new");
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)
            .map_err(|error| failed("draw a key for", path)(io::Error::other(error)))?;
        let mut file = private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&beside)
            .map_err(failed("make", &beside))?;
        file.write_all(&secret).and_then(|()| file.sync_all()).map_err(failed("write", &beside))?;
        fs::rename(&beside, path).map_err(failed("rename", &beside))?;
        let folder = File::open(&self.path).and_then(|folder| folder.sync_all());
        folder.map_err(failed("sync", &self.path))?;
        Ok(secret)
    }

    /// Where sessions and beats are kept.
    pub fn database(&self) -> PathBuf {
        self.path.join("sessions.sqlite")
    }

    /// Gives the folder back before the process ends.
    pub fn release(self) {
        // Closing the file does the same, so an error means nothing.
        self.lock.unlock().ok();
    }
}

fn owner(lock: &mut File) -> Option<u32> {
    let mut note = String::new();
    lock.take(MAX_NOTE_BYTES).read_to_string(&mut note).ok()?;
    note.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_who_is_named_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/for/it");
        let first = DataFolder::claim(&path).unwrap();
        let refused = DataFolder::claim(&path).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        first.release();
        assert!(DataFolder::claim(&path).is_ok());
    }

    #[test]
    fn a_key_is_drawn_once_and_a_damaged_one_is_never_replaced() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::claim(place.path()).unwrap();
        let secret = folder.secret().unwrap();
        assert_eq!(folder.secret().unwrap(), secret);
        let path = place.path().join("key");
        fs::write(&path, b"short").unwrap();
        assert!(matches!(folder.secret(), Err(DataFolderError::NoKey { length: 5, .. })));
        assert_eq!(fs::read(&path).unwrap(), b"short");
    }
}
