//! Numbers as JSON holds them: whole ones without a fraction, so that each value has one spelling.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whole numbers up to here are written as integers; they fit every reader's floating point.
const MAX_WHOLE: f64 = 1e15;

/// A number of double precision.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Number(pub(super) f64);

/// A number of single precision, written with as few digits as tell it apart from its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Single(pub(super) f32);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match whole(self.0) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl Serialize for Single {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match whole(self.0.into()) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f32(self.0),
        }
    }
}

fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= MAX_WHOLE).then_some(value as i64)
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Single {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f32::deserialize(deserializer).map(Self)
    }
}
