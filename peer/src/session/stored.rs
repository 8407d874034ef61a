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

/// What a log holds, as the document takes it.
pub(super) struct Held<'a> {
    pub(super) stored: Stored,
    /// The snapshot's document, as Automerge saved it.
    pub(super) document: Option<&'a [u8]>,
}

/// Reads a log; `None` when it does not even say who founded the session.
pub(super) fn read(session: SessionId, recovered: &Recovered) -> Result<Option<Held<'_>>, SessionError> {
    let mut origin = None;
    let (mut snapshot, mut document) = (None, None);
    let mut records = Vec::new();
    let mut proofs = Vec::new();
    for (kind, body) in recovered.records() {
        match kind {
            RecordKind::Origin => origin = Some(parse::<SessionOrigin>(session, "origin", body)?),
            RecordKind::Change => records.push(parse::<Record>(session, "change", body)?),
            RecordKind::Proof => proofs.push(parse::<Proof>(session, "proof", body)?),
            // It stands for all before it, of which some may have fallen out since.
            RecordKind::Snapshot => {
                (snapshot, document) = (Some(parse::<WholeDocument>(session, "snapshot", body)?), None);
                records.clear();
                proofs.clear();
            }
            RecordKind::Document => document = Some(body),
        }
    }
    let stored = origin.map(|origin| Stored { origin, snapshot, records, proofs });
    Ok(stored.map(|stored| Held { stored, document }))
}

fn parse<T: DeserializeOwned>(
    session: SessionId,
    what: &'static str,
    body: &[u8],
) -> Result<T, SessionError> {
    postcard::from_bytes(body).map_err(|_| SessionError::Unreadable { session, what })
}
