//! One record of a log: a kind, a length, a checksum, and bytes that mean nothing to the store.
//!
//! ```text
//! u32 LE  length of the body
//! u8      kind
//! [u8; 8] checksum: the first bytes of BLAKE3, keyed by the session, of (offset, length, kind, body)
//! body
//! ```
//! The session and the record's own place are part of the checksum, so bytes that were once a good record elsewhere
//! (in another log, or further along in an older state of this one) are never taken for one here.

use super::StoreError;

/// Bytes before a record's body.
pub(super) const HEADER_BYTES: usize = 4 + 1 + CHECKSUM_BYTES;

const CHECKSUM_BYTES: usize = 8;

/// What a record is. The store keeps the order of records and their kinds; the session knows what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// Who founded the session: the first record of every log.
    Origin,
    /// One change of the document together with the voucher that covers it.
    Change,
    /// Proof that an actor signed two different changes for one place.
    Proof,
    /// A whole document with the vouchers for all of its actors: it stands for every record before it.
    Snapshot,
    /// The same document in the form in which it loads most quickly. Nothing is lost with it.
    Document,
}

impl RecordKind {
    /// The longest body that this kind may have, in bytes. A change is held to 1 MiB and a document to 64 MiB by the
    /// document's own gate; the rest is room for vouchers.
    pub const fn max_body_bytes(self) -> usize {
        match self {
            Self::Origin => 64 * 1024,
            Self::Change => (1 << 20) + 16 * 1024,
            Self::Proof => (2 << 20) + 64 * 1024,
            Self::Snapshot | Self::Document => (64 << 20) + (16 << 20),
        }
    }

    const fn code(self) -> u8 {
        match self {
            Self::Origin => 1,
            Self::Change => 2,
            Self::Proof => 3,
            Self::Snapshot => 4,
            Self::Document => 5,
        }
    }

    const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Origin),
            2 => Some(Self::Change),
            3 => Some(Self::Proof),
            4 => Some(Self::Snapshot),
            5 => Some(Self::Document),
            _ => None,
        }
    }
}

/// What ties checksums to one session's log.
#[derive(Debug, Clone)]
pub(super) struct ChecksumKey([u8; 32]);

impl ChecksumKey {
    pub(super) fn of_session(session: &str) -> Self {
        Self(blake3::derive_key("offbeat store 1 record checksum", session.as_bytes()))
    }

    fn checksum(&self, offset: u64, kind: u8, body: &[u8]) -> [u8; CHECKSUM_BYTES] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&offset.to_le_bytes());
        hasher.update(&(body.len() as u64).to_le_bytes());
        hasher.update(&[kind]);
        hasher.update(body);
        let mut checksum = [0; CHECKSUM_BYTES];
        hasher.finalize_xof().fill(&mut checksum);
        checksum
    }
}

/// Writes a record for the place `offset` at the end of `out`.
pub(super) fn encode(
    key: &ChecksumKey,
    offset: u64,
    kind: RecordKind,
    body: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), StoreError> {
    let max = kind.max_body_bytes();
    let len = u32::try_from(body.len()).ok().filter(|_| body.len() <= max);
    let len = len.ok_or(StoreError::RecordTooLong { kind, bytes: body.len(), max })?;
    out.reserve(HEADER_BYTES + body.len());
    out.extend_from_slice(&len.to_le_bytes());
    out.push(kind.code());
    out.extend_from_slice(&key.checksum(offset, kind.code(), body));
    out.extend_from_slice(body);
    Ok(())
}

/// The record that begins `bytes`, which stand at `offset` of the log: its kind and body, or `None` when these bytes
/// are no whole and undamaged record.
pub(super) fn decode<'a>(key: &ChecksumKey, offset: u64, bytes: &'a [u8]) -> Option<(RecordKind, &'a [u8])> {
    let (header, rest) = bytes.split_at_checked(HEADER_BYTES)?;
    let (len, header) = header.split_first_chunk::<4>()?;
    let (&code, checksum) = header.split_first()?;
    let kind = RecordKind::from_code(code)?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    let body = rest.get(..len).filter(|_| len <= kind.max_body_bytes())?;
    (key.checksum(offset, code, body) == checksum).then_some((kind, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_record() -> (ChecksumKey, Vec<u8>) {
        let key = ChecksumKey::of_session("a");
        let mut bytes = Vec::new();
        encode(&key, 100, RecordKind::Change, b"some edit", &mut bytes).unwrap();
        (key, bytes)
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let (key, bytes) = one_record();
        assert_eq!(decode(&key, 100, &bytes), Some((RecordKind::Change, &b"some edit"[..])));
    }

    #[test]
    fn a_record_with_any_bit_flipped_is_refused() {
        let (key, bytes) = one_record();
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&key, 100, &damaged), None, "bit {bit}");
        }
    }

    #[test]
    fn a_record_is_refused_in_another_place_another_session_or_cut_short() {
        let (key, bytes) = one_record();
        assert_eq!(decode(&key, 101, &bytes), None);
        assert_eq!(decode(&ChecksumKey::of_session("b"), 100, &bytes), None);
        for len in 0..bytes.len() {
            assert_eq!(decode(&key, 100, &bytes[..len]), None, "first {len} bytes");
        }
    }

    #[test]
    fn a_body_past_its_kinds_bound_is_refused_with_the_figures() {
        let key = ChecksumKey::of_session("a");
        let body = vec![0; RecordKind::Origin.max_body_bytes() + 1];
        let refused = encode(&key, 0, RecordKind::Origin, &body, &mut Vec::new()).unwrap_err();
        assert!(refused.to_string().contains("65537"), "{refused}");
    }
}
