//! Fractional indices: texts between any two of which there is room for another.
//!
//! A thing is moved by writing one text that sorts between those of its neighbours, so that moves made at once merge. The texts
//! are fractions in base 62, most significant digit first, without trailing zeros.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The longest index that is written or read, in characters; where one would grow past it, the whole list is spread out again.
pub(crate) const MAX_ORDER_CHARS: usize = 48;

/// Whether a text is an index that this version could have written. Between others there may be no room.
fn is_index(text: &str) -> bool {
    text.len() <= MAX_ORDER_CHARS
        && !text.is_empty()
        && !text.ends_with('0')
        && text.bytes().all(|byte| DIGITS.contains(&byte))
}

/// An index between two, the ends of the list where there are none. `None` when there is no room: equal, in the wrong
/// order, written by something else, or grown too long.
pub(crate) fn between(after: Option<&str>, before: Option<&str>) -> Option<String> {
    if ![after, before].into_iter().flatten().all(is_index) {
        return None;
    }
    if after.zip(before).is_some_and(|(after, before)| after >= before) {
        return None;
    }
    let index = midpoint(after.unwrap_or_default().as_bytes(), before.map(str::as_bytes));
    (index.len() <= MAX_ORDER_CHARS).then_some(index)
}

/// A fraction between `low` and `high` (one, where there is none), with as few digits as it takes.
fn midpoint(low: &[u8], mut high: Option<&[u8]>) -> String {
    let mut middle = String::new();
    for at in 0.. {
        let low_digit = low.get(at).map_or(0, |&byte| digit(byte));
        let high_digit = high.map_or(DIGITS.len(), |high| high.get(at).map_or(0, |&byte| digit(byte)));
        if high_digit > low_digit + 1 {
            middle.push(char::from(DIGITS[usize::midpoint(low_digit, high_digit)]));
            break;
        }
        middle.push(char::from(DIGITS[low_digit]));
        if low_digit < high_digit {
            high = None;
        }
    }
    middle
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|&known| known == byte).unwrap_or(0)
}

/// `count` ascending indices, evenly spread.
pub(crate) fn spread(count: usize) -> Vec<String> {
    let (mut places, mut all) = (1, DIGITS.len());
    while all <= count {
        (places, all) = (places + 1, all.saturating_mul(DIGITS.len()));
    }
    (1..=count).map(|nth| fraction(all / (count + 1) * nth, places)).collect()
}

/// `value / 62^places` as digits without trailing zeros.
fn fraction(mut value: usize, places: usize) -> String {
    let mut digits = vec![b'0'; places];
    for place in digits.iter_mut().rev() {
        *place = DIGITS[value % 62];
        value /= 62;
    }
    String::from_utf8_lossy(&digits).trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_first_index_stands_in_the_middle() {
        assert_eq!(between(None, None).unwrap(), "V");
    }

    #[test]
    fn there_is_no_room_between_equals_or_foreign_texts() {
        assert_eq!(between(Some("V"), Some("V")), None);
        assert_eq!(between(Some("k"), Some("V")), None);
        assert_eq!(between(Some("1"), Some("10")), None);
        assert_eq!(between(Some("é"), None), None);
        assert_eq!(between(Some(""), None), None);
    }

    #[test]
    fn a_list_of_any_length_is_spread_in_order() {
        for count in [0, 1, 2, 61, 62, 63, 500, 5_000] {
            let indices = spread(count);
            assert_eq!(indices.len(), count);
            assert!(indices.iter().all(|index| is_index(index)), "{count}");
            assert!(indices.is_sorted_by(|a, b| a < b), "{count}");
        }
    }

    proptest! {
        #[test]
        fn insertions_anywhere_keep_the_order(places in proptest::collection::vec(0_usize..50, 1..200)) {
            let mut list: Vec<String> = Vec::new();
            for place in places {
                let at = place % (list.len() + 1);
                let after = at.checked_sub(1).map(|before| list[before].as_str());
                match between(after, list.get(at).map(String::as_str)) {
                    Some(index) => list.insert(at, index),
                    None => list = spread(list.len()),
                }
                prop_assert!(list.is_sorted_by(|a, b| a < b));
                prop_assert!(list.iter().all(|index| is_index(index)));
            }
        }
    }
}
