//! Bytes written as digits of a power of two: hexadecimal and base32 (RFC 4648), in lower case and without padding.
//!
//! A general encoder is a twentieth of all the code that a page waits for; these two are all that ids need.

/// How bytes are written.
pub(crate) struct Digits {
    alphabet: &'static [u8],
    bits: u32,
}

/// Four bits a digit.
pub(crate) const HEXADECIMAL: Digits = Digits { alphabet: b"0123456789abcdef", bits: 4 };
/// Five bits a digit.
pub(crate) const BASE32: Digits = Digits { alphabet: b"abcdefghijklmnopqrstuvwxyz234567", bits: 5 };

impl Digits {
    /// The digit of a value's low bits.
    pub(crate) const fn digit(&self, value: u64) -> u8 {
        self.alphabet[value as usize & (self.alphabet.len() - 1)]
    }

    /// Whether it is a digit as they are written.
    pub(crate) fn has(&self, digit: u8) -> bool {
        self.alphabet.contains(&digit)
    }

    /// What a digit of either case stands for.
    fn value(&self, digit: u8) -> Option<u32> {
        let digit = digit.to_ascii_lowercase();
        self.alphabet.iter().position(|known| *known == digit).map(|value| value as u32)
    }

    /// The bytes as digits, the last one filled up with zeros.
    pub(crate) fn write(&self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity((bytes.len() * 8).div_ceil(self.bits as usize));
        let (mut held, mut held_bits) = (0_u32, 0);
        for byte in bytes {
            held = held << 8 | u32::from(*byte);
            held_bits += 8;
            while held_bits >= self.bits {
                held_bits -= self.bits;
                text.push(char::from(self.digit(u64::from(held >> held_bits))));
            }
        }
        if held_bits > 0 {
            text.push(char::from(self.digit(u64::from(held << (self.bits - held_bits)))));
        }
        text
    }

    /// The bytes that these digits, of either case, are the one spelling of.
    pub(crate) fn read<const N: usize>(&self, text: &str) -> Option<[u8; N]> {
        if text.len() != (N * 8).div_ceil(self.bits as usize) {
            return None;
        }
        let (mut bytes, mut filled) = ([0; N], 0);
        let (mut held, mut held_bits) = (0_u32, 0);
        for digit in text.bytes() {
            held = held << self.bits | self.value(digit)?;
            held_bits += self.bits;
            if held_bits >= 8 {
                held_bits -= 8;
                *bytes.get_mut(filled)? = (held >> held_bits) as u8;
                filled += 1;
                held &= (1 << held_bits) - 1;
            }
        }
        // Otherwise a value would have several spellings.
        (filled == N && held == 0).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE32_NOPAD, HEXLOWER};

    use super::*;

    #[test]
    fn bytes_are_written_as_the_standard_says() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|at| at.wrapping_mul(151).wrapping_add(length)).collect();
            assert_eq!(BASE32.write(&bytes), BASE32_NOPAD.encode(&bytes).to_ascii_lowercase());
            assert_eq!(HEXADECIMAL.write(&bytes), HEXLOWER.encode(&bytes));
        }
    }

    #[test]
    fn what_was_written_reads_back_in_either_case() {
        let bytes: [u8; 16] = core::array::from_fn(|at| at as u8 * 17);
        for digits in [BASE32, HEXADECIMAL] {
            let text = digits.write(&bytes);
            assert_eq!(digits.read(&text), Some(bytes));
            assert_eq!(digits.read(&text.to_ascii_uppercase()), Some(bytes));
            assert_eq!(digits.read::<16>(&text[1..]), None);
            assert_eq!(digits.read::<16>(&text.replace('a', "!")), None);
        }
    }

    #[test]
    fn a_value_has_one_spelling() {
        assert_eq!(BASE32.read(&format!("{}a", "a".repeat(25))), Some([0; 16]));
        assert_eq!(BASE32.read::<16>(&format!("{}b", "a".repeat(25))), None);
    }
}
