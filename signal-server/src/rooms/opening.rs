//! How a session comes into memory.

use crdt_model::trust::{ActorNonce, Identity};
use crdt_model::{Session, Stored};
use serde::de::DeserializeOwned;

use super::RoomError;
use crate::storage::{History, RowKind};

/// A session in memory.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) session: Session,
    /// Changes that the storage holds one by one.
    pub(super) changes: usize,
}

/// Random bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], RoomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RoomError::Random(error.to_string()))?;
    Ok(bytes)
}

/// Loads a session on a thread where the time that it takes holds nobody up.
pub(super) async fn open(identity: Identity, history: History) -> Result<Opened, RoomError> {
    let opened = tokio::task::spawn_blocking(move || open_now(identity, history)).await;
    opened.map_err(|error| RoomError::Load(error.to_string()))?
}

/// Every opening writes as an actor of its own, by a nonce that is drawn here and never stored.
fn open_now(identity: Identity, history: History) -> Result<Opened, RoomError> {
    let mut stored =
        Stored { origin: history.origin, snapshot: None, records: Vec::new(), proofs: Vec::new() };
    let mut document = None;
    for row in history.rows {
        match row.kind {
            RowKind::Change => stored.records.push(parse("change", &row.body)?),
            RowKind::Proof => stored.proofs.push(parse("proof", &row.body)?),
            RowKind::Snapshot => stored.snapshot = Some(parse("snapshot", &row.body)?),
            RowKind::Document => document = Some(row.body),
        }
    }
    let changes = stored.records.len();
    let nonce = ActorNonce(random()?);
    if changes == 0 && stored.snapshot.is_none() {
        let session = Session::join(identity, nonce, history.origin);
        return Ok(Opened { session, changes });
    }
    let session = Session::load_with(identity, nonce, stored, document.as_deref());
    Ok(Opened { session: session.map_err(|error| RoomError::Load(error.to_string()))?, changes })
}

fn parse<T: DeserializeOwned>(what: &str, body: &[u8]) -> Result<T, RoomError> {
    postcard::from_bytes(body).map_err(|_| RoomError::Load(format!("a {what} in it cannot be read")))
}
