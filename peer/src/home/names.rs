//! Which session a player means: by id, the beginning of an id, or name.

use std::collections::BTreeMap;
use std::path::Path;

use score::id::SessionId;

use super::HomeError;
use crate::store::Disk;

/// The longest index that is read, in bytes: a hundred thousand sessions with long names.
const MAX_INDEX_BYTES: u64 = 32 << 20;

/// The sessions of a home and their names.
///
/// A name's truth is the session's document; the index only spares loading every document to find one. A session that
/// it does not know is listed with the name `None` until somebody opens it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    sessions: BTreeMap<SessionId, Option<String>>,
}

/// Why a text leads to no session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is none.
    #[error("there is no session `{0}` here; `offbeat list` shows those that are")]
    Unknown(String),
    /// There are several.
    #[error("`{text}` could be {}; give more of the id", candidates.join(" or "))]
    Ambiguous {
        /// What was asked for.
        text: String,
        /// Up to five of the sessions that it could mean.
        candidates: Vec<String>,
    },
}

impl Names {
    /// Reads which sessions a home holds. A missing or damaged index is as good as an empty one.
    ///
    /// # Errors
    /// When the sessions' folder cannot be listed.
    pub(super) fn read(disk: &dyn Disk, home: &Path) -> Result<Self, HomeError> {
        let index = disk.read(&home.join("names"), MAX_INDEX_BYTES).ok().flatten().unwrap_or_default();
        let mut index =
            postcard::from_bytes::<BTreeMap<SessionId, Option<String>>>(&index).unwrap_or_default();
        let folder = home.join("sessions");
        let paths = disk.list(&folder).map_err(HomeError::io("list", &folder))?;
        let ids = paths.iter().filter_map(|path| path.file_name()?.to_str()?.parse::<SessionId>().ok());
        Ok(Self { sessions: ids.map(|id| (id, index.remove(&id).flatten())).collect() })
    }

    /// Writes the index. It is a cache, so it is renamed into place but not synced.
    pub(super) fn write(&self, disk: &dyn Disk, home: &Path) -> Result<(), HomeError> {
        let (beside, path) = (home.join("names.new"), home.join("names"));
        let bytes = postcard::to_allocvec(&self.sessions).expect("maps of ids and texts always encode");
        let mut file = disk.create(&beside).map_err(HomeError::io("make", &beside))?;
        file.append(&bytes).map_err(HomeError::io("write", &beside))?;
        disk.rename(&beside, &path).map_err(HomeError::io("rename", &beside))
    }

    /// Notes a session's name; `true` if that is news.
    pub(super) fn set(&mut self, session: SessionId, name: &str) -> bool {
        let name = Some(name.to_owned());
        self.sessions.insert(session, name.clone()) != Some(name)
    }

    /// Whether a session is here.
    pub fn contains(&self, session: SessionId) -> bool {
        self.sessions.contains_key(&session)
    }

    /// Takes a session out.
    pub(super) fn remove(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    /// Every session in the order of ids, with its name where that is known.
    pub fn iter(&self) -> impl Iterator<Item = (SessionId, Option<&str>)> {
        self.sessions.iter().map(|(id, name)| (*id, name.as_deref()))
    }

    /// The session that `text` means: its id, its name (in any case, if no name is spelled exactly so), the
    /// beginning of one id alone, or of one name.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn find(&self, text: &str) -> Result<SessionId, NameError> {
        if let Some(id) = text.parse().ok().filter(|id| self.sessions.contains_key(id)) {
            return Ok(id);
        }
        let folded = text.to_lowercase();
        let by_name = |matches: &dyn Fn(&str) -> bool| {
            self.iter().filter(|(_, name)| name.is_some_and(matches)).map(|(id, _)| id).collect::<Vec<_>>()
        };
        let begins = |id: &SessionId| !folded.is_empty() && id.to_string().starts_with(&folded);
        let mut found = by_name(&|name| name == text);
        if found.is_empty() {
            found = by_name(&|name| name.to_lowercase() == folded);
        }
        if found.is_empty() {
            found = self.sessions.keys().copied().filter(begins).collect();
        }
        if found.is_empty() && !folded.is_empty() {
            found = by_name(&|name| name.to_lowercase().starts_with(&folded));
        }
        match found[..] {
            [] => Err(NameError::Unknown(text.chars().take(100).collect())),
            [session] => Ok(session),
            _ => Err(self.ambiguous(text, &found)),
        }
    }

    fn ambiguous(&self, text: &str, found: &[SessionId]) -> NameError {
        let describe = |id: &SessionId| match self.sessions.get(id) {
            Some(Some(name)) => format!("{id} ({name})"),
            _ => id.to_string(),
        };
        NameError::Ambiguous {
            text: text.to_owned(),
            candidates: found.iter().take(5).map(describe).collect(),
        }
    }
}

/// What the owner of a home has listed, for a process that does not own it to look names up in.
impl FromIterator<(SessionId, Option<String>)> for Names {
    fn from_iter<I: IntoIterator<Item = (SessionId, Option<String>)>>(listed: I) -> Self {
        Self { sessions: listed.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RealDisk;

    fn session(first: u8) -> SessionId {
        SessionId([first; 16])
    }

    fn names() -> Names {
        let mut names = Names::default();
        names.set(session(0), "Fuzzy Penguin");
        names.set(session(1), "house");
        names.set(session(2), "House");
        names.set(session(3), "twin");
        names.set(session(4), "twin");
        names
    }

    #[test]
    fn a_session_is_found_by_id_prefix_and_name() {
        let names = names();
        let id = session(1).to_string();
        assert_eq!(names.find(&id), Ok(session(1)));
        assert_eq!(names.find(&id.to_uppercase()), Ok(session(1)));
        assert_eq!(names.find(&id[..6]), Ok(session(1)));
        assert_eq!(names.find("fuzzy penguin"), Ok(session(0)));
        assert_eq!(names.find("house"), Ok(session(1)));
        assert_eq!(names.find("House"), Ok(session(2)));
        assert_eq!(names.find("fuz"), Ok(session(0)));
    }

    #[test]
    fn what_means_no_session_or_several_is_said_so() {
        let names = names();
        assert_eq!(names.find("nobody"), Err(NameError::Unknown("nobody".to_owned())));
        assert_eq!(names.find(""), Err(NameError::Unknown(String::new())));
        let twins = names.find("twin").unwrap_err().to_string();
        assert!(
            twins.contains(&session(3).to_string()) && twins.contains(&session(4).to_string()),
            "{twins}"
        );
        assert!(matches!(names.find("HOUSE"), Err(NameError::Ambiguous { .. })));
    }

    #[test]
    fn the_folder_decides_which_sessions_there_are_and_the_index_what_they_are_called() {
        let home = tempfile::tempdir().unwrap();
        for first in [0, 1, 9] {
            std::fs::create_dir_all(home.path().join("sessions").join(session(first).to_string())).unwrap();
        }
        std::fs::create_dir(home.path().join("sessions/not a session")).unwrap();
        names().write(&RealDisk, home.path()).unwrap();
        let read = Names::read(&RealDisk, home.path()).unwrap();
        let listed = read.iter().collect::<Vec<_>>();
        assert_eq!(
            listed,
            [(session(0), Some("Fuzzy Penguin")), (session(1), Some("house")), (session(9), None)]
        );
        std::fs::write(home.path().join("names"), b"\xff\xff damaged").unwrap();
        assert_eq!(Names::read(&RealDisk, home.path()).unwrap().iter().count(), 3);
    }
}
