//! Numbers that a player types, drags and nudges.

/// How a number moves and reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    /// The smallest value.
    pub(crate) min: f64,
    /// The largest value.
    pub(crate) max: f64,
    /// What a double click returns to.
    pub(crate) default: f64,
    /// What an arrow key or a notch of the wheel adds.
    pub(crate) step: f64,
    /// The same with Shift.
    pub(crate) fine: f64,
    /// Digits after the point.
    pub(crate) digits: usize,
    /// A vertical drag over this many pixels adds one step.
    pub(crate) pixels_per_step: f64,
}

impl Range {
    /// Beats per minute.
    pub(crate) const TEMPO: Self =
        Self { min: 20.0, max: 300.0, default: 120.0, step: 1.0, fine: 0.1, digits: 1, pixels_per_step: 3.0 };
    /// Whole percent from nothing to all.
    pub(crate) const PERCENT: Self =
        Self { min: 0.0, max: 100.0, default: 0.0, step: 1.0, fine: 1.0, digits: 0, pixels_per_step: 3.0 };
    /// Steps of a pattern.
    pub(crate) const LENGTH: Self =
        Self { min: 1.0, max: 128.0, default: 16.0, step: 1.0, fine: 1.0, digits: 0, pixels_per_step: 8.0 };
    /// Semitones either way.
    pub(crate) const SEMITONES: Self =
        Self { min: -24.0, max: 24.0, default: 0.0, step: 1.0, fine: 1.0, digits: 0, pixels_per_step: 8.0 };

    /// The same with another default.
    pub(crate) const fn resting_at(self, default: f64) -> Self {
        Self { default, ..self }
    }

    /// The nearest value that is allowed, with no more digits than are shown.
    pub(crate) fn settle(&self, value: f64) -> f64 {
        if value.is_nan() {
            return self.default;
        }
        let scale = 10f64.powi(self.digits as i32);
        (value.clamp(self.min, self.max) * scale).round() / scale
    }

    /// What a player has typed, a unit after it allowed; `None` where there is no number.
    pub(crate) fn read(&self, text: &str) -> Option<f64> {
        let text = text.trim().replace([',', '\u{2212}'], ".");
        let text = if text.starts_with('.') && self.min < 0.0 { text.replacen('.', "-", 1) } else { text };
        let end = text
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && "+-".contains(*c))))
            .map_or(text.len(), |(at, _)| at);
        decimal(&text[..end]).map(|value| self.settle(value))
    }

    /// As it is shown.
    pub(crate) fn write(&self, value: f64) -> String {
        format!("{value:.*}", self.digits)
    }

    /// So many steps on (or back).
    pub(crate) fn nudge(&self, value: f64, steps: f64, fine: bool) -> f64 {
        self.settle(value + steps * if fine { self.fine } else { self.step })
    }

    /// After a vertical drag so far up, in pixels.
    pub(crate) fn dragged(&self, from: f64, rise: f64, fine: bool) -> f64 {
        self.nudge(from, (rise / self.pixels_per_step).trunc(), fine)
    }
}

/// The middle of the times between the last taps, as beats per minute; `None` while they are too few or no tempo.
///
/// `taps` are moments in milliseconds, the oldest first.
pub(crate) fn tapped_tempo(taps: &[f64]) -> Option<f64> {
    let gaps: Vec<f64> = taps.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if gaps.len() < 2 {
        return None;
    }
    let bpm = 60_000.0 / middle(&gaps)?;
    (Range::TEMPO.min..=Range::TEMPO.max).contains(&bpm).then(|| Range::TEMPO.settle(bpm))
}

/// The one of a few numbers that is in the middle by size.
fn middle(numbers: &[f64]) -> Option<f64> {
    let count = |holds: &dyn Fn(f64) -> bool| numbers.iter().filter(|number| holds(**number)).count();
    let is_there = |number: f64| {
        (count(&|other| other < number)..count(&|other| other <= number)).contains(&(numbers.len() / 2))
    };
    numbers.iter().copied().find(|number| is_there(*number))
}

/// A decimal number as people type them: digits with a point among them, a sign before. The standard library reads far more, by
/// tables that are ten kilobytes to download.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let (mut value, mut scale) = (0.0, 1.0);
    for digit in whole.bytes().chain(part.bytes()) {
        value = value * 10.0 + f64::from(digit - b'0');
    }
    for _ in 0..part.len() {
        scale *= 10.0;
    }
    // Both are whole, and exact below 2^53: so the quotient is the nearest number to what was typed.
    Some(sign * value / scale).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_read_with_their_unit_and_kept_in_range() {
        assert_eq!(Range::TEMPO.read(" 128,55 bpm"), Some(128.6));
        assert_eq!(Range::TEMPO.read("900"), Some(300.0));
        assert_eq!(Range::PERCENT.read("12 %"), Some(12.0));
        assert_eq!(Range::SEMITONES.read("-7"), Some(-7.0));
        assert_eq!(Range::SEMITONES.read("\u{2212}7"), Some(-7.0));
        assert_eq!(Range::TEMPO.read("fast"), None);
        assert_eq!(Range::TEMPO.read(""), None);
    }

    #[test]
    fn decimal_numbers_are_read_as_the_standard_library_reads_them() {
        for text in ["0", "-0.5", "+12", "128.55", ".5", "5.", "0.1", "123456.789", "299.95", "-3.25"] {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "1e3", "inf", " 1", "--1"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal(&"9".repeat(400)), None, "it is no number that there is");
    }

    #[test]
    fn a_drag_moves_by_steps_and_finely_with_shift() {
        let values = [
            Range::TEMPO.dragged(120.0, 30.0, false),
            Range::TEMPO.dragged(120.0, -30.0, true),
            Range::LENGTH.dragged(16.0, -4_000.0, false),
        ];
        assert_eq!(values.map(|value| value as i32), [130, 119, 1]);
    }

    #[test]
    fn taps_give_a_tempo_despite_one_that_came_late() {
        assert_eq!(tapped_tempo(&[0.0, 500.0]), None);
        assert_eq!(tapped_tempo(&[0.0, 500.0, 1000.0, 1700.0, 2200.0]), Some(120.0));
        assert_eq!(tapped_tempo(&[0.0, 1.0, 2.0]), None);
    }
}
