//! The session's side of the store: hands over what is to be kept, and knows how far the disk has come.

use std::collections::VecDeque;
use std::time::Duration;

use crdt_model::Session;
use jam::{Entry, Ticket};
use tokio::sync::watch;
use tokio::time::Instant;

use super::opening::Opened;
use super::stored::body;
use crate::store::{Durable, RecordKind, StoreError, Writer};

/// From how many single changes on a log is replaced by a snapshot when the session closes. Reading that many back
/// one by one takes some tens of milliseconds.
const COMPACT_FROM_CHANGES: usize = 1_024;

/// How long after the last change the checkpoint is written: past the end of a gesture, before the player walks off.
const CHECKPOINT_AFTER: Duration = Duration::from_secs(2);

/// What is on its way to the disk.
#[derive(Debug)]
pub(super) struct Keeper {
    writer: Writer,
    durable: watch::Receiver<Durable>,
    /// The log's tickets and the session's, which count apart.
    tickets: VecDeque<(crate::store::Ticket, Ticket)>,
    newest: Ticket,
    changes: usize,
    checkpoint_due: Option<Instant>,
}

impl Keeper {
    /// Starts the writer of a session that has just been opened.
    pub(super) fn start(opened: Opened) -> (Self, Session) {
        let Opened { session, log, changes } = opened;
        let writer = Writer::start(log);
        let durable = writer.durable();
        // A log that was just founded or loaded gets its first checkpoint like any change.
        let checkpoint_due = Some(Instant::now() + CHECKPOINT_AFTER);
        let newest = Ticket::default();
        (Self { writer, durable, tickets: VecDeque::new(), newest, changes, checkpoint_due }, session)
    }

    /// Hands entries over, all under one ticket. Waits only while thousands are on their way already.
    pub(super) async fn keep(&mut self, ticket: Ticket, entries: Vec<Entry>) -> Result<(), StoreError> {
        let mut handed = self.writer.appended();
        for entry in entries {
            let (kind, body) = match entry {
                Entry::Change(record) => (RecordKind::Change, body(&record)),
                Entry::Proof(proof) => (RecordKind::Proof, body(&proof)),
                Entry::Snapshot(whole) => (RecordKind::Snapshot, body(&whole)),
            };
            handed = self.writer.append(kind, body).await?;
            self.changes = if kind == RecordKind::Snapshot { 0 } else { self.changes + 1 };
        }
        self.tickets.push_back((handed, ticket));
        self.newest = ticket;
        self.checkpoint_due = Some(Instant::now() + CHECKPOINT_AFTER);
        Ok(())
    }

    /// Returns when the disk has come further, or refuses.
    pub(super) async fn progress(&mut self) -> Result<(), StoreError> {
        self.durable.changed().await.map_err(|_| StoreError::Closed)
    }

    /// The newest of the session's tickets that is durable, if that is news.
    pub(super) fn stored(&mut self) -> Option<Ticket> {
        let up_to = self.durable.borrow_and_update().up_to;
        let mut newest = None;
        while let Some((_, ticket)) = self.tickets.pop_front_if(|(handed, _)| *handed <= up_to) {
            newest = Some(ticket);
        }
        newest
    }

    /// The newest ticket that was handed over; all is saved when it is durable.
    pub(super) fn newest(&self) -> Ticket {
        self.newest
    }

    /// The newest ticket that is durable.
    pub(super) fn newest_stored(&self) -> Ticket {
        self.tickets.front().map_or(self.newest, |(_, ticket)| Ticket(ticket.0 - 1))
    }

    /// Why the disk refuses to write, if it does.
    pub(super) fn trouble(&self) -> Option<String> {
        self.durable.borrow().trouble.clone()
    }

    /// When [`checkpoint`](Self::checkpoint) is to be called.
    pub(super) fn checkpoint_due(&self) -> Option<Instant> {
        self.checkpoint_due
    }

    /// Writes a picture of the session for the next opening.
    pub(super) async fn checkpoint(&mut self, session: &Session) -> Result<(), StoreError> {
        self.checkpoint_due = None;
        if session.is_empty() {
            return Ok(());
        }
        self.writer.checkpoint(session.checkpoint().write()).await
    }

    /// Makes everything durable and ends. A long log is replaced by a snapshot, so that the next opening is quick.
    pub(super) async fn close(mut self, session: &mut Session) -> Result<(), StoreError> {
        if self.changes >= COMPACT_FROM_CHANGES && !session.is_empty() {
            let origin = (RecordKind::Origin, body(&session.origin()));
            let whole = (RecordKind::Snapshot, body(&session.snapshot()));
            // A snapshot past its bound cannot be stored; the log of single changes can.
            if whole.1.len() <= RecordKind::Snapshot.max_body_bytes() {
                let mut records = vec![origin, whole, (RecordKind::Document, session.automerge())];
                records.retain(|(kind, body)| body.len() <= kind.max_body_bytes());
                self.writer.compact(records).await?;
                // A checkpoint says where its log ends, which is elsewhere from here on.
                self.checkpoint_due = Some(Instant::now());
            }
        }
        if self.checkpoint_due.is_some() {
            self.checkpoint(session).await?;
        }
        self.writer.close().await
    }
}
