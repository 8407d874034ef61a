//! The fields of an object in a file that may hold anything.

use score::text::clean_name;
use serde_json::{Map, Value};

use crate::exchange::report::{Report, shown};

/// An object's fields, with the report that tells what is wrong in them.
pub(super) struct Fields<'a> {
    place: &'a str,
    object: &'a Map<String, Value>,
    report: &'a mut Report,
}

impl<'a> Fields<'a> {
    pub(super) fn of(place: &'a str, object: &'a Map<String, Value>, report: &'a mut Report) -> Self {
        Self { place, object, report }
    }

    /// A field that is there, and not null.
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// A number, brought into its range.
    pub(super) fn number(&mut self, key: &str, min: f64, max: f64) -> Option<f64> {
        let value = self.get(key)?;
        let Some(number) = value.as_f64() else {
            self.report.add(self.place, format!("{key} {}", brief(value)), "it is no number: left out");
            return None;
        };
        let clamped = number.clamp(min, max);
        if number < min || number > max {
            let why = format!("it must lie between {min} and {max}: {clamped} is used");
            self.report.add(self.place, format!("{key} {number}"), why);
        }
        Some(clamped)
    }

    /// A whole number, rounded and brought into its range.
    pub(super) fn whole(&mut self, key: &str, min: i64, max: i64) -> Option<i64> {
        let number = self.number(key, min as f64, max as f64)?;
        let rounded = nearest_whole(number);
        if number.fract() != 0.0 {
            self.report.add(
                self.place,
                format!("{key} {number}"),
                format!("it is not whole: {rounded} is used"),
            );
        }
        Some(rounded)
    }

    pub(super) fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.report.add(
                self.place,
                format!("{key} {}", brief(value)),
                "it is neither true nor false: left out",
            );
            false
        })
    }

    /// A text without what names cannot hold; empty where there is none.
    pub(super) fn name(&mut self, key: &str, max_chars: usize) -> String {
        let Some(value) = self.get(key) else { return String::new() };
        let Some(text) = value.as_str() else {
            self.report.add(self.place, format!("{key} {}", brief(value)), "it is no text: left out");
            return String::new();
        };
        let cleaned = clean_name(text, max_chars);
        if cleaned != text {
            let why = format!("names have up to {max_chars} characters, none of them for control");
            self.report.add(
                self.place,
                format!("{key} `{}`", shown(text)),
                format!("{why}: `{cleaned}` is used"),
            );
        }
        cleaned
    }

    /// Reports every field but the known ones.
    pub(super) fn report_others(&mut self, known: &[&str]) {
        for (key, value) in self.object {
            if !known.contains(&key.as_str()) && !value.is_null() {
                self.report.add(self.place, shown(key), "sessions have no such thing: left out");
            }
        }
    }
}

/// The nearest whole number of a value that a range has bounded.
fn nearest_whole(value: f64) -> i64 {
    (if value < 0.0 { value - 0.5 } else { value + 0.5 }) as i64
}

/// A value as a report repeats it.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::Array(_) => "(a list)".to_owned(),
        Value::Object(_) => "(an object)".to_owned(),
        Value::String(text) => format!("`{}`", shown(text)),
        other => other.to_string(),
    }
}
