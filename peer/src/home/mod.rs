//! A player's home: the folder that holds who they are and all that they have made.
//!
//! ```text
//! identity      the player's 32-byte secret, readable by its owner alone
//! sessions/     one folder per session, named by its id (see `store`)
//! samples/      one FLAC file per sample, named by its hash (see `samples`)
//! names         which session is called what: an index that may be lost
//! servers       which session is kept by which servers
//! trim          by how much the sound of this machine is trimmed, in microseconds
//! lock, socket  who owns the home, and where that process listens
//! ```
//!
//! **One process owns a home**, so that one key is online once and every file has one writer. Whoever comes second
//! hands its work to the owner over a local socket ([`Home::reach`]); when the owner ends, however it ends, the next
//! one who asks takes its place, socket included.

mod error;
mod folder;
mod identity;
mod names;
mod owner;
mod servers;
mod socket;
mod trims;
mod whole;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use score::id::SessionId;
use score::time::UnixMillis;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::time::Instant;

pub use error::HomeError;
pub use folder::home_folder;
pub use identity::read_identity;
pub use names::{NameError, Names};
pub use socket::{Answers, Asked, MAX_FRAME_BYTES};

use crate::server::ServerAddress;
use crate::sound::Trim;
use crate::store::{Disk, RealDisk};
use crate::work::PeerError;
use owner::Lock;
use servers::Servers;
use trims::KeptTrim;

/// How long a process that finds the home owned tries to reach the owner. One that is just starting listens within
/// milliseconds; one that is just ending has finished its requests by then.
const REACH_FOR: Duration = Duration::from_secs(5);

/// The pause between two attempts: the operating system tells nobody when a lock comes free.
const REACH_AGAIN_AFTER: Duration = Duration::from_millis(10);

/// A home that this process owns.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    disk: Arc<dyn Disk>,
    secret: [u8; 32],
    socket: PathBuf,
    listener: UnixListener,
    /// The index is behind a lock because sessions rename themselves while others are looked up; it is held for map
    /// operations alone.
    names: Mutex<Names>,
    servers: Mutex<Servers>,
    trim: KeptTrim,
    lock: Lock,
}

/// What came of reaching for a home.
#[derive(Debug)]
pub enum Reached {
    /// Nobody owned it: this process does from here on, and has the request to carry out itself.
    Claimed(Box<Home>),
    /// Its owner has taken the request.
    Answers(Answers),
}

/// The folder of a session in the home at `home`, whether the session is there or not.
pub fn session_folder(home: &Path, session: SessionId) -> PathBuf {
    home.join("sessions").join(session.to_string())
}

impl Home {
    /// Claims the home at `path`, or hands `request` to the process that owns it.
    ///
    /// # Errors
    /// When the folder cannot be used, or its owner does not answer.
    pub async fn reach<Q: Serialize>(path: &Path, request: &Q) -> Result<Reached, HomeError> {
        let deadline = Instant::now() + REACH_FOR;
        loop {
            if let Some(home) = Self::try_claim(path)? {
                return Ok(Reached::Claimed(Box::new(home)));
            }
            let note = owner::read_note(path);
            if let Some(note) = &note
                && let Ok(stream) = UnixStream::connect(&note.socket).await
                && let Ok(asked) = tokio::time::timeout_at(deadline, Answers::ask(stream, request)).await
                && let Some(answers) = asked?
            {
                return Ok(Reached::Answers(answers));
            }
            if Instant::now() >= deadline {
                return Err(HomeError::Unanswered { home: path.to_owned(), pid: note.map(|note| note.pid) });
            }
            tokio::time::sleep(REACH_AGAIN_AFTER).await;
        }
    }

    /// Claims the home at `path`, making what is missing in it; `None` when another process owns it.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn try_claim(path: &Path) -> Result<Option<Self>, HomeError> {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let sessions = path.join("sessions");
        disk.create_dir(&sessions).map_err(HomeError::io("make", &sessions))?;
        let Some(mut lock) = Lock::try_claim(path)? else { return Ok(None) };
        let secret = identity::read_or_create_identity(&*disk, path)?;
        let names = Names::read(&*disk, path)?;
        let servers = Mutex::new(Servers::read(&*disk, path));
        let trim = KeptTrim::read(&*disk, path);
        let socket = owner::socket_path(path)?;
        // The lock is ours, so whoever listened here is dead.
        match disk.remove(&socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(HomeError::io("remove the stale", &socket)(error));
            }
            _ => {}
        }
        let listener = UnixListener::bind(&socket).map_err(HomeError::io("listen on", &socket))?;
        lock.note(&socket)?;
        let names = Mutex::new(names);
        Ok(Some(Self { path: path.to_owned(), disk, secret, socket, listener, names, servers, trim, lock }))
    }

    /// Waits for a connection of another process; [`read_request`] reads what it wants.
    ///
    /// # Errors
    /// When the socket is broken.
    pub async fn accept(&self) -> Result<UnixStream, HomeError> {
        let (stream, _) = self.listener.accept().await.map_err(HomeError::io("listen on", &self.socket))?;
        Ok(stream)
    }

    /// The player's 32-byte secret.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The disk that the home lies on.
    pub fn disk(&self) -> Arc<dyn Disk> {
        self.disk.clone()
    }

    /// The folder of a session's store.
    pub fn session_folder(&self, session: SessionId) -> PathBuf {
        session_folder(&self.path, session)
    }

    /// The sessions of this home and their names.
    pub fn names(&self) -> Names {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Removes a session of which nothing has ever arrived. It is gone from the index with its folder.
    pub(crate) fn forget(&self, session: SessionId) {
        if let Err(error) = std::fs::remove_dir_all(self.session_folder(session)) {
            tracing::debug!(%error, "could not remove an empty session");
        }
        self.names.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
        self.servers.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
    }

    /// The servers that keep a session, the one named last first.
    pub fn servers(&self, session: SessionId) -> Vec<ServerAddress> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner).of(session)
    }

    /// Remembers that a server keeps a session.
    ///
    /// # Errors
    /// When the session has as many servers as it may, or the disk refuses.
    pub(crate) fn add_server(&self, session: SessionId, server: &ServerAddress) -> Result<(), PeerError> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.add(session, server)? {
            servers.write(&*self.disk, &self.path)?;
        }
        Ok(())
    }

    /// By how much the player has trimmed the sound of this machine, and every change of it.
    pub fn trim(&self) -> watch::Receiver<Trim> {
        self.trim.watch()
    }

    /// Trims the sound of this machine from here on: that of every session that is open and of all that will be.
    ///
    /// # Errors
    /// When the disk refuses to keep it. It holds all the same until this process ends.
    pub fn set_trim(&self, trim: Trim) -> Result<(), HomeError> {
        self.trim.set(trim, &*self.disk, &self.path)
    }

    /// When a session was last written to, as far as the disk says: to order those of a home.
    pub(crate) fn touched_at(&self, session: SessionId) -> UnixMillis {
        let log = self.session_folder(session).join("log");
        let modified = std::fs::metadata(log).and_then(|log| log.modified()).ok();
        let since = modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        UnixMillis(since.as_millis() as i64)
    }

    /// Whether a session is on the player's list.
    pub(crate) fn is_listed(&self, session: SessionId) -> bool {
        // A disk that does not say so hides nothing.
        !matches!(self.disk.read(&self.unlisted_mark(session), 1), Ok(Some(_)))
    }

    /// Takes a session off the player's list, or puts it back.
    pub(crate) fn set_listed(&self, session: SessionId, listed: bool) -> Result<(), HomeError> {
        let mark = self.unlisted_mark(session);
        if !self.names().contains(session) || self.is_listed(session) == listed {
            return Ok(());
        }
        if listed {
            self.disk.remove(&mark).map_err(HomeError::io("remove", &mark))
        } else {
            self.disk.create(&mark).map(drop).map_err(HomeError::io("make", &mark))
        }
    }

    /// The file whose being there takes a session off the list.
    fn unlisted_mark(&self, session: SessionId) -> PathBuf {
        self.session_folder(session).join("unlisted")
    }

    /// Notes what a session is called. The index is a cache, so a disk that refuses it is no error.
    pub fn set_name(&self, session: SessionId, name: &str) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.set(session, name)
            && let Err(error) = names.write(&*self.disk, &self.path)
        {
            tracing::debug!(%error, "could not write the index of names");
        }
    }
}

impl Home {
    /// Gives the home up, whoever still holds this value: nothing of the home may be touched from here on.
    pub(crate) fn release(&self) {
        // Whoever is next removes the socket too; doing it here spares them a connection that nobody accepts. While the
        // lock is held it is certainly this process's own.
        if self.lock.is_held() {
            self.disk.remove(&self.socket).ok();
            self.lock.release();
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.release();
    }
}

/// Reads what a connection wants. `None` when it left or is no Offbeat of this version.
pub async fn read_request<Q: DeserializeOwned>(stream: UnixStream) -> Option<(Q, Asked)> {
    Asked::read(stream).await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn serve_one(home: &Home) -> String {
        let (request, mut asked) = read_request::<String>(home.accept().await.unwrap()).await.unwrap();
        assert!(asked.take().await.unwrap());
        assert!(asked.answer(&format!("{request}, done")).await.unwrap());
        request
    }

    async fn claim(path: &Path) -> Home {
        match Home::reach(path, &"unused").await.unwrap() {
            Reached::Claimed(home) => *home,
            Reached::Answers(_) => panic!("somebody else owns the home"),
        }
    }

    async fn ask(path: &Path, request: &str) -> Answers {
        match Home::reach(path, &request).await.unwrap() {
            Reached::Claimed(_) => panic!("nobody owns the home"),
            Reached::Answers(answers) => answers,
        }
    }

    #[tokio::test]
    async fn the_second_process_hands_its_work_to_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let home = claim(folder.path()).await;
        let (served, answer) = tokio::join!(serve_one(&home), async {
            ask(folder.path(), "edit").await.next::<String>().await.unwrap()
        });
        assert_eq!((served.as_str(), answer.as_deref()), ("edit", Some("edit, done")));
    }

    #[tokio::test]
    async fn a_long_path_is_owned_and_reached_like_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a very long name ".repeat(10));
        let home = claim(&path).await;
        let (_, answer) = tokio::join!(serve_one(&home), async {
            ask(&path, "edit").await.next::<String>().await.unwrap()
        });
        assert_eq!(answer.as_deref(), Some("edit, done"));
    }

    #[tokio::test]
    async fn a_stale_socket_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let dead = claim(folder.path()).await;
        let socket = dead.socket.clone();
        let secret = *dead.secret();
        drop(dead);
        // As a killed process leaves it: a socket in the folder on which nobody listens.
        drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
        let home = claim(folder.path()).await;
        assert_eq!(*home.secret(), secret);
        let (served, _) = tokio::join!(serve_one(&home), ask(folder.path(), "edit"));
        assert_eq!(served, "edit");
    }

    #[tokio::test]
    async fn whoever_asks_an_owner_that_leaves_without_having_begun_becomes_the_owner() {
        let folder = tempfile::tempdir().unwrap();
        let home = claim(folder.path()).await;
        let leaving = async move {
            let stream = home.accept().await.unwrap();
            drop((stream, home));
        };
        let (reached, ()) = tokio::join!(Home::reach(folder.path(), &"edit"), leaving);
        assert!(matches!(reached.unwrap(), Reached::Claimed(_)));
    }

    #[tokio::test]
    async fn an_owner_sees_its_client_leave_and_a_client_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let home = claim(folder.path()).await;
        let owner = async {
            let (_, mut asked) = read_request::<String>(home.accept().await.unwrap()).await.unwrap();
            asked.take().await.unwrap();
            asked.gone().await;
            let (_, mut asked) = read_request::<String>(home.accept().await.unwrap()).await.unwrap();
            asked.take().await.unwrap();
        };
        let client = async {
            drop(ask(folder.path(), "host").await);
            assert_eq!(ask(folder.path(), "host").await.next::<String>().await.unwrap(), None);
        };
        tokio::join!(owner, client);
    }

    #[tokio::test(start_paused = true)]
    async fn an_owner_that_does_not_listen_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let home = claim(folder.path()).await;
        std::fs::remove_file(&home.socket).unwrap();
        let refused = Home::reach(folder.path(), &"edit").await.unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    }

    #[tokio::test]
    async fn a_stranger_on_the_socket_is_turned_away_without_harm() {
        use tokio::io::AsyncWriteExt;
        let folder = tempfile::tempdir().unwrap();
        let home = claim(folder.path()).await;
        for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"offbeat1\xff\xff\xff\xff", b"offbeat1\x04\0\0\0ab"] {
            let mut stream = UnixStream::connect(&home.socket).await.unwrap();
            stream.write_all(bytes).await.unwrap();
            stream.shutdown().await.unwrap();
            assert!(read_request::<String>(home.accept().await.unwrap()).await.is_none());
        }
    }
}
