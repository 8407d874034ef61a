//! Fixed-size fields, written and read one after the other.

use super::ImageError;
use crate::program::Span;
use crate::step::MAX_PITCH_SEMITONES;

/// Appends fields to a buffer.
pub(super) struct Writer<'a>(pub(super) &'a mut Vec<u8>);

impl Writer<'_> {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn f32(&mut self, value: f32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn span(&mut self, span: Span) {
        self.u16(span.start);
        self.u16(span.count);
    }
}

/// The fields that have not been read.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl Fields<'_> {
    pub(super) fn bytes<const N: usize>(&mut self, place: &'static str) -> Result<[u8; N], ImageError> {
        let (field, rest) = self.0.split_first_chunk::<N>().ok_or(ImageError::Truncated(place))?;
        self.0 = rest;
        Ok(*field)
    }

    pub(super) fn u8(&mut self, place: &'static str) -> Result<u8, ImageError> {
        self.bytes(place).map(|[byte]: [u8; 1]| byte)
    }

    pub(super) fn u16(&mut self, place: &'static str) -> Result<u16, ImageError> {
        self.bytes(place).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, place: &'static str) -> Result<u32, ImageError> {
        self.bytes(place).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, place: &'static str) -> Result<u64, ImageError> {
        self.bytes(place).map(u64::from_le_bytes)
    }

    pub(super) fn span(&mut self, place: &'static str) -> Result<Span, ImageError> {
        Ok(Span { start: self.u16(place)?, count: self.u16(place)? })
    }

    pub(super) fn count(&mut self, what: &'static str, max: usize) -> Result<usize, ImageError> {
        let count = usize::from(self.u16("header")?);
        if count <= max { Ok(count) } else { Err(ImageError::TooMany { what, count, max }) }
    }

    pub(super) fn flag(&mut self, place: &'static str, what: &'static str) -> Result<bool, ImageError> {
        self.byte_within(place, what, 0, 1).map(|byte| byte == 1)
    }

    pub(super) fn byte_within(
        &mut self,
        place: &'static str,
        what: &'static str,
        min: u8,
        max: u8,
    ) -> Result<u8, ImageError> {
        let byte = self.u8(place)?;
        if (min..=max).contains(&byte) { Ok(byte) } else { Err(ImageError::Range(what)) }
    }

    pub(super) fn semitones(&mut self, place: &'static str, what: &'static str) -> Result<i8, ImageError> {
        let value = self.u8(place)? as i8;
        let range = -MAX_PITCH_SEMITONES..=MAX_PITCH_SEMITONES;
        if range.contains(&value) { Ok(value) } else { Err(ImageError::Range(what)) }
    }

    /// A number in a range, which a NaN is not.
    pub(super) fn within(
        &mut self,
        place: &'static str,
        what: &'static str,
        min: f32,
        max: f32,
    ) -> Result<f32, ImageError> {
        let value = self.bytes(place).map(f32::from_le_bytes)?;
        if (min..=max).contains(&value) { Ok(value) } else { Err(ImageError::Range(what)) }
    }

    pub(super) fn share(&mut self, place: &'static str, what: &'static str) -> Result<f32, ImageError> {
        self.within(place, what, 0.0, 1.0)
    }
}
