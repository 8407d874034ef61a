//! A session as files to take elsewhere: sound, stems, MIDI, JSON, text.
//!
//! The same bytes come out of the command line, the desktop app and a page, because all of them ask here: [`export`] for a whole
//! file, or [`sheet`] and [`stems`] for its parts. Nothing here knows where a file goes.
//!
//! ```
//! # use std::ops::ControlFlow;
//! use view::ExportFormat;
//! let score = score::starter("Fuzzy Penguin", 7);
//! let whole = export::export(&score, None, ExportFormat::Midi, &Default::default(), &mut |_| ControlFlow::Continue(()));
//! assert_eq!(whole.unwrap().name, "Fuzzy Penguin.mid");
//! ```

mod file_name;
mod lacking;
pub mod sheet;
mod sound;
pub mod stems;
mod zip;

use std::ops::ControlFlow;

use audio_engine::{RenderError, Samples};
use crdt_model::exchange::{write_midi, write_session_json};
use score::{Score, SessionId};
use view::ExportFormat;

pub use file_name::safe_name;
pub use lacking::lacking;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// A name that every file system takes.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What the format could not hold, for the player to read.
    pub left_out: Vec<String>,
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExportError {
    /// It would not fit into memory.
    #[error("this would be {mb} MB of sound and at most {} MB are made here: `offbeat render --loop` makes longer ones", sound::MAX_SOUND_BYTES >> 20)]
    TooLong {
        /// What it would take.
        mb: u64,
    },
    /// The engine refused.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The sound could not be put into a file.
    #[error("the sound could not be written: {0}")]
    Wav(String),
}

/// Writes a session as a file. `progress` hears how much of the work is done, 0..=1, and may end it.
///
/// # Errors
/// [`ExportError`] says what is in the way and what to do.
pub fn export(
    score: &Score,
    session: Option<SessionId>,
    format: ExportFormat,
    samples: &Samples,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Exported, ExportError> {
    let mut left_out = Vec::new();
    let bytes = match format {
        ExportFormat::Wav => sound::whole(score, samples, progress)?,
        ExportFormat::Stems => sound::stems(score, samples, progress)?,
        ExportFormat::Midi => {
            let written = write_midi(score);
            left_out.extend(written.report.iter().map(ToString::to_string));
            written.bytes
        }
        ExportFormat::Json => write_session_json(session, score).into_bytes(),
        ExportFormat::Text => sheet::write(score).into_bytes(),
    };
    let name = safe_name(&score.name);
    let name = if name.is_empty() { "Untitled" } else { &name };
    Ok(Exported { name: format!("{name}.{}", format.extension()), bytes, left_out })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exported(format: ExportFormat) -> Exported {
        let mut score = score::starter("Fuzzy Penguin", 7);
        score.name = "a/b: Fuzzy".to_owned();
        export(&score, None, format, &Samples::new(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn every_format_has_a_file_with_a_safe_name() {
        let names: Vec<String> = ExportFormat::ALL.iter().map(|format| exported(*format).name).collect();
        assert_eq!(names[0], "a_b_ Fuzzy.wav");
        assert_eq!(names.len(), 5);
        assert!(exported(ExportFormat::Text).bytes.starts_with("# a/b: Fuzzy".as_bytes()));
    }

    #[test]
    fn a_loop_is_as_long_as_the_cycle_and_stems_are_as_many_as_tracks() {
        let wav = exported(ExportFormat::Wav).bytes;
        let reader = hound::WavReader::new(wav.as_slice()).unwrap();
        assert_eq!((reader.duration(), reader.spec().bits_per_sample), (2 * 48_000, 32));
        let stems = exported(ExportFormat::Stems).bytes;
        let ends = stems.windows(4).filter(|bytes| *bytes == b"PK\x01\x02").count();
        assert_eq!(ends, 5, "the whole and four tracks");
    }

    #[test]
    fn whoever_listens_may_end_it() {
        let score = score::starter("Fuzzy Penguin", 7);
        let mut stop = |_| ControlFlow::Break(());
        let refused = export(&score, None, ExportFormat::Wav, &Samples::new(), &mut stop);
        assert!(matches!(refused, Err(ExportError::Render(RenderError::Stopped { .. }))));
    }
}
