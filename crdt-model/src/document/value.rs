//! Registers as plain values: what is out of range is clamped, what has the wrong type counts as absent.

use std::str::FromStr;

use automerge::{ScalarValue, Value};
use score::text::clean_name;

/// The scalar in a register, if there is one.
pub(crate) fn scalar<'a>(value: &'a Value<'_>) -> Option<&'a ScalarValue> {
    if let Value::Scalar(scalar) = value { Some(scalar.as_ref()) } else { None }
}

/// Integer and float alike; never NaN.
pub(crate) fn number(value: Option<&ScalarValue>) -> Option<f64> {
    match value? {
        ScalarValue::F64(value) if value.is_nan() => None,
        ScalarValue::F64(value) => Some(*value),
        ScalarValue::Int(value) => Some(*value as f64),
        ScalarValue::Uint(value) => Some(*value as f64),
        _ => None,
    }
}

/// A number in a range; `-0` reads as `0`, so that equal sessions have equal bytes.
pub(crate) fn number_in(value: Option<&ScalarValue>, min: f32, max: f32) -> Option<f32> {
    number(value).map(|value| (value as f32).clamp(min, max) + 0.0)
}

/// The whole number nearest to what a register holds, in a range.
pub(crate) fn integer_in(value: Option<&ScalarValue>, min: i64, max: i64) -> Option<i64> {
    match value? {
        ScalarValue::Int(value) => Some((*value).clamp(min, max)),
        ScalarValue::Uint(value) => Some(i64::try_from(*value).unwrap_or(i64::MAX).clamp(min, max)),
        other => number(Some(other)).map(|value| (value.round() as i64).clamp(min, max)),
    }
}

/// A number without any range but finiteness.
pub(crate) fn finite(value: Option<&ScalarValue>) -> Option<f64> {
    number(value).filter(|value| value.is_finite()).map(|value| value + 0.0)
}

pub(crate) fn unsigned(value: Option<&ScalarValue>) -> Option<u64> {
    match value? {
        ScalarValue::Uint(value) => Some(*value),
        other => integer_in(Some(other), 0, i64::MAX).map(|value| value as u64),
    }
}

pub(crate) fn flag(value: Option<&ScalarValue>) -> Option<bool> {
    if let ScalarValue::Boolean(value) = value? { Some(*value) } else { None }
}

pub(crate) fn text(value: Option<&ScalarValue>) -> Option<&str> {
    if let ScalarValue::Str(value) = value? { Some(value.as_str()) } else { None }
}

/// A text fit to be shown.
pub(crate) fn name(value: Option<&ScalarValue>, max_chars: usize) -> Option<String> {
    text(value).map(|text| clean_name(text, max_chars))
}

/// What a text names, in any of its spellings.
pub(crate) fn parsed<T: FromStr>(value: Option<&ScalarValue>) -> Option<T> {
    text(value)?.parse().ok()
}

/// A whole number in its one spelling: were `+3` and `3` both read, two registers would speak of one thing.
pub(crate) fn canonical<T: FromStr + ToString>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_read_alike_and_are_clamped() {
        assert_eq!(integer_in(Some(&ScalarValue::F64(3.4)), -24, 24), Some(3));
        assert_eq!(integer_in(Some(&ScalarValue::Uint(u64::MAX)), -24, 24), Some(24));
        assert_eq!(integer_in(Some(&ScalarValue::F64(f64::NEG_INFINITY)), -24, 24), Some(-24));
        assert_eq!(number_in(Some(&ScalarValue::Int(7)), 0.0, 1.0), Some(1.0));
    }

    #[test]
    fn nan_and_wrong_types_count_as_absent() {
        assert_eq!(number(Some(&ScalarValue::F64(f64::NAN))), None);
        assert_eq!(number(Some(&ScalarValue::Str("3".into()))), None);
        assert_eq!(finite(Some(&ScalarValue::F64(f64::INFINITY))), None);
        assert_eq!(flag(Some(&ScalarValue::Int(1))), None);
    }

    #[test]
    fn numbers_in_keys_have_one_spelling() {
        assert_eq!(canonical::<i8>("-3"), Some(-3));
        assert_eq!(canonical::<i8>("+3"), None);
        assert_eq!(canonical::<u16>("03"), None);
    }
}
