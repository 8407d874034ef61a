//! How knobs turn, and what is typed into them.

use score::catalogue::{Parameter, Taper, Unit};

/// A vertical drag over this many pixels is a knob's whole travel.
const TRAVEL_PIXELS: f64 = 180.0;
/// What a notch of the wheel or an arrow key moves a knob by, as a share of its travel, and the same with Shift.
const NOTCH: (f32, f32) = (0.02, 0.002);

/// A value as it is stored: no more digits than anybody can hear.
pub(crate) fn settled(parameter: &Parameter, value: f32) -> f64 {
    let value = f64::from(parameter.clamp(value));
    if value == 0.0 || parameter.taper == Taper::Stepped {
        return value;
    }
    let scale = 10f64.powi(3 - value.abs().log10().floor() as i32);
    ((value * scale).round() / scale).clamp(parameter.min.into(), parameter.max.into())
}

/// So many notches on (or back).
pub(crate) fn nudged(parameter: &Parameter, value: f32, notches: f32, fine: bool) -> f32 {
    if parameter.taper == Taper::Stepped {
        return parameter.clamp(value + notches);
    }
    let notch = if fine { NOTCH.1 } else { NOTCH.0 };
    parameter.value_at(parameter.position(value) + notches * notch)
}

/// After a vertical drag so far up, in pixels, from where the knob stood.
pub(crate) fn dragged(parameter: &Parameter, from: f32, rise: f64, fine: bool) -> f32 {
    let travel = if fine { TRAVEL_PIXELS * 10.0 } else { TRAVEL_PIXELS };
    parameter.value_at(parameter.position(from) + (rise / travel) as f32)
}

/// Where the filled part of a knob begins and ends, 0..=1: from the middle where both sides mean something.
pub(crate) fn arc(parameter: &Parameter, value: f32) -> (f32, f32) {
    let at = parameter.position(value);
    let is_even = parameter.min < 0.0 && parameter.max > 0.0
        || parameter.unit == Unit::Ratio && parameter.default > parameter.min;
    let origin = if is_even { parameter.position(parameter.default) } else { 0.0 };
    (origin.min(at), origin.max(at))
}

/// What a player has typed into a knob that stands at `present`: a number, with its unit or in that of what is shown.
pub(crate) fn typed(parameter: &Parameter, present: f32, text: &str) -> Option<f32> {
    let text = text.trim().replace('\u{2212}', "-").replace(',', ".").to_lowercase();
    if let Some(choice) = parameter.choices.iter().position(|name| *name == text) {
        return Some(choice as f32);
    }
    let start = text.find(|c: char| c.is_ascii_digit() || "+-.".contains(c))?;
    let end = text[start..].find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c)));
    let (number, unit) = text[start..].split_at(end.unwrap_or(text.len() - start));
    let number: f32 = number.parse().ok()?;
    let shown = parameter.show(present).to_lowercase();
    let unit = unit.trim();
    let has = |word: &str| if unit.is_empty() { shown.ends_with(word) } else { unit == word };
    let value = match parameter.unit {
        Unit::Pan if unit.starts_with('l') || text.starts_with('l') => -number.abs() / 100.0,
        Unit::Percent | Unit::Pan => number / 100.0,
        Unit::Hertz if has("khz") || unit == "k" => number * 1_000.0,
        Unit::Seconds if has("ms") => number / 1_000.0,
        _ => number,
    };
    Some(parameter.clamp(value))
}

#[cfg(test)]
mod tests {
    use score::catalogue::{PARAMETERS, parameter};

    use super::*;

    fn row(id: &str) -> &'static Parameter {
        parameter(id).unwrap()
    }

    fn near(a: f32, b: f32) -> bool {
        (a - b).abs() <= 1e-4 * b.abs().max(1.0)
    }

    #[test]
    fn what_is_typed_is_read_in_the_unit_that_is_shown_or_named() {
        let cases = [
            ("filter.cutoff", 1_500.0, "2.5", 2_500.0),
            ("filter.cutoff", 1_500.0, "800 Hz", 800.0),
            ("filter.cutoff", 400.0, "2k", 2_000.0),
            ("compressor.attack", 0.01, "25", 0.025),
            ("compressor.attack", 0.01, "0,2 s", 0.2),
            ("reverb.decay", 2.0, "3.5", 3.5),
            ("reverb.wet", 0.0, "40", 0.4),
            ("reverb.wet", 0.0, "900 %", 1.0),
            ("gain.pan", 0.0, "30 left", -0.3),
            ("gain.pan", 0.0, "l30", -0.3),
            ("gain.pan", -0.5, "25", 0.25),
            ("eq.low_gain", 0.0, "\u{2212}6 dB", -6.0),
            ("attack", 1.0, "× 2", 2.0),
            ("delay.time", 3.0, "1/4", 10.0),
        ];
        for (id, present, text, expected) in cases {
            let read = typed(row(id), present, text).unwrap_or(f32::NAN);
            assert!(near(read, expected), "{id}: {text} is {read}");
        }
        assert_eq!(typed(row("reverb.wet"), 0.0, "loud"), None);
        assert_eq!(typed(row("reverb.wet"), 0.0, "--"), None);
    }

    #[test]
    fn what_is_shown_can_be_typed_for_every_knob() {
        for parameter in PARAMETERS.iter().filter(|row| row.unit != Unit::Switch && row.unit != Unit::Pan) {
            for value in [parameter.min, parameter.default, parameter.max] {
                let shown = parameter.show(value);
                let read = typed(parameter, value, &shown).unwrap_or(f32::NAN);
                let reach = (parameter.max - parameter.min).abs() * 0.01;
                assert!((read - value).abs() <= reach.max(0.006), "{}: {shown} is {read}", parameter.id);
            }
        }
    }

    #[test]
    fn a_drag_over_the_whole_travel_reaches_both_ends() {
        let cutoff = row("filter.cutoff");
        assert!(near(dragged(cutoff, 20.0, TRAVEL_PIXELS, false), 20_000.0));
        assert!(near(dragged(cutoff, 1_000.0, -1e6, false), 20.0));
        assert!(dragged(cutoff, 1_000.0, 18.0, true) < dragged(cutoff, 1_000.0, 18.0, false));
        assert!(near(nudged(row("filter.mode"), 3.0, 5.0, false), 3.0));
    }

    #[test]
    fn a_knob_fills_from_the_middle_where_both_sides_mean_something() {
        assert_eq!(arc(row("reverb.wet"), 0.25), (0.0, 0.25));
        assert_eq!(arc(row("gain.pan"), -1.0), (0.0, 0.5));
        let (from, to) = arc(row("attack"), 1.0);
        assert!(near(from, 0.5) && near(to, 0.5));
    }

    #[test]
    fn stored_values_have_four_digits_at_most() {
        assert_eq!(settled(row("reverb.wet"), 0.123_456).to_string(), "0.1235");
        assert_eq!(settled(row("filter.cutoff"), 12_345.6).to_string(), "12350");
        assert_eq!(settled(row("filter.cutoff"), 99_999.0).to_string(), "20000");
        assert_eq!(settled(row("eq.low_gain"), -3.3).to_string(), "-3.3");
    }
}
