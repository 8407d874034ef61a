//! Between the document's words and the log's records.

use crdt_model::Stored;
use crdt_model::trust::{Proof, Record, SessionOrigin, WholeDocument};
use score::id::SessionId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::SessionError;
use crate::store::{RecordKind, Recovered};

/// A record's body.
pub(super) fn body<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("plain data has an encoding")
}

/// What a log holds, as the document takes it; `None` when it does not even say who founded the session.
pub(super) fn read(session: SessionId, recovered: &Recovered) -> Result<Option<Stored>, SessionError> {
    let mut origin = None;
    let mut snapshot = None;
    let mut records = Vec::new();
    let mut proofs = Vec::new();
    for (kind, body) in recovered.records() {
        match kind {
            RecordKind::Origin => origin = Some(parse::<SessionOrigin>(session, "origin", body)?),
            RecordKind::Change => records.push(parse::<Record>(session, "change", body)?),
            RecordKind::Proof => proofs.push(parse::<Proof>(session, "proof", body)?),
            // Changes that stand before it are passed over on loading, if it holds them.
            RecordKind::Snapshot => snapshot = Some(parse::<WholeDocument>(session, "snapshot", body)?),
        }
    }
    Ok(origin.map(|origin| Stored { origin, snapshot, records, proofs }))
}

fn parse<T: DeserializeOwned>(
    session: SessionId,
    what: &'static str,
    body: &[u8],
) -> Result<T, SessionError> {
    postcard::from_bytes(body).map_err(|_| SessionError::Unreadable { session, what })
}
