//! How much of a stranger's file is looked at, decided before it is parsed.

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 25 * 1024 * 1024;
/// The most values that a JSON file may hold: eight scenes of 16 tracks with every lock of every step set have fewer.
pub const MAX_JSON_VALUES: usize = 500_000;

/// Why a file is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// Too many bytes.
    #[error("the file has {0} bytes; at most {MAX_FILE_BYTES} are read")]
    Bytes(usize),
    /// Too many values: a small file can hold many, each of which takes a hundred times its size in memory.
    #[error("the file holds about {0} values; at most {MAX_JSON_VALUES} are read")]
    Values(usize),
}

/// Whether a file's size and number of values allow to parse it.
///
/// Every value but the first follows a comma or opens a bracket; those inside texts are counted too, which errs on the safe
/// side.
pub(super) fn check(bytes: &[u8]) -> Result<(), BoundsError> {
    check_size(bytes)?;
    let values = bytes.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if values > MAX_JSON_VALUES { Err(BoundsError::Values(values)) } else { Ok(()) }
}

/// Whether a file's size allows to look at it.
pub(super) fn check_size(bytes: &[u8]) -> Result<(), BoundsError> {
    if bytes.len() > MAX_FILE_BYTES { Err(BoundsError::Bytes(bytes.len())) } else { Ok(()) }
}
