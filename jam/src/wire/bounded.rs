//! Reading lists, bytes and texts with a bound.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// Room made for a list before its elements are seen, in elements; the list grows past it as they come.
const FIRST_ROOM: usize = 256;

/// Reads a list of at most `MAX` elements.
pub(super) fn list<'de, const MAX: usize, T, D>(from: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    from.deserialize_seq(List::<MAX, T>(PhantomData))
}

struct List<const MAX: usize, T>(PhantomData<T>);

impl<'de, const MAX: usize, T: Deserialize<'de>> Visitor<'de> for List<MAX, T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "at most {MAX} elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let declared = elements.size_hint().unwrap_or(0);
        if declared > MAX {
            return Err(A::Error::invalid_length(declared, &self));
        }
        let mut list = Vec::with_capacity(declared.min(FIRST_ROOM));
        while let Some(element) = elements.next_element()? {
            if list.len() == MAX {
                return Err(A::Error::invalid_length(MAX + 1, &self));
            }
            list.push(element);
        }
        Ok(list)
    }
}

/// Reads at most `MAX` bytes.
pub(super) fn bytes<'de, const MAX: usize, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let bytes = <&[u8]>::deserialize(from)?;
    if bytes.len() > MAX {
        return Err(D::Error::custom(format_args!("{} bytes where {MAX} are allowed", bytes.len())));
    }
    Ok(bytes.to_vec())
}

/// Reads a text of at most `MAX` bytes.
pub(super) fn text<'de, const MAX: usize, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = <&str>::deserialize(from)?;
    if text.len() > MAX {
        return Err(D::Error::custom(format_args!("a text of {} bytes where {MAX} are allowed", text.len())));
    }
    Ok(text.to_owned())
}
