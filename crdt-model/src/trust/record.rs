//! A change with its voucher: what one edit writes to the store and sends to every link.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Voucher, limits::MAX_CHANGE_BYTES};

/// One change and the voucher that covers it: one record of the store, one `Change` message on the wire.
///
/// The bytes are unchecked until [`Admission::admit`](super::Admission::admit) has looked at them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The Automerge change chunk, compressed or not; at most [`MAX_CHANGE_BYTES`].
    #[serde(deserialize_with = "bounded_change")]
    pub change: Vec<u8>,
    /// A voucher whose `seq` is this change's.
    pub voucher: Voucher,
}

/// Reads a change's bytes, refusing a length past the bound.
pub(super) fn bounded_change<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let bytes = Vec::<u8>::deserialize(deserializer)?;
    if bytes.len() > MAX_CHANGE_BYTES {
        let length = bytes.len();
        return Err(serde::de::Error::custom(format!(
            "a change of {length} bytes: at most {MAX_CHANGE_BYTES} are allowed"
        )));
    }
    Ok(bytes)
}
