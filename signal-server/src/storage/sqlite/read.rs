//! Questions to the database.

use crdt_model::trust::SessionOrigin;
use rusqlite::{Connection, OptionalExtension, Row as Found};
use score::UnixMillis;
use score::id::{PlayerKey, SessionId};

use super::super::{
    Beat, BeatFacts, BeatId, Facts, History, Lineage, MAX_LISTED_BEATS, Picture, Row, RowKind, StorageError,
};

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

/// The founder's key and the nonce, one after the other.
pub(super) fn write_origin(origin: &SessionOrigin) -> Vec<u8> {
    [&origin.founder.0[..], &origin.nonce].concat()
}

fn read_origin(bytes: &[u8]) -> Result<SessionOrigin, StorageError> {
    let unreadable = StorageError::Unreadable { what: "a session's founder" };
    let (founder, nonce) = bytes.split_first_chunk::<32>().ok_or(unreadable.clone())?;
    let nonce = nonce.try_into().map_err(|_| unreadable)?;
    Ok(SessionOrigin { founder: PlayerKey(*founder), nonce })
}

fn array<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N], StorageError> {
    bytes.try_into().map_err(|_| StorageError::Unreadable { what })
}

pub(super) fn history(database: &Connection, session: SessionId) -> Result<Option<History>, StorageError> {
    let origin = database
        .prepare_cached("SELECT origin FROM sessions WHERE id = ?1")?
        .query_row([session.0], |row| row.get::<_, Vec<u8>>(0))
        .optional()?;
    let Some(origin) = origin else { return Ok(None) };
    let mut statement =
        database.prepare_cached("SELECT kind, body FROM rows WHERE session = ?1 ORDER BY number")?;
    let mut found = statement.query([session.0])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let kind =
            RowKind::of(row.get(0)?).ok_or(StorageError::Unreadable { what: "a session's history" })?;
        rows.push(Row { kind, body: row.get(1)? });
    }
    Ok(Some(History { origin: read_origin(&origin)?, rows }))
}

pub(super) fn facts(database: &Connection, session: SessionId) -> Result<Option<Facts>, StorageError> {
    let mut statement = database.prepare_cached(
        "SELECT origin, owner, parent, remix_count, created_at, updated_at, last_accessed_at
         FROM sessions WHERE id = ?1",
    )?;
    let mut found = statement.query([session.0])?;
    let Some(row) = found.next()? else { return Ok(None) };
    let owner = row.get::<_, Option<Vec<u8>>>(1)?;
    let owner = owner.map(|owner| array(&owner, "a session's owner").map(PlayerKey)).transpose()?;
    Ok(Some(Facts {
        origin: read_origin(&row.get::<_, Vec<u8>>(0)?)?,
        owner,
        parent: row.get::<_, Option<String>>(2)?.as_deref().and_then(Lineage::read),
        remix_count: row.get(3)?,
        created_at: UnixMillis(row.get(4)?),
        updated_at: UnixMillis(row.get(5)?),
        last_accessed_at: UnixMillis(row.get(6)?),
    }))
}

pub(super) fn picture(database: &Connection, session: SessionId) -> Result<Option<Picture>, StorageError> {
    let mut statement = database.prepare_cached(
        "SELECT body, newest_row IS (SELECT MAX(number) FROM rows WHERE session = ?1)
         FROM pictures WHERE session = ?1",
    )?;
    let picture =
        statement.query_row([session.0], |row| Ok(Picture { body: row.get(0)?, is_current: row.get(1)? }));
    Ok(picture.optional()?)
}

const BEAT_FACTS: &str = "id, session, name, author, published_at";

fn beat_facts(row: &Found<'_>) -> Result<BeatFacts, StorageError> {
    const WHAT: &str = "a beat";
    Ok(BeatFacts {
        id: BeatId(array(&row.get::<_, Vec<u8>>(0)?, WHAT)?),
        session: SessionId(array(&row.get::<_, Vec<u8>>(1)?, WHAT)?),
        name: row.get(2)?,
        author: PlayerKey(array(&row.get::<_, Vec<u8>>(3)?, WHAT)?),
        published_at: UnixMillis(row.get(4)?),
    })
}

pub(super) fn beat(database: &Connection, id: BeatId) -> Result<Option<Beat>, StorageError> {
    let question = format!("SELECT {BEAT_FACTS}, state, program FROM beats WHERE id = ?1");
    let mut statement = database.prepare_cached(&question)?;
    let mut found = statement.query([id.0])?;
    let Some(row) = found.next()? else { return Ok(None) };
    Ok(Some(Beat { facts: beat_facts(row)?, state: row.get(5)?, program: row.get(6)? }))
}

pub(super) fn beats_of(database: &Connection, session: SessionId) -> Result<Vec<BeatFacts>, StorageError> {
    let question = format!(
        "SELECT {BEAT_FACTS} FROM beats WHERE session = ?1 ORDER BY published_at DESC, id LIMIT {MAX_LISTED_BEATS}"
    );
    let mut statement = database.prepare_cached(&question)?;
    let mut found = statement.query([session.0])?;
    let mut beats = Vec::new();
    while let Some(row) = found.next()? {
        beats.push(beat_facts(row)?);
    }
    Ok(beats)
}
