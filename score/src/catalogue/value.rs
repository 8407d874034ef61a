//! Values of parameters: admitting, naming, showing, and the travel of a knob.

use super::parameter::{Parameter, Taper, Unit};
use super::parameter_rows::DELAY_TIMES;

/// A value that a parameter cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter} cannot be {given}: give {allowed}")]
pub struct ValueError {
    parameter: &'static str,
    given: String,
    allowed: String,
}

impl ValueError {
    fn refuse(parameter: &'static Parameter, given: String) -> Self {
        let Parameter { id, min, max, choices, taper, .. } = parameter;
        let allowed = match (choices.is_empty(), taper) {
            (false, _) => format!("one of {}", choices.join(", ")),
            (true, Taper::Stepped) => format!("a whole number from {min} to {max}"),
            (true, _) => format!("a number from {min} to {max}"),
        };
        Self { parameter: id, given, allowed }
    }
}

impl Parameter {
    /// The value nearest to `value` that the parameter can take; the default for NaN.
    pub fn clamp(&self, value: f32) -> f32 {
        let value = if value.is_nan() { self.default } else { value.clamp(self.min, self.max) };
        if self.taper == Taper::Stepped { value.round() } else { value }
    }

    /// `value`, if the parameter can take it.
    pub fn admit(&'static self, value: f32) -> Result<f32, ValueError> {
        let whole = self.taper != Taper::Stepped || value.fract() == 0.0;
        if whole && (self.min..=self.max).contains(&value) {
            Ok(value)
        } else {
            Err(ValueError::refuse(self, value.to_string()))
        }
    }

    /// The value that a text names: a choice's name, `on` or `off` for a switch, or a number in the
    /// parameter's unit.
    pub fn parse(&'static self, text: &str) -> Result<f32, ValueError> {
        let text = text.trim();
        if let Some(at) = self.choices.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return Ok(at as f32);
        }
        match (self.unit, text) {
            (Unit::Switch, "on" | "true") => Ok(1.0),
            (Unit::Switch, "off" | "false") => Ok(0.0),
            _ => text
                .parse::<f32>()
                .map_err(|_| ValueError::refuse(self, text.chars().take(40).collect()))
                .and_then(|number| self.admit(number)),
        }
    }

    /// The value as text that [`Parameter::parse`] reads back: a choice's name, `on`, `off`, or a number.
    pub fn text(&self, value: f32) -> String {
        let value = self.clamp(value);
        match self.unit {
            Unit::Choice => self.choices.get(value as usize).map_or_else(String::new, ToString::to_string),
            Unit::Switch => if value >= 0.5 { "on" } else { "off" }.to_owned(),
            _ => value.to_string(),
        }
    }

    /// The value as a player reads it, with its unit.
    pub fn show(&self, value: f32) -> String {
        let value = self.clamp(value);
        match self.unit {
            Unit::Choice | Unit::Switch => self.text(value),
            Unit::Percent => format!("{:.0} %", value * 100.0),
            Unit::Hertz if value >= 1_000.0 => format!("{:.2} kHz", value / 1_000.0),
            Unit::Hertz => format!("{value:.1} Hz"),
            Unit::Seconds if value < 1.0 => format!("{:.1} ms", value * 1_000.0),
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Semitones => format!("{value:+.1} st"),
            Unit::Cents => format!("{value:+.0} ct"),
            Unit::Decibels => format!("{value:+.1} dB"),
            Unit::Ratio => format!("× {value:.2}"),
            Unit::Index => format!("{value:.1}"),
            Unit::Count => format!("{value:.0}"),
            Unit::Pan if value == 0.0 => "centre".to_owned(),
            Unit::Pan => {
                format!("{:.0} % {}", value.abs() * 100.0, if value < 0.0 { "left" } else { "right" })
            }
        }
    }

    /// Where a knob stands for `value`, from 0 to 1. For interfaces: a value is stored, never a position, so
    /// that the platform's logarithm decides nothing that is heard.
    pub fn position(&self, value: f32) -> f32 {
        let value = self.clamp(value);
        match self.taper {
            Taper::Logarithmic => (value / self.min).ln() / (self.max / self.min).ln(),
            Taper::Linear | Taper::Stepped => (value - self.min) / (self.max - self.min),
        }
    }

    /// The value of a knob that stands at `position`, from 0 to 1.
    pub fn value_at(&self, position: f32) -> f32 {
        let position = position.clamp(0.0, 1.0);
        self.clamp(match self.taper {
            Taper::Logarithmic => self.min * (self.max / self.min).powf(position),
            Taper::Linear | Taper::Stepped => self.min + (self.max - self.min) * position,
        })
    }
}

/// The length in beats (quarter notes) of a choice of `delay.time`; an eighth for a choice past the list.
pub fn delay_time_beats(choice: f32) -> f32 {
    const BEATS: [f32; DELAY_TIMES.len()] = [
        1.0 / 12.0,
        0.125,
        1.0 / 6.0,
        0.1875,
        0.25,
        1.0 / 3.0,
        0.375,
        0.5,
        2.0 / 3.0,
        0.75,
        1.0,
        4.0 / 3.0,
        1.5,
        2.0,
        8.0 / 3.0,
        3.0,
        4.0,
    ];
    BEATS.get(choice as usize).copied().unwrap_or(0.5)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "values are stored and read back, never computed")]
mod tests {
    use super::*;
    use crate::catalogue::{PARAMETERS, parameter};

    #[test]
    fn text_reads_back_for_every_parameter() {
        for row in &PARAMETERS {
            for value in [row.min, row.default, row.max] {
                assert_eq!(row.parse(&row.text(value)), Ok(value), "{}", row.id);
                assert!(!row.show(value).is_empty());
            }
        }
    }

    #[test]
    fn a_knob_returns_to_where_it_stood() {
        for row in &PARAMETERS {
            for value in [row.min, row.default, row.max] {
                let back = row.value_at(row.position(value));
                assert!((back - value).abs() <= 1e-4 * row.max.abs().max(1.0), "{}: {value} {back}", row.id);
            }
        }
    }

    #[test]
    fn absurd_values_are_refused_by_name_and_clamped_on_reading() {
        let feedback = parameter("delay.feedback").expect("a row");
        assert_eq!(feedback.clamp(f32::NAN), 0.3);
        assert_eq!(feedback.clamp(7.0), 0.95);
        let refusal = feedback.parse("7").expect_err("out of range").to_string();
        assert_eq!(refusal, "delay.feedback cannot be 7: give a number from 0 to 0.95");
        let mode = parameter("filter.mode").expect("a row");
        assert_eq!(mode.parse("HighPass"), Ok(1.0));
        assert!(mode.parse("comb").expect_err("no such mode").to_string().contains("lowpass, highpass"));
        assert!(mode.parse("0.5").is_err());
        assert!(mode.parse("NaN").is_err());
    }

    #[test]
    fn delay_times_grow_and_their_names_say_their_length() {
        for (at, name) in DELAY_TIMES.iter().enumerate() {
            let plain = name.trim_end_matches(['t', '.']);
            let below: f32 = plain.strip_prefix("1/").and_then(|n| n.parse().ok()).expect("1/n");
            let factor = if name.ends_with('t') {
                2.0 / 3.0
            } else if name.ends_with('.') {
                1.5
            } else {
                1.0
            };
            assert!((delay_time_beats(at as f32) - 4.0 / below * factor).abs() < 1e-6, "{name}");
            assert!(at == 0 || delay_time_beats(at as f32) > delay_time_beats(at as f32 - 1.0));
        }
        assert_eq!(delay_time_beats(f32::NAN), delay_time_beats(0.0));
        assert_eq!(delay_time_beats(1e9), 0.5);
    }
}
