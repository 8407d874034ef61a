//! The colours that a track may have.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// A track's colour where it is not that of its instrument's family: one of the six that families have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is the colour of its name")]
pub enum TrackColour {
    Amber,
    Violet,
    Blue,
    Rose,
    Green,
    Teal,
}

impl TrackColour {
    /// Every colour, in the order of menus.
    pub const ALL: [Self; 6] = [Self::Amber, Self::Violet, Self::Blue, Self::Rose, Self::Green, Self::Teal];

    /// The name as documents and texts hold it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Amber => "amber",
            Self::Violet => "violet",
            Self::Blue => "blue",
            Self::Rose => "rose",
            Self::Green => "green",
            Self::Teal => "teal",
        }
    }
}

impl fmt::Display for TrackColour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

/// What is not the name of a track's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a track's colour is one of {}", TrackColour::ALL.map(TrackColour::id).join(", "))]
pub struct NoColour;

impl FromStr for TrackColour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        Self::ALL.into_iter().find(|colour| colour.id() == text).ok_or(NoColour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_reads_as_it_is_written() {
        for colour in TrackColour::ALL {
            assert_eq!(colour.to_string().parse(), Ok(colour));
        }
        assert_eq!("Amber".parse::<TrackColour>(), Err(NoColour));
        assert_eq!("".parse::<TrackColour>(), Err(NoColour));
    }
}
