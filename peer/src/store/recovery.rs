//! Reading a log back after anything may have happened to it.

use std::ops::Range;
use std::path::Path;

use super::log_end::LogEnd;
use super::record::{self, ChecksumKey};
use super::{Disk, RecordKind, StoreError};

/// How a log's file begins; the digits are the version of its format.
pub(super) const FILE_HEADER: &[u8; 16] = b"offbeat log 0001";

/// The bytes that name the format whatever its version.
const FILE_HEADER_PREFIX: &[u8] = b"offbeat log ";

/// How many damaged ends are kept beside a log before further ones are dropped: enough to see a pattern, few enough
/// that a failing disk does not fill itself.
const MAX_KEPT_CUTS: usize = 8;

/// What a log held when it was opened.
#[derive(Debug, Default)]
pub struct Recovered {
    bytes: Vec<u8>,
    records: Vec<(RecordKind, Range<usize>)>,
    /// Bytes at the end of the file that were no whole record and were set aside: the write that a power cut tore,
    /// or damage. None of them was part of a record reported durable, unless the disk itself went bad.
    pub cut_bytes: usize,
}

impl Recovered {
    /// The records in the order in which they were appended.
    pub fn records(&self) -> impl ExactSizeIterator<Item = (RecordKind, &[u8])> {
        self.records.iter().map(|(kind, body)| (*kind, &self.bytes[body.clone()]))
    }

    /// How long the undamaged part of the file is.
    pub(super) fn valid_len(&self) -> u64 {
        self.records.last().map_or(FILE_HEADER.len(), |(_, body)| body.end) as u64
    }

    /// Where the undamaged part ends; `None` when it holds no record.
    pub(super) fn end(&self) -> Option<LogEnd> {
        let last_at = self.records.last()?.1.start - record::HEADER_BYTES;
        LogEnd::new(self.valid_len(), last_at as u64, &self.bytes[last_at..])
    }

    /// The bytes that are no part of any record.
    pub(super) fn cut(&self) -> &[u8] {
        &self.bytes[self.bytes.len() - self.cut_bytes..]
    }
}

/// Finds the records at the start of a log's file; everything from the first damaged one on is the cut.
///
/// # Errors
/// [`StoreError::Version`] when the file names another version and holds no record of this one.
pub(super) fn scan(key: &ChecksumKey, path: &Path, bytes: Vec<u8>) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered { bytes, ..Recovered::default() };
    let mut at = FILE_HEADER.len();
    while let Some((kind, body)) =
        recovered.bytes.get(at..).and_then(|rest| record::decode(key, at as u64, rest))
    {
        let start = at + record::HEADER_BYTES;
        at = start + body.len();
        recovered.records.push((kind, start..at));
    }
    if recovered.records.is_empty() && !recovered.bytes.starts_with(FILE_HEADER) {
        // No record vouches for the file, so its header must: another version's log is left alone.
        if let Some(version) = recovered.bytes.strip_prefix(FILE_HEADER_PREFIX) {
            let digits = version.iter().take(4).map(|&byte| char::from(byte)).collect::<String>();
            if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(StoreError::Version {
                    path: path.to_owned(),
                    found: format!("log format {digits}"),
                });
            }
        }
        at = 0;
    }
    recovered.cut_bytes = recovered.bytes.len().saturating_sub(at);
    Ok(recovered)
}

/// Keeps a damaged end beside the log, so that even damage by a failing disk destroys nothing that was there.
/// Doing without it is better than not opening, so errors are only told to the log of the program.
pub(super) fn set_aside(disk: &dyn Disk, folder: &Path, cut: &[u8]) {
    let kept = (0..MAX_KEPT_CUTS).map(|index| folder.join(format!("cut-{index}")));
    let Some(path) = kept.into_iter().find(|path| matches!(disk.read(path, 0), Ok(None))) else { return };
    let written = disk.create(&path).and_then(|mut file| {
        file.append(cut)?;
        file.sync()
    });
    if let Err(error) = written {
        tracing::warn!(bytes = cut.len(), %error, "could not set a log's damaged end aside");
        // Half a copy would take the place of a whole one of the next damage.
        disk.remove(&path).ok();
    }
}
