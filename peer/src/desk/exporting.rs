//! Writing a session as a file where this machine keeps downloads.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use export::Exported;
use score::SessionId;
use score::lower::lower_first_scene;
use view::ExportFormat;

use crate::samples::{SampleStore, gather};
use crate::work::{Peer, PeerError, Reply, Request};

/// How many files of one name may lie beside each other.
const MAX_NAMESAKES: u32 = 1_000;

/// Writes the session's file and says where it is, and what it could not hold.
pub(super) async fn write(
    peer: &Peer,
    session: SessionId,
    format: ExportFormat,
) -> Result<String, PeerError> {
    let Reply::Score(score) = peer.ask_one(Request::Score(session)).await? else {
        return Err(PeerError::Failed("the session did not answer; try again".to_owned()));
    };
    let folder = downloads().ok_or_else(|| {
        PeerError::Failed("there is no folder for downloads: set HOME, or use `offbeat export`".to_owned())
    })?;
    let gathered = gather(&SampleStore::at(peer.home()), &score, &lower_first_scene(&score)).await;
    let work = move || {
        let samples = &gathered.samples;
        let mut go_on = |_| ControlFlow::Continue(());
        let exported = export::export(&score, Some(session), format, samples, &mut go_on);
        let exported = exported.map_err(|error| error.to_string())?;
        let path = keep(&folder, &exported)
            .map_err(|error| format!("the file could not be written into {}: {error}", folder.display()))?;
        let missing = gathered.missing.iter().map(ToString::to_string);
        let mut words = vec![path.display().to_string()];
        words.extend(exported.left_out.into_iter().chain(missing));
        Ok(words.join("; "))
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| PeerError::Failed(error.to_string()))?.map_err(PeerError::Failed)
}

/// The folder that the system calls so, else `Downloads` in the player's own.
fn downloads() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || absolute(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    absolute("XDG_DOWNLOAD_DIR").or_else(|| home().map(|home| home.join("Downloads")))
}

/// Writes a file beside those that are there; none is ever replaced.
fn keep(folder: &Path, exported: &Exported) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let (stem, extension) = exported.name.rsplit_once('.').unwrap_or((&exported.name, ""));
    for number in 1..=MAX_NAMESAKES {
        let name = if number == 1 { exported.name.clone() } else { format!("{stem} ({number}).{extension}") };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(&exported.bytes).and_then(|()| file.sync_all());
                if written.is_err() {
                    // Half a file is worse than none.
                    drop(fs::remove_file(&path));
                }
                return written.map(|()| path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "there are too many files of this name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_of_a_name_stands_beside_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let file =
            |bytes: &[u8]| Exported { name: "a.mid".into(), bytes: bytes.into(), left_out: Vec::new() };
        let first = keep(folder.path(), &file(b"1")).unwrap();
        let second = keep(folder.path(), &file(b"2")).unwrap();
        assert_eq!(
            (first.file_name().unwrap(), second.file_name().unwrap()),
            ("a.mid".as_ref(), "a (2).mid".as_ref())
        );
        assert_eq!(fs::read(first).unwrap(), b"1");
    }
}
