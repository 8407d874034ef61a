//! Which servers keep which session.

use std::collections::BTreeMap;
use std::path::Path;

use score::id::SessionId;

use super::HomeError;
use super::whole::write_whole;
use crate::net::MAX_URL_BYTES;
use crate::server::{ServerAddress, ServerError};
use crate::store::Disk;

/// How many servers keep one session at most: one, and one that it moves to.
pub(crate) const MAX_SESSION_SERVERS: usize = 4;

/// The longest index that is read, in bytes: a hundred thousand sessions on a server each.
const MAX_INDEX_BYTES: u64 = 32 << 20;

/// The servers of each session, those named last first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Servers(BTreeMap<SessionId, Vec<String>>);

impl Servers {
    /// Reads the index. A missing or damaged one is as good as an empty one: the sessions themselves lie elsewhere.
    pub(super) fn read(disk: &dyn Disk, home: &Path) -> Self {
        let index = disk.read(&home.join("servers"), MAX_INDEX_BYTES).ok().flatten().unwrap_or_default();
        let mut sessions =
            postcard::from_bytes::<BTreeMap<SessionId, Vec<String>>>(&index).unwrap_or_default();
        for servers in sessions.values_mut() {
            servers.retain(|server| server.len() <= MAX_URL_BYTES);
            servers.truncate(MAX_SESSION_SERVERS);
        }
        Self(sessions)
    }

    /// Writes the index, whole or not at all.
    pub(super) fn write(&self, disk: &dyn Disk, home: &Path) -> Result<(), HomeError> {
        let bytes = postcard::to_allocvec(&self.0).expect("maps of ids and texts always encode");
        write_whole(disk, home, "servers", &bytes)
    }

    /// Notes a server of a session; `true` if that is news. It comes first from here on.
    ///
    /// # Errors
    /// When the session has as many as it may.
    pub(super) fn add(&mut self, session: SessionId, server: &ServerAddress) -> Result<bool, ServerError> {
        let servers = self.0.entry(session).or_default();
        let server = server.to_string();
        if servers.first() == Some(&server) {
            return Ok(false);
        }
        servers.retain(|known| *known != server);
        if servers.len() >= MAX_SESSION_SERVERS {
            return Err(ServerError::TooMany(MAX_SESSION_SERVERS));
        }
        servers.insert(0, server);
        Ok(true)
    }

    /// The servers of a session.
    pub(super) fn of(&self, session: SessionId) -> Vec<ServerAddress> {
        self.0.get(&session).into_iter().flatten().filter_map(|server| server.parse().ok()).collect()
    }

    /// Takes a session out.
    pub(super) fn remove(&mut self, session: SessionId) {
        self.0.remove(&session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RealDisk;

    fn server(name: &str) -> ServerAddress {
        format!("https://{name}.example").parse().unwrap()
    }

    #[test]
    fn servers_are_remembered_the_newest_first_and_only_a_few() {
        let home = tempfile::tempdir().unwrap();
        let (ours, other) = (SessionId([1; 16]), SessionId([2; 16]));
        let mut servers = Servers::read(&RealDisk, home.path());
        assert!(servers.add(ours, &server("a")).unwrap());
        assert!(servers.add(ours, &server("b")).unwrap());
        assert!(!servers.add(ours, &server("b")).unwrap());
        assert!(servers.add(ours, &server("a")).unwrap());
        servers.write(&RealDisk, home.path()).unwrap();
        let mut servers = Servers::read(&RealDisk, home.path());
        assert_eq!(servers.of(ours), [server("a"), server("b")]);
        assert_eq!(servers.of(other), []);
        servers.add(ours, &server("c")).unwrap();
        servers.add(ours, &server("d")).unwrap();
        let refused = servers.add(ours, &server("e")).unwrap_err().to_string();
        assert!(refused.contains("at most 4"), "{refused}");
        servers.remove(ours);
        assert_eq!(servers.of(ours), []);
    }

    #[test]
    fn a_damaged_index_is_as_good_as_none() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("servers"), [0xff; 100]).unwrap();
        assert_eq!(Servers::read(&RealDisk, home.path()), Servers::default());
    }
}
