//! Everything in one `SQLite` file: for a server on one machine.
//!
//! One thread writes. It takes what waits, writes it in one transaction, and says that it is durable when the commit has reached
//! the disk (WAL with `synchronous=FULL`); what arrives meanwhile shares the next commit. Reading happens beside it, on a few
//! connections of their own.

mod read;
mod readers;
mod schema;
mod write;
mod writer;

use std::path::Path;

use rusqlite::Connection;
use score::id::SessionId;
use tokio::sync::oneshot;

use super::{
    Answer, Beat, BeatFacts, BeatId, Facts, Founding, History, Picture, Receipt, Row, Storage, StorageError,
};
use readers::Readers;
use write::Work;
use writer::Writer;

/// A storage in one file. See the module.
#[derive(Debug)]
pub struct SqliteStorage {
    writer: Writer,
    readers: Readers,
}

impl SqliteStorage {
    /// Opens the file, and makes it where there is none.
    ///
    /// # Errors
    /// When it cannot be opened, or a newer program has written it.
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        let failed =
            |error: rusqlite::Error| StorageError::Open { path: path.to_owned(), reason: error.to_string() };
        let mut writing = Connection::open(path).map_err(failed)?;
        schema::prepare(&mut writing, path)?;
        let readers = Readers::open(path).map_err(failed)?;
        Ok(Self { writer: Writer::start(writing)?, readers })
    }

    /// Hands work over; the answer is ready when it is durable.
    async fn hand_over(
        &self,
        work: Work,
    ) -> Result<oneshot::Receiver<Result<bool, StorageError>>, StorageError> {
        self.writer.hand_over(work).await
    }

    /// Has work done and waits until it is durable.
    async fn carry_out(&self, work: Work) -> Result<bool, StorageError> {
        self.hand_over(work).await?.await.map_err(|_| StorageError::Closed)?
    }

    async fn receipt(&self, work: Work) -> Result<Receipt, StorageError> {
        let durable = self.hand_over(work).await?;
        Ok(Box::pin(async { durable.await.map_err(|_| StorageError::Closed)?.map(drop) }))
    }
}

fn check_length(rows: &[Row]) -> Result<(), StorageError> {
    let too_long = rows.iter().find(|row| row.body.len() > super::MAX_ROW_BYTES);
    too_long.map_or(Ok(()), |row| Err(StorageError::TooLong(row.body.len())))
}

impl Storage for SqliteStorage {
    fn found(&self, founding: Founding) -> Answer<'_, bool> {
        Box::pin(async {
            check_length(&founding.rows)?;
            self.carry_out(Work::Found(Box::new(founding))).await
        })
    }

    fn append(&self, session: SessionId, rows: Vec<Row>) -> Answer<'_, Receipt> {
        Box::pin(async move {
            check_length(&rows)?;
            self.receipt(Work::Append(session, rows)).await
        })
    }

    fn keep_picture(&self, session: SessionId, body: Vec<u8>) -> Answer<'_, Receipt> {
        Box::pin(self.receipt(Work::Picture(session, body)))
    }

    fn forget(&self, session: SessionId) -> Answer<'_, ()> {
        Box::pin(async move { self.carry_out(Work::Forget(session)).await.map(drop) })
    }

    fn load(&self, session: SessionId) -> Answer<'_, Option<History>> {
        Box::pin(async move {
            let history = self.readers.read(move |database| read::history(database, session)).await?;
            if history.is_some() {
                // Nobody waits for the note, which is worth nothing beside the history.
                self.hand_over(Work::Accessed(session)).await?;
            }
            Ok(history)
        })
    }

    fn facts(&self, session: SessionId) -> Answer<'_, Option<Facts>> {
        Box::pin(self.readers.read(move |database| read::facts(database, session)))
    }

    fn picture(&self, session: SessionId) -> Answer<'_, Option<Picture>> {
        Box::pin(self.readers.read(move |database| read::picture(database, session)))
    }

    fn publish(&self, beat: Beat) -> Answer<'_, bool> {
        Box::pin(self.carry_out(Work::Publish(Box::new(beat))))
    }

    fn beat(&self, id: BeatId) -> Answer<'_, Option<Beat>> {
        Box::pin(self.readers.read(move |database| read::beat(database, id)))
    }

    fn beats_of(&self, session: SessionId) -> Answer<'_, Vec<BeatFacts>> {
        Box::pin(self.readers.read(move |database| read::beats_of(database, session)))
    }

    fn trouble(&self) -> Option<String> {
        self.writer.trouble()
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(self.writer.close())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::suite::{self, Place};
    use super::*;

    struct File(tempfile::TempDir);

    impl Place for File {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn open(&self) -> Arc<dyn Storage> {
            Arc::new(SqliteStorage::open(&self.0.path().join("sessions.sqlite")).unwrap())
        }
    }

    suite::storage_tests!(File);

    #[test]
    fn a_file_of_a_newer_program_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.sqlite");
        drop(SqliteStorage::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let refused = SqliteStorage::open(&path).unwrap_err().to_string();
        assert!(refused.contains("version 99") && refused.contains("newer program"), "{refused}");
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions.sqlite");
        std::fs::write(&path, "kick X...X...X...X...".repeat(100)).unwrap();
        assert!(matches!(SqliteStorage::open(&path), Err(StorageError::Open { .. })));
    }
}
