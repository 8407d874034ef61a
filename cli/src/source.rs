//! Any file that can become a session.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crdt_model::exchange::{self, FileFormat, ImportError, MAX_FILE_BYTES};
use export::sheet;
use score::Score;
use score::notation::TracksError;

/// What every Automerge document begins with.
const AUTOMERGE: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// How long a pipe or a device may take to give all that it has.
const ENDED_WITHIN: Duration = Duration::from_secs(10);

/// Why a file did not become a session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    /// It cannot be read at all.
    #[error("could not read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },
    /// It does not end, or does not even begin.
    #[error(
        "{}: it has not come to an end within {} s; save what this pipe or device gives to a file, and give that",
        .0.display(),
        ENDED_WITHIN.as_secs()
    )]
    Endless(PathBuf),
    /// It is read, and is no session.
    #[error("{}: {error}", path.display())]
    Import {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        error: ImportError,
    },
    /// It is text, and not in notation.
    #[error(
        "{}: {error}; give the JSON of Offbeat or Keyboardia, a MIDI file, or one line of notation per track",
        path.display()
    )]
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        error: TracksError,
    },
    /// It is neither JSON nor MIDI nor text.
    #[error("{}: this is no session; give the JSON of Offbeat or Keyboardia, a MIDI file, or one line of notation per track", .0.display())]
    Foreign(PathBuf),
    /// It is a document without the signatures that make it a session.
    #[error(
        "{}: an Automerge document does not say who made which change, so it cannot become a session; export it with \
         --format json and import that",
        .0.display()
    )]
    Automerge(PathBuf),
}

/// A session that was read from a file.
#[derive(Debug)]
pub(crate) struct Source {
    /// The session.
    pub(crate) score: Box<Score>,
    /// What was left out or guessed, each as a line to read.
    pub(crate) left_out: Vec<String>,
}

/// Reads a file of any known format.
pub(crate) fn read(path: &Path) -> Result<Source, SourceError> {
    let unreadable = |error| SourceError::Unreadable { path: path.to_owned(), error };
    let is_file = std::fs::metadata(path).map_err(unreadable)?.is_file();
    let bytes = if is_file {
        read_bytes(path)
    } else {
        // Whoever writes into a pipe may never come; the thread that waits for them ends with the program.
        let (read, bytes) = mpsc::channel();
        let place = path.to_owned();
        std::thread::spawn(move || read.send(read_bytes(&place)));
        bytes.recv_timeout(ENDED_WITHIN).map_err(|_| SourceError::Endless(path.to_owned()))?
    };
    parse(path, &bytes.map_err(unreadable)?)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than is read, so that what is too long is seen to be so.
    File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the bytes of a file; `path` is for messages.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Source, SourceError> {
    if bytes.starts_with(&AUTOMERGE) {
        return Err(SourceError::Automerge(path.to_owned()));
    }
    if bytes.len() <= MAX_FILE_BYTES && exchange::detect(bytes) == FileFormat::Text {
        return parse_text(path, bytes);
    }
    let import = |error| SourceError::Import { path: path.to_owned(), error };
    let imported = exchange::import(bytes).map_err(import)?;
    let left_out = imported.report.iter().map(ToString::to_string).collect();
    Ok(Source { score: Box::new(imported.score), left_out })
}

fn parse_text(path: &Path, bytes: &[u8]) -> Result<Source, SourceError> {
    let foreign = || SourceError::Foreign(path.to_owned());
    let text = str::from_utf8(bytes).map_err(|_| foreign())?;
    let sheet = sheet::read(text).map_err(|error| SourceError::Text { path: path.to_owned(), error })?;
    if sheet.score.tracks.is_empty() {
        return Err(foreign());
    }
    Ok(Source { score: Box::new(sheet.score), left_out: sheet.remarks })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        parse(Path::new("beat"), bytes).unwrap_err().to_string()
    }

    #[test]
    fn json_and_text_are_told_apart() {
        let json =
            parse(Path::new("a.json"), br#"{"tempo":97,"tracks":[{"sampleId":"kick","steps":[true]}]}"#);
        assert_eq!(json.unwrap().score.tempo.milli_bpm(), 97_000);
        let text = parse(Path::new("a.txt"), b"kick: X...").unwrap();
        assert_eq!(text.score.tracks.len(), 1);
    }

    #[test]
    fn what_is_no_session_is_refused_with_the_files_name() {
        assert!(refused(&[0xff, 0xfe, 0x00]).starts_with("beat: this is no session"));
        assert!(refused(b"").contains("no session"));
        assert!(refused(b"hello").contains("line 1"));
        assert!(refused(b"{\"tempo\":").starts_with("beat: "));
        assert!(refused(&[0x85, 0x6f, 0x4a, 0x83, 1]).contains("Automerge"));
        let missing = read(Path::new("/no/such/file.json")).unwrap_err().to_string();
        assert!(missing.contains("/no/such/file.json"), "{missing}");
    }
}
