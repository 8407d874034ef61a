//! What the writing connection does.

use peer::clock::HostClock;
use rusqlite::{Connection, params};
use score::id::SessionId;

use super::super::{Beat, Founding, Lineage, Row, RowKind, StorageError};
use super::read::write_origin;

/// Something to write. Each is written whole or not at all.
#[derive(Debug)]
pub(super) enum Work {
    /// Makes a session.
    Found(Box<Founding>),
    /// Adds rows to a session.
    Append(SessionId, Vec<Row>),
    /// Replaces a session's picture.
    Picture(SessionId, Vec<u8>),
    /// Forgets a session without rows.
    Forget(SessionId),
    /// Notes that a session was loaded.
    Accessed(SessionId),
    /// Adds a beat.
    Publish(Box<Beat>),
}

/// Writes into the transaction that is open. Tells whether anything is different.
pub(super) fn carry_out(database: &Connection, work: &Work) -> Result<bool, StorageError> {
    match work {
        Work::Found(founding) => found(database, founding),
        Work::Append(session, rows) => append(database, *session, rows),
        Work::Picture(session, body) => keep_picture(database, *session, body),
        Work::Forget(session) => forget(database, *session),
        Work::Accessed(session) => {
            let note = "UPDATE sessions SET last_accessed_at = ?2 WHERE id = ?1";
            Ok(database.prepare_cached(note)?.execute(params![session.0, HostClock::calendar().0])? > 0)
        }
        Work::Publish(beat) => publish(database, beat),
    }
}

fn found(database: &Connection, founding: &Founding) -> Result<bool, StorageError> {
    let session = founding.origin.id();
    let made = database
        .prepare_cached(
            "INSERT OR IGNORE INTO sessions (id, origin, owner, parent, created_at, updated_at, last_accessed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)",
        )?
        .execute(params![
            session.0,
            write_origin(&founding.origin),
            founding.owner.map(|owner| owner.0),
            founding.parent.map(|parent| parent.to_string()),
            founding.at.0,
        ])?;
    if made == 0 {
        return Ok(false);
    }
    add_rows(database, session, &founding.rows)?;
    if let Some(picture) = &founding.picture {
        keep_picture(database, session, picture)?;
    }
    if let Some(Lineage::Session(parent)) = founding.parent {
        let count = "UPDATE sessions SET remix_count = remix_count + 1 WHERE id = ?1";
        database.prepare_cached(count)?.execute([parent.0])?;
    }
    Ok(true)
}

fn append(database: &Connection, session: SessionId, rows: &[Row]) -> Result<bool, StorageError> {
    let note = "UPDATE sessions SET updated_at = ?2 WHERE id = ?1";
    let known = database.prepare_cached(note)?.execute(params![session.0, HostClock::calendar().0])?;
    if known == 0 {
        return Err(StorageError::NoSession);
    }
    add_rows(database, session, rows)
}

fn add_rows(database: &Connection, session: SessionId, rows: &[Row]) -> Result<bool, StorageError> {
    let mut added = 0;
    for row in rows {
        if row.kind == RowKind::Snapshot {
            database.prepare_cached("DELETE FROM rows WHERE session = ?1")?.execute([session.0])?;
        }
        let hash = blake3::hash(&row.body);
        added += database
            .prepare_cached("INSERT OR IGNORE INTO rows (session, kind, hash, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![session.0, row.kind as u8, &hash.as_bytes()[..16], row.body])?;
    }
    Ok(added > 0)
}

fn keep_picture(database: &Connection, session: SessionId, body: &[u8]) -> Result<bool, StorageError> {
    let replace = "INSERT OR REPLACE INTO pictures (session, newest_row, body)
                   VALUES (?1, (SELECT MAX(number) FROM rows WHERE session = ?1), ?2)";
    Ok(database.prepare_cached(replace)?.execute(params![session.0, body])? > 0)
}

fn forget(database: &Connection, session: SessionId) -> Result<bool, StorageError> {
    let forget = "DELETE FROM sessions WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM rows WHERE session = ?1)";
    let forgotten = database.prepare_cached(forget)?.execute([session.0])? > 0;
    if forgotten {
        database.prepare_cached("DELETE FROM pictures WHERE session = ?1")?.execute([session.0])?;
    }
    Ok(forgotten)
}

fn publish(database: &Connection, beat: &Beat) -> Result<bool, StorageError> {
    let facts = &beat.facts;
    let added = database
        .prepare_cached(
            "INSERT OR IGNORE INTO beats (id, session, name, author, published_at, state, program)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            facts.id.0,
            facts.session.0,
            facts.name,
            facts.author.0,
            facts.published_at.0,
            beat.state,
            beat.program,
        ])?;
    Ok(added > 0)
}
