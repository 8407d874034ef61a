//! Which session the window showed last. Nothing is lost with it, so it is neither locked nor synced.

use std::fs;
use std::path::{Path, PathBuf};

use score::SessionId;

/// The longest file that is read: an id and a line break.
const MAX_BYTES: usize = 64;

/// The session that was shown last at this home.
pub(crate) fn read(home: &Path) -> Option<SessionId> {
    let text = fs::read_to_string(place(home)).ok().filter(|text| text.len() <= MAX_BYTES)?;
    text.trim().parse().ok()
}

/// Remembers the session that is shown.
pub(crate) fn write(home: &Path, session: SessionId) {
    if let Err(error) = fs::write(place(home), format!("{session}\n")) {
        tracing::debug!(%error, "could not note the session that is shown");
    }
}

fn place(home: &Path) -> PathBuf {
    home.join("last-session")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_session_is_remembered_and_nonsense_is_none() {
        let home = tempfile::tempdir().expect("a folder for the test");
        assert_eq!(read(home.path()), None);
        let session = SessionId([7; 16]);
        write(home.path(), session);
        assert_eq!(read(home.path()), Some(session));
        fs::write(place(home.path()), "x".repeat(1_000)).expect("a file for the test");
        assert_eq!(read(home.path()), None);
    }
}
