//! The small file beside a log from which a session is shown and played before its history has loaded.
//!
//! A checkpoint only ever saves time. It is written whole under another name and then renamed, so it is there or not;
//! one that is missing, damaged or another version's is as good as none, and never an error.

use std::path::Path;

use super::{Disk, StoreError};

/// The longest checkpoint, in bytes: a view and a compiled program, which are kilobytes in practice.
pub const MAX_CHECKPOINT_BYTES: usize = 8 << 20;

const FILE_HEADER: &[u8; 24] = b"offbeat checkpoint 0001\n";
const CHECKSUM_BYTES: usize = 32;

fn checksum(session: &str, body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let key = blake3::derive_key("offbeat store 1 checkpoint", session.as_bytes());
    *blake3::keyed_hash(&key, body).as_bytes()
}

/// Puts `body` in the place of the session's checkpoint.
///
/// # Errors
/// When it is too long or the disk refuses; the former checkpoint then stays.
pub fn write_checkpoint(
    disk: &dyn Disk,
    folder: &Path,
    session: &str,
    body: &[u8],
) -> Result<(), StoreError> {
    let beside = folder.join("checkpoint.new");
    let path = folder.join("checkpoint");
    let mut bytes = FILE_HEADER.to_vec();
    bytes.extend_from_slice(&checksum(session, body));
    bytes.extend_from_slice(body);
    let mut file = disk.create(&beside).map_err(StoreError::io("make", &beside))?;
    file.append(&bytes).map_err(StoreError::io("write", &beside))?;
    file.sync().map_err(StoreError::io("sync", &beside))?;
    disk.rename(&beside, &path).map_err(StoreError::io("rename", &beside))?;
    disk.sync_dir(folder).map_err(StoreError::io("sync", folder))
}

/// The session's checkpoint, if there is a whole one.
pub fn read_checkpoint(disk: &dyn Disk, folder: &Path, session: &str) -> Option<Vec<u8>> {
    let longest = FILE_HEADER.len() + CHECKSUM_BYTES + MAX_CHECKPOINT_BYTES;
    let bytes = disk.read(&folder.join("checkpoint"), longest as u64).ok()??;
    let (written, body) = bytes.strip_prefix(FILE_HEADER)?.split_first_chunk::<CHECKSUM_BYTES>()?;
    (*written == checksum(session, body)).then(|| body.to_vec())
}

#[cfg(test)]
mod tests {
    use super::super::RealDisk;
    use super::*;

    #[test]
    fn a_checkpoint_reads_back_and_a_damaged_or_foreign_one_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let read = |session| read_checkpoint(&RealDisk, folder.path(), session);
        assert_eq!(read("a"), None);
        write_checkpoint(&RealDisk, folder.path(), "a", b"first").unwrap();
        write_checkpoint(&RealDisk, folder.path(), "a", b"second").unwrap();
        assert_eq!(read("a").as_deref(), Some(&b"second"[..]));
        assert_eq!(read("b"), None);

        let path = folder.path().join("checkpoint");
        let whole = std::fs::read(&path).unwrap();
        for index in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[index] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            assert_eq!(read("a"), None, "byte {index} damaged");
            std::fs::write(&path, &whole[..index]).unwrap();
            assert_eq!(read("a"), None, "cut to {index} bytes");
        }
    }
}
