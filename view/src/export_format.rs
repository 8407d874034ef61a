//! As which files a session can be taken elsewhere.

use serde::{Deserialize, Serialize};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFormat {
    /// A seamless loop of everything.
    Wav,
    /// A seamless loop of each track, in a ZIP.
    Stems,
    /// A standard MIDI file.
    Midi,
    /// Offbeat's own JSON, without loss.
    Json,
    /// A line of notation for each track.
    Text,
}

impl ExportFormat {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Wav, Self::Stems, Self::Midi, Self::Json, Self::Text];

    /// What its files end in.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Stems => "zip",
            Self::Midi => "mid",
            Self::Json => "json",
            Self::Text => "txt",
        }
    }
}
