//! How a session comes into memory: founded, loaded, or joined and still empty.

use crdt_model::trust::{ActorNonce, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use score::Score;
use score::id::SessionId;

use super::SessionError;
use super::stored::{self, Held, body};
use crate::clock::HostClock;
use crate::home::Home;
use crate::store::{Log, RecordKind, Recovered};

/// Which session to open.
#[derive(Debug)]
pub enum Opening {
    /// Found one with this name.
    Found(String),
    /// Found one that begins as this score.
    FoundFrom(Box<Score>),
    /// One of this home.
    Here(SessionId),
    /// Somebody else's, by what an invitation says; it may be here already.
    Join(SessionOrigin),
}

impl Opening {
    /// Which session it is, unless it is yet to be founded.
    pub(crate) fn id(&self) -> Option<SessionId> {
        match self {
            Self::Here(session) => Some(*session),
            Self::Join(origin) => Some(origin.id()),
            Self::Found(_) | Self::FoundFrom(_) => None,
        }
    }
}

/// A session in memory, and its log.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) session: Session,
    pub(super) log: Log,
    /// Changes that the log holds one by one.
    pub(super) changes: usize,
}

/// Random bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], SessionError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| SessionError::Random(error.to_string()))?;
    Ok(bytes)
}

/// Opens a session. Reads and writes files, so not for a thread that others wait on.
///
/// Every opening writes as an actor of its own, by a nonce that is drawn here and never stored.
pub(super) fn open(home: &Home, opening: Opening) -> Result<Opened, SessionError> {
    let identity = Identity::from_secret(home.secret());
    match opening {
        Opening::Found(name) => {
            let founded = Session::create(identity, founding_random()?, &name, HostClock::calendar())?;
            found(home, founded)
        }
        Opening::FoundFrom(score) => {
            let founded = Session::create_from(identity, founding_random()?, &score, HostClock::calendar())?;
            found(home, founded)
        }
        Opening::Here(session) => {
            // Looked for before the log is opened, which would make an empty one.
            if !home.session_folder(session).is_dir() {
                return Err(SessionError::Missing(session));
            }
            load(home, session, identity, None)
        }
        Opening::Join(origin) => load(home, origin.id(), identity, Some(origin)),
    }
}

fn founding_random() -> Result<FoundingRandom, SessionError> {
    Ok(FoundingRandom { nonce: random()?, seed: u64::from_le_bytes(random()?) })
}

/// Stores what a session begins with. It is durable before anybody hears of the session.
fn found(
    home: &Home,
    (session, records): (Session, Vec<crdt_model::trust::Record>),
) -> Result<Opened, SessionError> {
    let (mut log, _) = open_log(home, session.id())?;
    log.append(RecordKind::Origin, &body(&session.origin()))?;
    for record in &records {
        log.append(RecordKind::Change, &body(record))?;
    }
    log.commit()?;
    Ok(Opened { session, log, changes: records.len() })
}

fn load(
    home: &Home,
    id: SessionId,
    identity: Identity,
    invited: Option<SessionOrigin>,
) -> Result<Opened, SessionError> {
    let (mut log, recovered) = open_log(home, id)?;
    let nonce = ActorNonce(random()?);
    if let Some(Held { stored, document }) = stored::read(id, &recovered)? {
        let changes = stored.records.len();
        let session = Session::load_with(identity, nonce, stored, document);
        let session = session.map_err(|source| SessionError::Load { session: id, source })?;
        return Ok(Opened { session, log, changes });
    }
    let origin = invited.ok_or(SessionError::Missing(id))?;
    log.append(RecordKind::Origin, &body(&origin))?;
    log.commit()?;
    Ok(Opened { session: Session::join(identity, nonce, origin), log, changes: 0 })
}

fn open_log(home: &Home, session: SessionId) -> Result<(Log, Recovered), SessionError> {
    let folder = home.session_folder(session);
    let (log, recovered) = Log::open(home.disk(), &folder, &session.to_string())?;
    if recovered.cut_bytes > 0 {
        tracing::warn!(bytes = recovered.cut_bytes, "set aside the damaged end of a session's log");
    }
    Ok((log, recovered))
}
