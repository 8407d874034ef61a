//! What a player adds by ear to what a sound device says of its delay.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use view::host::{MAX_TRIM_MICROS, bounded_trim};

/// How much later than its device says what a machine plays is heard, as its player hears it. All of it is played so much earlier.
///
/// Loudspeakers behind a radio, or a mixer that says nothing of its buffers, come tens of milliseconds later than any device tells.
/// As text it is in milliseconds: `12.5`, `-3`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trim(i32);

/// A text that is no trim.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no trim; give milliseconds between -500 and 500, such as 12.5: more where you are heard too late"
)]
pub struct TrimError(String);

impl Trim {
    /// So many microseconds, or the nearest that may be.
    pub fn from_micros(micros: i32) -> Self {
        Self(bounded_trim(micros))
    }

    /// It in microseconds, within [`MAX_TRIM_MICROS`].
    pub fn micros(self) -> i32 {
        // One that another process wrote may be anything.
        bounded_trim(self.0)
    }
}

impl FromStr for Trim {
    type Err = TrimError;

    fn from_str(text: &str) -> Result<Self, TrimError> {
        let most = f64::from(MAX_TRIM_MICROS) / 1_000.0;
        let millis = text.trim().parse::<f64>().ok().filter(|millis| millis.abs() <= most);
        let wrong = || TrimError(text.chars().take(64).collect());
        millis.map(|millis| Self((millis * 1_000.0).round() as i32)).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trim_is_read_in_milliseconds_and_bounded() {
        assert_eq!("12.5".parse::<Trim>().unwrap().micros(), 12_500);
        assert_eq!(" -500 ".parse::<Trim>().unwrap().micros(), -500_000);
        for text in ["", "500.1", "nan", "inf", "5 ms", "-1e9"] {
            assert!(text.parse::<Trim>().is_err(), "{text}");
        }
        assert_eq!(Trim::from_micros(i32::MIN).micros(), -500_000);
    }
}
