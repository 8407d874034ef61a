//! The tables.

use std::path::Path;

use rusqlite::Connection;

use super::super::StorageError;

/// The version of the tables below.
const VERSION: i64 = 1;

/// From how many pages of the write-ahead log on it is brought into the file: sixteen megabytes, so that this happens seldom.
const PAGES_A_CHECKPOINT: i64 = 4_096;

/// Numbers of rows are never used twice (`AUTOINCREMENT`), so a picture that is not current can never come to look so.
const TABLES: &str = "
CREATE TABLE sessions (
    id BLOB PRIMARY KEY, origin BLOB NOT NULL, owner BLOB, parent TEXT, remix_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, last_accessed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE rows (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    session BLOB NOT NULL, kind INTEGER NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL
);
CREATE UNIQUE INDEX rows_by_hash ON rows (session, hash);
CREATE INDEX rows_of_session ON rows (session);
CREATE TABLE pictures (session BLOB PRIMARY KEY, newest_row INTEGER, body BLOB NOT NULL);
CREATE TABLE beats (
    id BLOB PRIMARY KEY, session BLOB NOT NULL, name TEXT NOT NULL, author BLOB NOT NULL,
    published_at INTEGER NOT NULL, state BLOB NOT NULL, program BLOB NOT NULL
);
CREATE INDEX beats_of_session ON beats (session, published_at);
";

/// Makes a connection ready for writing, and the tables where there are none.
pub(super) fn prepare(database: &mut Connection, path: &Path) -> Result<(), StorageError> {
    let found = set_up(database)
        .map_err(|error| StorageError::Open { path: path.to_owned(), reason: error.to_string() })?;
    if found == VERSION {
        Ok(())
    } else {
        Err(StorageError::Version { path: path.to_owned(), found, known: VERSION })
    }
}

fn set_up(database: &mut Connection) -> rusqlite::Result<i64> {
    let found = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found != 0 && found != VERSION {
        return Ok(found);
    }
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.pragma_update(None, "wal_autocheckpoint", PAGES_A_CHECKPOINT)?;
    if found == 0 {
        let transaction = database.transaction()?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    Ok(VERSION)
}
