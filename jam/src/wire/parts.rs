//! Bodies longer than a frame, in parts.

use serde::{Deserialize, Serialize};

use super::{Kind, WireError, bounded};
use crate::limits::{MAX_BODY_BYTES, MAX_FRAME_BYTES, PART_BYTES};

/// One part of a message longer than a frame.
///
/// The parts of one message follow each other in order; other messages may stand between them, parts of another body may not.
/// Put together they are a frame, kind byte and all, that may be longer than a frame otherwise is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Tells the bodies of one link apart: the sender counts.
    pub id: u32,
    /// Which part, from 0.
    pub index: u32,
    /// How many parts there are, at least 2.
    pub count: u32,
    /// Exactly [`PART_BYTES`] bytes, but for the last part, which has at least one.
    #[serde(deserialize_with = "bounded::bytes::<PART_BYTES, _>")]
    pub bytes: Vec<u8>,
}

/// Cuts an encoded message that is longer than a frame into parts.
pub fn split(id: u32, body: &[u8]) -> impl Iterator<Item = Part> {
    let count = body.len().div_ceil(PART_BYTES) as u32;
    body.chunks(PART_BYTES).zip(0..).map(move |(bytes, index)| Part {
        id,
        index,
        count,
        bytes: bytes.to_vec(),
    })
}

/// Puts the parts of one link together: one body at a time, no more memory than has arrived.
#[derive(Debug, Default)]
pub struct Assembly {
    open: Option<OpenBody>,
}

#[derive(Debug)]
struct OpenBody {
    id: u32,
    count: u32,
    next: u32,
    bytes: Vec<u8>,
}

impl Assembly {
    /// Adds a part. Returns the body once it is whole.
    ///
    /// # Errors
    /// [`WireError::PartOutOfPlace`], [`WireError::BodyTooLong`], or [`WireError::UnknownKind`]; what was gathered is dropped.
    pub fn add(&mut self, part: &Part) -> Result<Option<Vec<u8>>, WireError> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => OpenBody::start(part)?,
        };
        open.add(part)?;
        if open.next == open.count {
            return Ok(Some(open.bytes));
        }
        self.open = Some(open);
        Ok(None)
    }

    /// Bytes gathered.
    pub fn held_bytes(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.bytes.len())
    }
}

impl OpenBody {
    /// The first part says the kind of the whole, and so how long it may be.
    fn start(part: &Part) -> Result<Self, WireError> {
        let kind = Kind::of(&part.bytes)?;
        let longest = kind.max_bytes().min(MAX_BODY_BYTES);
        if longest <= MAX_FRAME_BYTES || part.count as usize > longest.div_ceil(PART_BYTES) {
            return Err(WireError::BodyTooLong(part.count));
        }
        Ok(Self { id: part.id, count: part.count, next: 0, bytes: Vec::new() })
    }

    fn add(&mut self, part: &Part) -> Result<(), WireError> {
        let last = part.index.checked_add(1) == Some(part.count);
        let full = part.bytes.len() == PART_BYTES || (last && !part.bytes.is_empty());
        let expected = (self.id, self.next, self.count) == (part.id, part.index, part.count);
        if !expected || !full || part.count < 2 {
            let Part { id, index, count, .. } = *part;
            return Err(WireError::PartOutOfPlace { id, index, count });
        }
        self.next += 1;
        self.bytes.extend_from_slice(&part.bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(length: usize) -> Vec<u8> {
        let mut body: Vec<u8> = (0..length).map(|i| (i / 7) as u8).collect();
        body[0] = Kind::Document as u8;
        body
    }

    #[test]
    fn a_body_comes_out_as_it_went_in() {
        let body = body(3 * PART_BYTES + 1);
        let mut assembly = Assembly::default();
        let mut whole = None;
        for part in split(7, &body) {
            assert!(whole.is_none());
            whole = assembly.add(&part).unwrap();
        }
        assert_eq!(whole.unwrap(), body);
        assert_eq!(assembly.held_bytes(), 0);
    }

    #[test]
    fn parts_out_of_place_are_refused_and_what_was_held_is_dropped() {
        let parts: Vec<Part> = split(7, &body(3 * PART_BYTES)).collect();
        let mut assembly = Assembly::default();
        assembly.add(&parts[0]).unwrap();
        assert!(assembly.add(&parts[2]).is_err());
        assert_eq!(assembly.held_bytes(), 0);
        assert!(assembly.add(&parts[1]).is_err(), "a body starts with its first part");
        let short = Part { bytes: vec![Kind::Document as u8], ..parts[0].clone() };
        assert!(assembly.add(&short).is_err(), "only the last part may be short");
    }

    #[test]
    fn a_declared_length_is_checked_before_anything_is_kept() {
        let first = |count, kind: u8| Part { id: 0, index: 0, count, bytes: vec![kind; PART_BYTES] };
        let mut assembly = Assembly::default();
        assert_eq!(
            assembly.add(&first(u32::MAX, Kind::Document as u8)),
            Err(WireError::BodyTooLong(u32::MAX))
        );
        assert_eq!(assembly.add(&first(2, Kind::Presence as u8)), Err(WireError::BodyTooLong(2)));
        assert_eq!(assembly.add(&first(2, 99)), Err(WireError::UnknownKind(99)));
        assert!(assembly.add(&first(1, Kind::Document as u8)).is_err(), "one part is a frame");
    }
}
