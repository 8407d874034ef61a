//! Where a log ends: enough to tell later that nothing has been added to it, cut off or put in its place since.

use std::path::Path;

use super::Disk;
use super::record::HEADER_BYTES;

/// The end of a log: its length, and its last record by place and header. The header holds a checksum of the record, its
/// session and its place, so no two states of one log end alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogEnd {
    len: u64,
    last_at: u64,
    header: [u8; HEADER_BYTES],
}

impl LogEnd {
    /// How many bytes [`to_bytes`](Self::to_bytes) makes.
    pub(super) const BYTES: usize = 8 + 8 + HEADER_BYTES;

    /// The end of a log of `len` bytes whose last record stands at `last_at` and begins with these bytes.
    pub(super) fn new(len: u64, last_at: u64, record: &[u8]) -> Option<Self> {
        let header = *record.first_chunk()?;
        Some(Self { len, last_at, header })
    }

    /// Whether the log in this file ends here.
    pub(super) fn is_end_of(&self, disk: &dyn Disk, path: &Path) -> bool {
        let found = disk.read_part(path, self.last_at, HEADER_BYTES);
        found.is_ok_and(|found| found == Some((self.len, self.header.to_vec())))
    }

    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.len.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.last_at.to_le_bytes());
        bytes[16..].copy_from_slice(&self.header);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let (len, rest) = bytes.split_first_chunk()?;
        let (last_at, header) = rest.split_first_chunk()?;
        Self::new(u64::from_le_bytes(*len), u64::from_le_bytes(*last_at), header)
    }
}
