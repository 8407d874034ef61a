//! A session that the server founds for somebody.

use crdt_model::trust::{Identity, Record};
use crdt_model::{FoundingRandom, Session};
use peer::clock::HostClock;
use score::Score;
use score::id::PlayerKey;

use super::RoomError;
use super::opening::random;
use crate::storage::{Founding, Lineage, Row, RowKind};

/// What a new session begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The music; its name is the session's.
    pub score: Score,
    /// The player in whose name it is founded.
    pub owner: Option<PlayerKey>,
    /// What it is a remix of.
    pub parent: Option<Lineage>,
}

/// Makes the session's first rows.
pub(super) async fn found(identity: Identity, beginning: Beginning) -> Result<Founding, RoomError> {
    let made = tokio::task::spawn_blocking(move || found_now(identity, beginning)).await;
    made.map_err(|error| RoomError::Load(error.to_string()))?
}

fn found_now(identity: Identity, beginning: Beginning) -> Result<Founding, RoomError> {
    let Beginning { score, owner, parent } = beginning;
    let now = HostClock::calendar();
    let random = FoundingRandom { nonce: random()?, seed: score.seed };
    let founded = Session::create_from(identity, random, &score, now);
    let (session, records) = founded.map_err(|error| RoomError::Refused(error.to_string()))?;
    let picture = Some(session.checkpoint().write());
    let rows = records.iter().map(change).collect();
    Ok(Founding { origin: session.origin(), owner, parent, at: now, rows, picture })
}

fn change(record: &Record) -> Row {
    Row { kind: RowKind::Change, body: super::keeper::body(record) }
}
