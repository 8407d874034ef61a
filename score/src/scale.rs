//! Scales: which pitches the melodic grid offers.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kinds of scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScaleKind {
    /// Major (ionian).
    Major,
    /// Natural minor (aeolian).
    NaturalMinor,
    /// Harmonic minor.
    HarmonicMinor,
    /// Melodic minor, ascending form.
    MelodicMinor,
    /// Dorian.
    Dorian,
    /// Phrygian.
    Phrygian,
    /// Lydian.
    Lydian,
    /// Mixolydian.
    Mixolydian,
    /// Locrian.
    Locrian,
    /// Major pentatonic.
    MajorPentatonic,
    /// Minor pentatonic.
    #[default]
    MinorPentatonic,
    /// Blues (minor pentatonic with the flat fifth).
    Blues,
    /// Whole-tone.
    WholeTone,
    /// Chromatic.
    Chromatic,
}

impl ScaleKind {
    /// Every kind, in the order of menus.
    pub const ALL: [Self; 14] = [
        Self::Major,
        Self::NaturalMinor,
        Self::HarmonicMinor,
        Self::MelodicMinor,
        Self::Dorian,
        Self::Phrygian,
        Self::Lydian,
        Self::Mixolydian,
        Self::Locrian,
        Self::MajorPentatonic,
        Self::MinorPentatonic,
        Self::Blues,
        Self::WholeTone,
        Self::Chromatic,
    ];

    /// The name as documents and texts hold it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::NaturalMinor => "natural-minor",
            Self::HarmonicMinor => "harmonic-minor",
            Self::MelodicMinor => "melodic-minor",
            Self::Dorian => "dorian",
            Self::Phrygian => "phrygian",
            Self::Lydian => "lydian",
            Self::Mixolydian => "mixolydian",
            Self::Locrian => "locrian",
            Self::MajorPentatonic => "major-pentatonic",
            Self::MinorPentatonic => "minor-pentatonic",
            Self::Blues => "blues",
            Self::WholeTone => "whole-tone",
            Self::Chromatic => "chromatic",
        }
    }

    /// The semitones above the root that belong to the scale, ascending from 0.
    pub const fn degrees(self) -> &'static [u8] {
        match self {
            Self::Major => &[0, 2, 4, 5, 7, 9, 11],
            Self::NaturalMinor => &[0, 2, 3, 5, 7, 8, 10],
            Self::HarmonicMinor => &[0, 2, 3, 5, 7, 8, 11],
            Self::MelodicMinor => &[0, 2, 3, 5, 7, 9, 11],
            Self::Dorian => &[0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => &[0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => &[0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => &[0, 2, 4, 5, 7, 9, 10],
            Self::Locrian => &[0, 1, 3, 5, 6, 8, 10],
            Self::MajorPentatonic => &[0, 2, 4, 7, 9],
            Self::MinorPentatonic => &[0, 3, 5, 7, 10],
            Self::Blues => &[0, 3, 5, 6, 7, 10],
            Self::WholeTone => &[0, 2, 4, 6, 8, 10],
            Self::Chromatic => &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        }
    }
}

/// Names of the twelve roots, with sharps.
const ROOTS: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
/// The same roots by their flat names, which are read but never written.
const FLAT_ROOTS: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];

/// A root and a kind of scale: "C minor-pentatonic".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scale {
    /// Semitones of the root above C, 0..=11.
    root: u8,
    kind: ScaleKind,
}

impl Scale {
    /// A scale on a root (semitones above C); `None` when the root is above 11.
    pub const fn from_parts(root: u8, kind: ScaleKind) -> Option<Self> {
        if root < 12 { Some(Self { root, kind }) } else { None }
    }

    /// Semitones of the root above C, 0..=11.
    pub const fn root(self) -> u8 {
        self.root
    }

    /// The kind of scale.
    pub const fn kind(self) -> ScaleKind {
        self.kind
    }

    /// Whether a pitch (semitones above any C) belongs to the scale.
    pub fn contains(self, pitch: i16) -> bool {
        let above_root = (pitch - i16::from(self.root)).rem_euclid(12) as u8;
        self.kind.degrees().contains(&above_root)
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", ROOTS[usize::from(self.root)], self.kind.id())
    }
}

/// Why a text is not a scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scale is a root (C, C#, Db, ... B) and a kind ({}), such as `C minor-pentatonic`", kinds())]
pub struct ScaleError;

fn kinds() -> String {
    ScaleKind::ALL.map(ScaleKind::id).join(", ")
}

impl FromStr for Scale {
    type Err = ScaleError;
    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let (root, kind) = text.trim().split_once(' ').ok_or(ScaleError)?;
        let named = |names: &[&str; 12]| names.iter().position(|name| name.eq_ignore_ascii_case(root));
        let root = named(&ROOTS).or_else(|| named(&FLAT_ROOTS)).ok_or(ScaleError)?;
        let kind = match kind.trim() {
            "minor" => ScaleKind::NaturalMinor,
            id => ScaleKind::ALL.into_iter().find(|kind| kind.id() == id).ok_or(ScaleError)?,
        };
        Ok(Self { root: root as u8, kind })
    }
}

impl TryFrom<String> for Scale {
    type Error = ScaleError;
    fn try_from(text: String) -> Result<Self, ScaleError> {
        text.parse()
    }
}

impl From<Scale> for String {
    fn from(scale: Scale) -> Self {
        scale.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scale_reads_what_it_writes() {
        for kind in ScaleKind::ALL {
            for root in 0..12 {
                let scale = Scale::from_parts(root, kind).unwrap();
                assert_eq!(scale.to_string().parse(), Ok(scale));
            }
        }
    }

    #[test]
    fn sessions_start_in_c_minor_pentatonic() {
        assert_eq!(Scale::default().to_string(), "C minor-pentatonic");
        assert!(
            Scale::default().contains(3) && !Scale::default().contains(4) && Scale::default().contains(-2)
        );
    }

    #[test]
    fn flat_roots_are_read() {
        assert_eq!("Bb dorian".parse::<Scale>().unwrap().to_string(), "A# dorian");
    }
}
