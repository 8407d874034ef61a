//! Connections that only read, beside the one that writes.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::super::StorageError;

/// How many may read at once; more wait.
const MAX_READERS: usize = 4;

/// The connections. Each is lent to one reader at a time.
#[derive(Debug)]
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    places: Semaphore,
}

impl Readers {
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let free = (0..MAX_READERS).map(|_| Connection::open_with_flags(path, flags));
        let free = free.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(Self { free: Arc::new(Mutex::new(free)), places: Semaphore::new(MAX_READERS) })
    }

    /// Reads on a thread where waiting for the disk holds nobody up.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let place = self.places.acquire().await.map_err(|_| StorageError::Closed)?;
        let free = self.free.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let connection = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = connection.ok_or(StorageError::Closed)?;
            let answer = read(&connection);
            free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            answer
        });
        let answer = reading.await.map_err(|_| StorageError::Closed)?;
        drop(place);
        answer
    }
}
