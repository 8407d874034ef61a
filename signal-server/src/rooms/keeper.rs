//! The room's side of the storage: hands over what is to be kept, and knows how far it has come.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crdt_model::Session;
use futures_util::FutureExt;
use jam::{Entry, Ticket};
use score::id::SessionId;
use serde::Serialize;
use tokio::time::Instant;

use crate::metrics::Metrics;
use crate::storage::{Receipt, Row, RowKind, Storage, StorageError};

/// From how many single changes on they are replaced by a snapshot when the room closes. Reading that many back one by one takes
/// some tens of milliseconds.
const COMPACT_ON_CLOSING: usize = 1_024;

/// From how many on they are replaced while the room is open; more when the session is long, so that what is written anew each
/// time stays in proportion to what was added.
const COMPACT_WHILE_OPEN: usize = 8_192;

/// How long after a change the picture is renewed: it is there for a server that was killed, since a room draws one on closing.
const PICTURE_AFTER: Duration = Duration::from_secs(10);

/// Rows on their way.
struct Waiting {
    ticket: Ticket,
    receipt: Receipt,
    since: Instant,
}

/// What is on its way to the storage.
pub(super) struct Keeper {
    session: SessionId,
    storage: Arc<dyn Storage>,
    metrics: Arc<Metrics>,
    /// Rows that go together, once the event at hand has been dealt with.
    rows: Vec<Row>,
    waiting: VecDeque<Waiting>,
    newest: Ticket,
    /// Changes that the storage holds one by one.
    changes: usize,
    picture_due: Option<Instant>,
}

/// A row's body.
pub(super) fn body<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("plain data has an encoding")
}

impl Keeper {
    pub(super) fn new(
        session: SessionId,
        changes: usize,
        storage: Arc<dyn Storage>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (rows, waiting) = (Vec::new(), VecDeque::new());
        let newest = Ticket::default();
        Self { session, storage, metrics, rows, waiting, newest, changes, picture_due: None }
    }

    /// Notes entries, to be handed over by [`flush`](Self::flush).
    pub(super) fn keep(&mut self, ticket: Ticket, entries: Vec<Entry>) {
        for entry in entries {
            let (kind, body) = match entry {
                Entry::Change(record) => (RowKind::Change, body(&record)),
                Entry::Proof(proof) => (RowKind::Proof, body(&proof)),
                Entry::Snapshot(whole) => (RowKind::Snapshot, body(&whole)),
            };
            self.changes = if kind == RowKind::Snapshot { 0 } else { self.changes + 1 };
            self.rows.push(Row { kind, body });
        }
        self.newest = ticket;
    }

    /// Hands over what was noted. Waits only while thousands of others' rows are on their way already.
    pub(super) async fn flush(&mut self) -> Result<(), StorageError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let since = Instant::now();
        let receipt = self.storage.append(self.session, std::mem::take(&mut self.rows)).await?;
        self.waiting.push_back(Waiting { ticket: self.newest, receipt, since });
        self.picture_due.get_or_insert(since + PICTURE_AFTER);
        Ok(())
    }

    /// Returns the newest ticket that is durable, when another one is.
    pub(super) async fn progress(&mut self) -> Result<Ticket, StorageError> {
        let Some(first) = self.waiting.front_mut() else { return std::future::pending().await };
        (&mut first.receipt).await?;
        let mut newest = self.durable();
        // One commit makes many durable.
        while let Some(next) = self.waiting.front_mut() {
            match (&mut next.receipt).now_or_never() {
                Some(kept) => kept?,
                None => break,
            }
            newest = self.durable();
        }
        Ok(newest)
    }

    fn durable(&mut self) -> Ticket {
        let Some(first) = self.waiting.pop_front() else { return Ticket::default() };
        self.metrics.stored_within(first.since.elapsed());
        first.ticket
    }

    /// Whether nothing waits to become durable.
    pub(super) fn is_durable(&self) -> bool {
        self.rows.is_empty() && self.waiting.is_empty()
    }

    /// The newest ticket that was noted; all is durable when it is.
    pub(super) fn newest(&self) -> Ticket {
        self.newest
    }

    /// When [`renew`](Self::renew) is to be called.
    pub(super) fn picture_due(&self) -> Option<Instant> {
        self.picture_due
    }

    /// Replaces many single changes by a snapshot, and draws the picture.
    pub(super) async fn renew(&mut self, session: &mut Session) -> Result<(), StorageError> {
        self.picture_due = None;
        if session.is_empty() {
            return Ok(());
        }
        if self.changes >= COMPACT_WHILE_OPEN && 2 * self.changes >= session.admission().len() {
            self.compact(session).await?;
        }
        // Should it be lost, the next opening takes longer: nobody waits for it.
        drop(self.storage.keep_picture(self.session, session.checkpoint().write()).await?);
        Ok(())
    }

    async fn compact(&mut self, session: &mut Session) -> Result<(), StorageError> {
        let whole = Row { kind: RowKind::Snapshot, body: body(&session.snapshot()) };
        let document = Row { kind: RowKind::Document, body: session.automerge() };
        let too_long = |row: &Row| row.body.len() > crate::storage::MAX_ROW_BYTES;
        if too_long(&whole) {
            return Ok(());
        }
        let rows = [whole, document].into_iter().filter(|row| !too_long(row)).collect();
        drop(self.storage.append(self.session, rows).await?);
        self.changes = 0;
        Ok(())
    }

    /// Waits until everything is durable, compacted and drawn. A session of which nothing has arrived is forgotten.
    pub(super) async fn close(&mut self, session: &mut Session) -> Result<(), StorageError> {
        self.flush().await?;
        if session.is_empty() {
            return self.storage.forget(self.session).await;
        }
        if self.changes >= COMPACT_ON_CLOSING {
            self.compact(session).await?;
            self.picture_due.get_or_insert_with(Instant::now);
        }
        if self.picture_due.take().is_some() {
            self.storage.keep_picture(self.session, session.checkpoint().write()).await?.await?;
        }
        while let Some(waiting) = self.waiting.pop_front() {
            waiting.receipt.await?;
        }
        Ok(())
    }
}
