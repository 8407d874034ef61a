//! The few things that a store asks of a disk.
//!
//! A log is only as safe as what it assumes of the disk beneath it, so those assumptions are spelled out here as two
//! traits and nothing else in the store touches `std::fs`. [`RealDisk`](super::RealDisk) carries them out; the tests
//! carry them out in memory, where the power can be cut between any two operations.

use std::io;
use std::path::{Path, PathBuf};

/// A place where files are kept.
///
/// What is promised after a power cut is only what was asked for: the *bytes* of a file up to its last
/// [`File::sync`], and the *names* in a folder up to its last [`Disk::sync_dir`].
pub trait Disk: Send + Sync + std::fmt::Debug {
    /// Opens a file for appending and makes an empty one if there is none.
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn File>>;

    /// Makes an empty file, discarding what stood under this name.
    fn create(&self, path: &Path) -> io::Result<Box<dyn File>>;

    /// The whole file, or `None` when there is no such file. A file longer than `max_bytes` is an error of kind
    /// [`io::ErrorKind::FileTooLarge`], found out before its bytes are read.
    fn read(&self, path: &Path, max_bytes: u64) -> io::Result<Option<Vec<u8>>>;

    /// The file's length, and at most `max_bytes` of it from `offset` on; `None` when there is no such file.
    fn read_part(&self, path: &Path, offset: u64, max_bytes: usize) -> io::Result<Option<(u64, Vec<u8>)>>;

    /// Gives a file another name in one step: whoever looks sees the old file or the other, never none.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// The paths of everything in a folder, sorted.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;

    /// Makes a folder and those above it; one that is there already is fine.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Makes the names in this folder durable: files made, renamed and removed in it.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
}

/// An open file that grows at its end.
pub trait File: Send + std::fmt::Debug {
    /// Writes all of `bytes` at the end of the file. After an error any part of them may stand there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Cuts the file to `len` bytes, which is at most its length.
    fn truncate(&mut self, len: u64) -> io::Result<()>;

    /// Returns when everything written is durable. After an error nothing is known about the bytes since the last
    /// success, and calling it once more proves nothing: the kernel may have dropped the dirty pages.
    fn sync(&mut self) -> io::Result<()>;
}
