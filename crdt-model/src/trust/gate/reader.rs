//! Reading the bytes of a chunk: every read is checked, nothing is allocated.

use crate::trust::Refusal;

/// A cursor over foreign bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::trust) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(in crate::trust) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(in crate::trust) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(in crate::trust) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(in crate::trust) fn byte(&mut self) -> Result<u8, Refusal> {
        let (&byte, rest) = self.rest.split_first().ok_or(Refusal::Malformed("the bytes end early"))?;
        self.rest = rest;
        Ok(byte)
    }

    pub(in crate::trust) fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Refusal> {
        let (array, rest) = self.rest.split_first_chunk().ok_or(Refusal::Malformed("the bytes end early"))?;
        self.rest = rest;
        Ok(array)
    }

    pub(in crate::trust) fn take(&mut self, length: u64) -> Result<&'a [u8], Refusal> {
        let length =
            usize::try_from(length).map_err(|_| Refusal::Malformed("a length reaches past the bytes"))?;
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(Refusal::Malformed("a length reaches past the bytes"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// A LEB128 number in its only shortest form (DWARF 4, section 7.6).
    pub(in crate::trust) fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && byte > 1 {
                return Err(Refusal::Malformed("a number of more than 64 bits"));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { Err(OVERLONG) } else { Ok(value) };
            }
        }
        Err(Refusal::Malformed("a number of more than 64 bits"))
    }

    /// A signed LEB128 number in its only shortest form.
    pub(in crate::trust) fn signed(&mut self) -> Result<i64, Refusal> {
        let (mut value, mut previous) = (0i64, 0u8);
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(Refusal::Malformed("a number of more than 64 bits"));
            }
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let repeats_sign =
                    (byte == 0 && previous & 0x40 == 0) || (byte == 0x7f && previous & 0x40 != 0);
                if shift > 0 && repeats_sign {
                    return Err(OVERLONG);
                }
                let unset = 64u32.saturating_sub(shift + 7);
                return Ok((value << unset) >> unset);
            }
            previous = byte;
        }
        Err(Refusal::Malformed("a number of more than 64 bits"))
    }

    /// A list's length, at most `max`.
    pub(in crate::trust) fn count(&mut self, max: usize, what: &'static str) -> Result<usize, Refusal> {
        let count = self.unsigned()?;
        usize::try_from(count).ok().filter(|&count| count <= max).ok_or(Refusal::Malformed(what))
    }
}

const OVERLONG: Refusal = Refusal::Malformed("a number not in its shortest form");

/// Appends `value` as LEB128.
pub(in crate::trust) fn write_unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends `value` as signed LEB128.
pub(in crate::trust) fn write_signed(mut value: i64, out: &mut Vec<u8>) {
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unsigned(bytes: &[u8]) -> Result<u64, Refusal> {
        Reader::new(bytes).unsigned()
    }

    fn signed(bytes: &[u8]) -> Result<i64, Refusal> {
        Reader::new(bytes).signed()
    }

    proptest! {
        #[test]
        fn a_number_reads_as_written(value: u64) {
            let mut bytes = Vec::new();
            write_unsigned(value, &mut bytes);
            prop_assert_eq!(unsigned(&bytes), Ok(value));
        }

        #[test]
        fn a_signed_number_reads_as_written(value: i64) {
            let mut bytes = Vec::new();
            write_signed(value, &mut bytes);
            prop_assert_eq!(signed(&bytes), Ok(value));
        }
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(unsigned(&[0x80, 0x01]), Ok(128));
        assert_eq!(unsigned(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Ok(u64::MAX));
        assert_eq!(unsigned(&[0x81, 0x00]), Err(OVERLONG));
        assert!(unsigned(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]).is_err());
        assert!(unsigned(&[0xff]).is_err());
        assert_eq!(signed(&[0x7f]), Ok(-1));
        assert_eq!(signed(&[0x3f]), Ok(63));
        assert_eq!(signed(&[0xbf, 0x7f]), Ok(-65));
        assert_eq!(signed(&[0xff, 0x00]), Ok(127));
        assert_eq!(signed(&[0xff, 0x7f]), Err(OVERLONG));
        assert_eq!(signed(&[0xbf, 0x00]), Err(OVERLONG));
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(signed(&least), Ok(i64::MIN));
        let greatest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];
        assert_eq!(signed(&greatest), Ok(i64::MAX));
    }

    #[test]
    fn a_length_past_the_end_is_refused() {
        assert!(Reader::new(&[1, 2]).take(3).is_err());
        assert!(Reader::new(&[1, 2]).take(u64::MAX).is_err());
        assert!(Reader::new(&[1, 2]).array::<3>().is_err());
    }
}
