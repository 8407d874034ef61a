//! Messages to frames and back.

use super::message::{Kind, Message};
use super::{PROTOCOLS, WireError, message};
use crate::limits::MAX_FRAME_BYTES;

/// Bytes of the length that precedes a frame on a byte stream.
pub const LENGTH_PREFIX_BYTES: usize = 4;

/// What precedes a frame on a byte stream: its length, little endian.
///
/// # Errors
/// [`WireError::TooLong`]; frames out of [`encode`] that are not to be split are never too long.
pub fn length_prefix(frame: &[u8]) -> Result<[u8; LENGTH_PREFIX_BYTES], WireError> {
    if frame.len() > MAX_FRAME_BYTES {
        return Err(WireError::TooLong(frame.len()));
    }
    Ok((frame.len() as u32).to_le_bytes())
}

/// The length of the frame that follows a prefix, to be checked before room is made for it.
///
/// # Errors
/// [`WireError::TooLong`] or [`WireError::Empty`]: close the link.
pub fn frame_length(prefix: [u8; LENGTH_PREFIX_BYTES]) -> Result<usize, WireError> {
    match u32::from_le_bytes(prefix) as usize {
        0 => Err(WireError::Empty),
        length if length > MAX_FRAME_BYTES => Err(WireError::TooLong(length)),
        length => Ok(length),
    }
}

/// A message as bytes, as the newest protocol has it. Those longer than [`MAX_FRAME_BYTES`] have to be [split](super::split).
pub fn encode(message: &Message) -> Vec<u8> {
    encode_as(PROTOCOLS.newest, message)
}

/// A message as bytes, as this version of the protocol has it: one that [`PROTOCOLS`] names.
pub fn encode_as(version: u16, message: &Message) -> Vec<u8> {
    message::write(message, version)
}

/// Reads one frame, or one body put together from parts.
///
/// # Errors
/// [`WireError`], which says what is wrong with it.
pub fn decode(frame: &[u8]) -> Result<Message, WireError> {
    let kind = Kind::of(frame)?;
    if frame.len() > kind.max_bytes() {
        return Err(WireError::TooLong(frame.len()));
    }
    message::read(kind, &frame[1..])
}
