//! How an effect's value is written: bare where people read, tagged in compact formats.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::track::EffectValue;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bare {
    Number(f64),
    Text(String),
}

#[derive(Serialize, Deserialize)]
enum Tagged {
    Number(f64),
    Text(String),
}

impl Serialize for EffectValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (serializer.is_human_readable(), self.clone()) {
            (true, Self::Number(number)) => Bare::Number(number).serialize(serializer),
            (true, Self::Text(text)) => Bare::Text(text).serialize(serializer),
            (false, Self::Number(number)) => Tagged::Number(number).serialize(serializer),
            (false, Self::Text(text)) => Tagged::Text(text).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for EffectValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Bare::deserialize(deserializer).map(|bare| match bare {
                Bare::Number(number) => Self::Number(number),
                Bare::Text(text) => Self::Text(text),
            })
        } else {
            Tagged::deserialize(deserializer).map(|tagged| match tagged {
                Tagged::Number(number) => Self::Number(number),
                Tagged::Text(text) => Self::Text(text),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_what_they_write_bare_and_tagged() {
        for value in [EffectValue::Number(0.5), EffectValue::Text("1/8".to_owned())] {
            let bytes = postcard::to_allocvec(&value).unwrap();
            assert_eq!(postcard::from_bytes::<EffectValue>(&bytes).unwrap(), value);
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<EffectValue>(&text).unwrap(), value);
        }
        assert_eq!(serde_json::to_string(&EffectValue::Number(0.5)).unwrap(), "0.5");
    }
}
