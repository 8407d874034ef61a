//! The small file beside a log from which a session is shown and played before its history has loaded.
//!
//! A checkpoint only ever saves time. It is written whole under another name and then renamed, so it is there or not;
//! one that is missing, damaged or another version's is as good as none, and never an error. It says where the log ended
//! when it was written: while the log still ends there, the checkpoint shows all that the log holds.

use std::path::Path;

use super::log_end::LogEnd;
use super::{Disk, StoreError};

/// The longest checkpoint, in bytes: a view and a compiled program, which are kilobytes in practice.
pub const MAX_CHECKPOINT_BYTES: usize = 8 << 20;

const FILE_HEADER: &[u8; 24] = b"offbeat checkpoint 0002\n";
const CHECKSUM_BYTES: usize = 32;

/// A checkpoint as it was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// What [`Log::checkpoint`](super::Log::checkpoint) was given.
    pub body: Vec<u8>,
    /// Whether the log holds exactly the records that it held when the checkpoint was written.
    pub is_current: bool,
}

fn checksum(session: &str, rest: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let key = blake3::derive_key("offbeat store 1 checkpoint", session.as_bytes());
    *blake3::keyed_hash(&key, rest).as_bytes()
}

/// Puts `body` in the place of the checkpoint of a session whose log ends at `end`.
pub(super) fn write(
    disk: &dyn Disk,
    folder: &Path,
    session: &str,
    end: LogEnd,
    body: &[u8],
) -> Result<(), StoreError> {
    let beside = folder.join("checkpoint.new");
    let path = folder.join("checkpoint");
    let rest = [&end.to_bytes()[..], body].concat();
    let bytes = [&FILE_HEADER[..], &checksum(session, &rest), &rest].concat();
    let mut file = disk.create(&beside).map_err(StoreError::io("make", &beside))?;
    file.append(&bytes).map_err(StoreError::io("write", &beside))?;
    file.sync().map_err(StoreError::io("sync", &beside))?;
    disk.rename(&beside, &path).map_err(StoreError::io("rename", &beside))?;
    disk.sync_dir(folder).map_err(StoreError::io("sync", folder))
}

/// The session's checkpoint, if there is a whole one.
pub fn read_checkpoint(disk: &dyn Disk, folder: &Path, session: &str) -> Option<StoredCheckpoint> {
    let longest = FILE_HEADER.len() + CHECKSUM_BYTES + LogEnd::BYTES + MAX_CHECKPOINT_BYTES;
    let bytes = disk.read(&folder.join("checkpoint"), longest as u64).ok()??;
    let (written, rest) = bytes.strip_prefix(FILE_HEADER)?.split_first_chunk::<CHECKSUM_BYTES>()?;
    let (end, body) = rest.split_first_chunk()?;
    let end = LogEnd::from_bytes(end).filter(|_| *written == checksum(session, rest))?;
    Some(StoredCheckpoint { body: body.to_vec(), is_current: end.is_end_of(disk, &folder.join("log")) })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Log, RealDisk, RecordKind};
    use super::*;

    fn log(folder: &Path) -> Log {
        Log::open(Arc::new(RealDisk), folder, "a").unwrap().0
    }

    fn read(folder: &Path) -> Option<(Vec<u8>, bool)> {
        let stored = read_checkpoint(&RealDisk, folder, "a")?;
        Some((stored.body, stored.is_current))
    }

    #[test]
    fn a_checkpoint_reads_back_and_a_damaged_or_foreign_one_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = log(folder.path());
        log.append(RecordKind::Origin, b"founded").unwrap();
        assert_eq!(read(folder.path()), None);
        log.checkpoint(b"first").unwrap();
        log.checkpoint(b"second").unwrap();
        assert_eq!(read(folder.path()), Some((b"second".to_vec(), true)));
        assert_eq!(read_checkpoint(&RealDisk, folder.path(), "b"), None);

        let path = folder.path().join("checkpoint");
        let whole = std::fs::read(&path).unwrap();
        for index in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[index] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            assert_eq!(read(folder.path()), None, "byte {index} damaged");
            std::fs::write(&path, &whole[..index]).unwrap();
            assert_eq!(read(folder.path()), None, "cut to {index} bytes");
        }
    }

    #[test]
    fn a_checkpoint_is_current_until_its_log_changes() {
        let folder = tempfile::tempdir().unwrap();
        let is_current = || read(folder.path()).unwrap().1;
        let mut first = log(folder.path());
        first.append(RecordKind::Change, b"one").unwrap();
        first.checkpoint(b"one").unwrap();
        drop(first);
        let mut second = log(folder.path());
        assert!(is_current(), "opening changes nothing");
        second.checkpoint(b"one").unwrap();
        assert!(is_current(), "the end is known after opening too");
        second.append(RecordKind::Change, b"two").unwrap();
        second.commit().unwrap();
        assert!(!is_current());
        second.checkpoint(b"both").unwrap();
        assert!(is_current());
        // As long as what stood there before, to the byte.
        let kept = b"one, a record header, two";
        second
            .compact(&[(RecordKind::Snapshot, &kept[..3 + 3 + super::super::record::HEADER_BYTES])])
            .unwrap();
        assert!(!is_current());
        second.checkpoint(b"both").unwrap();
        assert!(is_current());
        std::fs::remove_file(folder.path().join("log")).unwrap();
        assert!(!is_current());
    }
}
