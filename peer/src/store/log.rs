//! The log of one session: records appended in order, durable in groups.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::log_end::LogEnd;
use super::record::{self, ChecksumKey};
use super::recovery::{self, FILE_HEADER, Recovered};
use super::{Disk, File, RecordKind, StoreError, checkpoint};

/// The longest log that is read back, in bytes. Compaction begins three orders of magnitude below this.
const MAX_LOG_BYTES: u64 = 2 << 30;

/// How much may wait in memory for a disk that refuses to write: more than any evening's edits.
const MAX_WAITING_BYTES: usize = 128 << 20;

/// The place of a record in the order of all records appended since the log was opened, from 1.
/// Everything up to a ticket is durable once [`Log::commit`] has returned that ticket or a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ticket(pub(super) u64);

/// An append-only file of checksummed records.
///
/// `append` only remembers; `commit` writes and syncs all that was remembered, so a hundred edits cost one `fsync`.
/// After an error nothing is forgotten: the next `commit` opens the file anew, cuts off whatever the failed attempt
/// left, and writes again from memory. (Syncing once more would not do: after a failed `fsync` the kernel may count
/// pages as clean that never reached the disk.)
#[derive(Debug)]
pub struct Log {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    path: PathBuf,
    session: String,
    key: ChecksumKey,
    /// `None` after an error, and until the damaged end that opening found has been cut off.
    file: Option<Box<dyn File>>,
    /// Whether the folder's names still have to be synced before anything in the file counts as durable.
    names_unsynced: bool,
    durable_bytes: u64,
    /// Records that are not durable, encoded for their places after `durable_bytes`.
    waiting: Vec<u8>,
    appended: Ticket,
    durable: Ticket,
    /// Where the log ends once all is durable; `None` while it holds no record.
    end: Option<LogEnd>,
}

impl Log {
    /// Opens the log in `folder`, making both where they are missing. Whatever a crash left behind, it opens: a torn
    /// end is cut off and set aside, a half-finished compaction is dropped.
    ///
    /// `session` becomes part of every checksum, so a log copied into another session's folder reads as empty.
    ///
    /// # Errors
    /// When the folder cannot be read or made, or the log is another version's.
    pub fn open(disk: Arc<dyn Disk>, folder: &Path, session: &str) -> Result<(Self, Recovered), StoreError> {
        let path = folder.join("log");
        let mut log = Self {
            disk,
            folder: folder.to_owned(),
            session: session.to_owned(),
            key: ChecksumKey::of_session(session),
            file: None,
            names_unsynced: false,
            durable_bytes: FILE_HEADER.len() as u64,
            waiting: Vec::new(),
            appended: Ticket(0),
            durable: Ticket(0),
            end: None,
            path,
        };
        let bytes = log.disk.read(&log.path, MAX_LOG_BYTES).map_err(StoreError::io("read", &log.path))?;
        let recovered = match bytes {
            Some(bytes) => recovery::scan(&log.key, &log.path, bytes)?,
            None => Recovered::default(),
        };
        log.durable_bytes = recovered.valid_len();
        log.end = recovered.end();
        // A compaction that a crash interrupted; usually there is none.
        log.disk.remove(&log.folder.join("log.new")).ok();
        if recovered.cut_bytes > 0 {
            recovery::set_aside(&*log.disk, folder, recovered.cut());
        }
        if recovered.records().len() == 0 {
            // Nothing to keep: a log that never was, or one whose beginning is gone and stands aside.
            log.create_folder()?;
            log.replace(&[])?;
        } else if let Err(error) = log.reopen() {
            // A full or read-only disk is no reason not to show the session; the first commit tries once more.
            tracing::warn!(error = error.for_log(), "opened a log that cannot be written");
        }
        Ok((log, recovered))
    }

    /// Remembers a record for the next [`commit`](Self::commit).
    ///
    /// # Errors
    /// When the body is longer than its kind allows, or too much is waiting for a disk that refuses to write.
    pub fn append(&mut self, kind: RecordKind, body: &[u8]) -> Result<Ticket, StoreError> {
        if self.waiting.len() + body.len() > MAX_WAITING_BYTES {
            return Err(StoreError::TooMuchWaiting { waiting: self.waiting.len() });
        }
        let offset = self.durable_bytes + self.waiting.len() as u64;
        if offset + body.len() as u64 > MAX_LOG_BYTES {
            return Err(StoreError::LogFull { path: self.path.clone(), max: MAX_LOG_BYTES });
        }
        let start = self.waiting.len();
        record::encode(&self.key, offset, kind, body, &mut self.waiting)?;
        let len = self.durable_bytes + self.waiting.len() as u64;
        self.end = LogEnd::new(len, offset, &self.waiting[start..]);
        self.appended.0 += 1;
        Ok(self.appended)
    }

    /// Makes every record appended so far durable and returns the ticket of the last one.
    ///
    /// # Errors
    /// When the disk refuses. All that waits still waits, and the next call tries again from the start.
    pub fn commit(&mut self) -> Result<Ticket, StoreError> {
        if !self.waiting.is_empty() || self.names_unsynced {
            if let Err(error) = self.write_waiting() {
                self.file = None;
                return Err(error);
            }
            self.durable_bytes += self.waiting.len() as u64;
            self.waiting.clear();
        }
        self.durable = self.appended;
        Ok(self.durable)
    }

    /// Puts `records` in the place of everything appended so far, in one step: after a crash the log holds either all
    /// that it held or exactly these.
    ///
    /// # Errors
    /// When a record is too long or the disk refuses. The log then holds the same records one way or the other.
    pub fn compact(&mut self, records: &[(RecordKind, &[u8])]) -> Result<(), StoreError> {
        self.commit()?;
        self.replace(records)
    }

    /// Makes everything appended so far durable, and puts `body` in the place of the checkpoint: a picture of just that. A
    /// log without a record has none.
    ///
    /// # Errors
    /// When the disk refuses; the former checkpoint then stays.
    pub fn checkpoint(&mut self, body: &[u8]) -> Result<(), StoreError> {
        self.commit()?;
        let Some(end) = self.end else { return Ok(()) };
        checkpoint::write(&*self.disk, &self.folder, &self.session, end, body)
    }

    /// The log's length on disk in bytes, what waits not counted.
    pub fn durable_bytes(&self) -> u64 {
        self.durable_bytes
    }

    /// The last record that is durable.
    pub fn durable(&self) -> Ticket {
        self.durable
    }

    fn write_waiting(&mut self) -> Result<(), StoreError> {
        self.reopen()?;
        if self.names_unsynced {
            self.disk.sync_dir(&self.folder).map_err(StoreError::io("sync", &self.folder))?;
            self.names_unsynced = false;
        }
        if let Some(file) = &mut self.file {
            file.append(&self.waiting).map_err(StoreError::io("write", &self.path))?;
            file.sync().map_err(StoreError::io("sync", &self.path))?;
        }
        Ok(())
    }

    /// Opens the file if it is not open, and cuts off all that is not known to be durable. The cut is synced by
    /// itself: otherwise a crash could keep old bytes behind the next record's.
    fn reopen(&mut self) -> Result<(), StoreError> {
        if self.file.is_none() {
            let mut file = self.disk.open_append(&self.path).map_err(StoreError::io("open", &self.path))?;
            file.truncate(self.durable_bytes).map_err(StoreError::io("cut", &self.path))?;
            file.sync().map_err(StoreError::io("sync", &self.path))?;
            self.file = Some(file);
        }
        Ok(())
    }

    fn create_folder(&self) -> Result<(), StoreError> {
        self.disk.create_dir(&self.folder).map_err(StoreError::io("make", &self.folder))?;
        if let Some(parent) = self.folder.parent() {
            self.disk.sync_dir(parent).map_err(StoreError::io("sync", parent))?;
        }
        Ok(())
    }

    /// Writes a whole log beside the old one and then takes its name.
    fn replace(&mut self, records: &[(RecordKind, &[u8])]) -> Result<(), StoreError> {
        let mut bytes = FILE_HEADER.to_vec();
        let mut last_at = bytes.len();
        for (kind, body) in records {
            last_at = bytes.len();
            record::encode(&self.key, last_at as u64, *kind, body, &mut bytes)?;
        }
        let beside = self.folder.join("log.new");
        let file = self.write_beside(&beside, &bytes).inspect_err(|_| {
            // What is left of the attempt only takes space; the next one overwrites it anyway.
            self.disk.remove(&beside).ok();
        })?;
        self.disk.rename(&beside, &self.path).map_err(StoreError::io("rename", &beside))?;
        // From here on the name leads to the other file, whether or not a crash would undo that.
        self.file = Some(file);
        self.durable_bytes = bytes.len() as u64;
        self.end = LogEnd::new(self.durable_bytes, last_at as u64, &bytes[last_at..]);
        self.names_unsynced = true;
        self.disk.sync_dir(&self.folder).map_err(StoreError::io("sync", &self.folder))?;
        self.names_unsynced = false;
        Ok(())
    }

    fn write_beside(&self, beside: &Path, bytes: &[u8]) -> Result<Box<dyn File>, StoreError> {
        let mut file = self.disk.create(beside).map_err(StoreError::io("make", beside))?;
        file.append(bytes).map_err(StoreError::io("write", beside))?;
        file.sync().map_err(StoreError::io("sync", beside))?;
        Ok(file)
    }
}
