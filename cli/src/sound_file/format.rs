//! The formats that sound is written in, and how they agree with a file's name.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{CHANNELS, SoundFileError};

/// How sound is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SoundFormat {
    /// WAV, 16-bit whole numbers, with dither
    Wav16,
    /// WAV, 24-bit whole numbers
    Wav24,
    /// WAV, 32-bit float: the samples as they are
    Wav32f,
    /// FLAC, 24 bit: lossless at half the size
    Flac,
    /// Ogg Vorbis: small, with losses
    Ogg,
}

/// Why a file's name and the format asked for do not go together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormatMismatch {
    /// The name says one format, `--format` another.
    #[error(
        "{} would hold {}, which its name denies; name it .{} or leave out --format",
        path.display(), format.name(), format.extension()
    )]
    Name {
        /// The file.
        path: PathBuf,
        /// The format asked for.
        format: SoundFormat,
    },
    /// The name says a format that is not written.
    #[error("{}: .{extension} is not written; end the name in .wav, .flac or .ogg", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The end of its name.
        extension: String,
    },
}

impl SoundFormat {
    /// The format of a file: the one asked for, else the one that its name ends in, else 32-bit float WAV. A name that ends
    /// in no format of sound goes with any.
    pub(crate) fn of(path: &Path, asked: Option<Self>) -> Result<Self, FormatMismatch> {
        let extension = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
        let named = match extension.as_deref() {
            Some("wav" | "wave") => Self::Wav32f,
            Some("flac") => Self::Flac,
            Some("ogg" | "oga") => Self::Ogg,
            Some("mp3" | "m4a" | "aac" | "aif" | "aiff" | "opus" | "wma") => {
                let extension = extension.unwrap_or_default();
                return Err(FormatMismatch::Unknown { path: path.to_owned(), extension });
            }
            _ => return Ok(asked.unwrap_or(Self::Wav32f)),
        };
        match asked {
            Some(format) if format.extension() != named.extension() => {
                Err(FormatMismatch::Name { path: path.to_owned(), format })
            }
            asked => Ok(asked.unwrap_or(named)),
        }
    }

    /// What file names end in.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Wav16 | Self::Wav24 | Self::Wav32f => "wav",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Wav16 | Self::Wav24 | Self::Wav32f => "WAV",
            Self::Flac => "FLAC",
            Self::Ogg => "Ogg Vorbis",
        }
    }

    /// Whether samples are written as whole numbers, so that those beyond full scale are clipped.
    pub(crate) const fn clips(self) -> bool {
        matches!(self, Self::Wav16 | Self::Wav24 | Self::Flac)
    }

    /// Refuses, before the work, what the format cannot hold: a WAV file counts its bytes in 32 bits, FLAC its frames in
    /// 36 and its rate in 16 (in tens of hertz where it must), Vorbis has tables for up to 200 kHz.
    pub(super) fn check(self, rate: u32, frames: u64) -> Result<(), SoundFileError> {
        let bytes = match self {
            Self::Wav16 => 2,
            Self::Wav24 => 3,
            _ => 4,
        };
        let max = match self {
            Self::Flac => (1 << 36) - 1,
            Self::Ogg => u64::MAX,
            _ => (u64::from(u32::MAX) - 1024) / (CHANNELS as u64 * bytes),
        };
        if frames > max {
            return Err(SoundFileError::TooLong { format: self.name(), max, frames });
        }
        let (highest, is_exact) = match self {
            Self::Flac => (96_000, rate < 65_536 || rate.is_multiple_of(10)),
            Self::Ogg => (200_000, true),
            _ => (u32::MAX, true),
        };
        if rate > highest || !is_exact {
            let reason = format!("{} holds rates up to {highest} Hz", self.name());
            return Err(SoundFileError::Rate { rate, reason });
        }
        Ok(())
    }
}
