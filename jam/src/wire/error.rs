//! Why bytes are not a message.

use crate::limits::{MAX_BODY_BYTES, MAX_FRAME_BYTES};

use super::version::{PROTOCOLS, Protocols};

/// Why bytes from a link were not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The frame holds nothing.
    #[error("an empty frame: a frame starts with its kind")]
    Empty,
    /// The frame is longer than allowed.
    #[error("a frame of {0} bytes: at most {MAX_FRAME_BYTES} are allowed, longer bodies travel in parts")]
    TooLong(usize),
    /// The kind is one of a later version, or none at all.
    #[error("a message of the unknown kind {0}: another version of Offbeat may know it")]
    UnknownKind(u8),
    /// The body is not what its kind says.
    #[error("a malformed {kind} message: {reason}")]
    Malformed {
        /// The name of the kind.
        kind: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Bytes follow the body.
    #[error("a {kind} message with {bytes} bytes after its end")]
    Trailing {
        /// The name of the kind.
        kind: &'static str,
        /// How many bytes.
        bytes: usize,
    },
    /// No protocol version is common to both ends.
    #[error("the other end speaks protocol {theirs}, this one {PROTOCOLS}: update the older program")]
    Version {
        /// What the other end speaks.
        theirs: Protocols,
    },
    /// A part is out of order, or does not fit its body.
    #[error("part {index} of {count} of body {id} came out of place")]
    PartOutOfPlace {
        /// Which body.
        id: u32,
        /// Which part.
        index: u32,
        /// How many parts the body has.
        count: u32,
    },
    /// A body in parts is longer than its kind allows.
    #[error(
        "a body in {0} parts: its kind is shorter than that, and no body is longer than {MAX_BODY_BYTES} bytes"
    )]
    BodyTooLong(u32),
}
