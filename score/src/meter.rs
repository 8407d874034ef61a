//! The time signature and the loop region.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::time::{Beats, MICROS_PER_BEAT};

/// A time signature: it defines the bar for launches and rulers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Meter {
    numerator: u8,
    denominator: u8,
}

impl Meter {
    /// A time signature; `None` unless the numerator is 1-16 and the denominator 4 or 8.
    pub const fn from_parts(numerator: u8, denominator: u8) -> Option<Self> {
        if numerator >= 1 && numerator <= 16 && (denominator == 4 || denominator == 8) {
            Some(Self { numerator, denominator })
        } else {
            None
        }
    }

    /// Counts in a bar, 1-16.
    pub const fn numerator(self) -> u8 {
        self.numerator
    }

    /// The note that counts: 4 (quarter) or 8 (eighth).
    pub const fn denominator(self) -> u8 {
        self.denominator
    }

    /// The length of one bar.
    pub const fn bar(self) -> Beats {
        Beats(self.numerator as i64 * MICROS_PER_BEAT * 4 / self.denominator as i64)
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self { numerator: 4, denominator: 4 }
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.numerator, self.denominator)
    }
}

/// Why a text is not a time signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time signature is 1-16 over 4 or 8, such as 4/4 or 7/8")]
pub struct MeterError;

impl FromStr for Meter {
    type Err = MeterError;
    fn from_str(text: &str) -> Result<Self, MeterError> {
        let (numerator, denominator) = text.split_once('/').ok_or(MeterError)?;
        let number = |part: &str| part.trim().parse().map_err(|_| MeterError);
        Self::from_parts(number(numerator)?, number(denominator)?).ok_or(MeterError)
    }
}

impl TryFrom<String> for Meter {
    type Error = MeterError;
    fn try_from(text: String) -> Result<Self, MeterError> {
        text.parse()
    }
}

impl From<Meter> for String {
    fn from(meter: Meter) -> Self {
        meter.to_string()
    }
}

/// A stretch of the song that playback repeats, in steps of the session (both ends included, counted from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct LoopRegion {
    first: u16,
    last: u16,
}

impl LoopRegion {
    /// The last step that a loop region can hold.
    pub const MAX_STEP: u16 = 4_095;

    /// A region from its first to its last step; `None` when they are in the wrong order or past [`Self::MAX_STEP`].
    pub const fn from_steps(first: u16, last: u16) -> Option<Self> {
        if first <= last && last <= Self::MAX_STEP { Some(Self { first, last }) } else { None }
    }

    /// The first step of the region.
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The last step of the region.
    pub const fn last(self) -> u16 {
        self.last
    }

    /// How many steps the region holds, at least 1.
    pub const fn steps(self) -> u16 {
        self.last - self.first + 1
    }
}

impl fmt::Display for LoopRegion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.first, self.last)
    }
}

/// Why a text is not a loop region.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a loop region is a first and a last step, such as 0-31, up to step {max}", max = LoopRegion::MAX_STEP)]
pub struct LoopRegionError;

impl FromStr for LoopRegion {
    type Err = LoopRegionError;
    fn from_str(text: &str) -> Result<Self, LoopRegionError> {
        let (first, last) = text.split_once('-').ok_or(LoopRegionError)?;
        let number = |part: &str| part.trim().parse().map_err(|_| LoopRegionError);
        Self::from_steps(number(first)?, number(last)?).ok_or(LoopRegionError)
    }
}

impl TryFrom<(u16, u16)> for LoopRegion {
    type Error = LoopRegionError;
    fn try_from((first, last): (u16, u16)) -> Result<Self, LoopRegionError> {
        Self::from_steps(first, last).ok_or(LoopRegionError)
    }
}

impl From<LoopRegion> for (u16, u16) {
    fn from(region: LoopRegion) -> Self {
        (region.first, region.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_of_seven_eighths_is_three_and_a_half_beats() {
        assert_eq!("7/8".parse::<Meter>().unwrap().bar(), Beats(3_500_000));
        assert!("17/8".parse::<Meter>().is_err());
        assert!("4/3".parse::<Meter>().is_err());
    }

    #[test]
    fn a_loop_region_holds_both_its_ends() {
        let region: LoopRegion = "0-31".parse().unwrap();
        assert_eq!(region.steps(), 32);
        assert!("5-4".parse::<LoopRegion>().is_err());
    }
}
