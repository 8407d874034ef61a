//! The session's side of the database.

use std::rc::Rc;

use crdt_model::Session;
use crdt_model::trust::SessionOrigin;
use jam::{Entry, Ticket};
use score::SessionId;
use view::Thumbnail;
use wasm_bindgen_futures::spawn_local;

use crate::batch::{Batch, Transaction};
use crate::browser::{self, Database, Timer, Write};
use crate::kept::{Listing, Opening as KeyedOpening, Shown, entry_key, write_entry};
use crate::mailbox::post;
use crate::news::{Due, News, Opening};
use crate::opening::not_kept;

/// From how many entries on a session is replaced by one snapshot when it is opened: reading that many back one by one takes some
/// tens of milliseconds.
const COMPACT_FROM_ENTRIES: usize = 512;

/// How long a database that refused to write is left alone, in nanoseconds: 5 s.
const RETRY_NANOS: i64 = 5_000_000_000;

/// What is on its way to the database.
#[derive(Debug)]
pub(super) struct Keeper {
    opening: Opening,
    id: SessionId,
    /// `None` where nothing is kept.
    database: Option<Rc<Database>>,
    keyed: KeyedOpening,
    /// The keys of all that this opening has read or written and not removed.
    keys: Vec<String>,
    next: u64,
    batch: Batch,
    listing: Option<Listing>,
    /// Whether the listing has changed since it was written.
    is_listed: bool,
    retry: Option<Timer>,
    complained: bool,
}

impl Keeper {
    pub(super) fn new(
        opening: Opening,
        id: SessionId,
        database: Option<Rc<Database>>,
        keyed: KeyedOpening,
        keys: Vec<String>,
    ) -> Self {
        // What is founded is written under the first numbers.
        let next = keys.len() as u64;
        Self {
            opening,
            id,
            database,
            keyed,
            keys,
            next,
            batch: Batch::default(),
            listing: None,
            is_listed: true,
            retry: None,
            complained: false,
        }
    }

    /// It is known who founded the session, so that it can be listed.
    pub(super) fn list(&mut self, origin: SessionOrigin) {
        // Opening it puts it on the list again.
        let (name, shown) = (String::new(), Shown::default());
        self.listing = Some(Listing { origin, name, opened: self.keyed.at, shown });
    }

    /// The session is called this and looks so; it is written where that is news.
    pub(super) fn describe(&mut self, name: &str, picture: Thumbnail) {
        if let Some(listing) = &mut self.listing
            && (listing.name != name || listing.shown.picture != picture)
        {
            name.clone_into(&mut listing.name);
            listing.shown.picture = picture;
            self.is_listed = false;
        }
    }

    /// Replaces a long row of entries by a snapshot, beside everything else.
    pub(super) fn compact(&mut self, session: &Session) {
        let Some(database) = self.database.clone().filter(|_| self.keys.len() >= COMPACT_FROM_ENTRIES) else {
            return;
        };
        let removed = std::mem::take(&mut self.keys);
        let snapshot = write_entry(&Entry::Snapshot(Box::new(session.snapshot())));
        let entries = vec![(self.key(), snapshot)];
        spawn_local(async move {
            // Failing that, everything stays as it was.
            database.write(&Write { listing: None, entries, removed }).await.ok();
        });
    }

    /// Takes entries in. Returns what to tell the player when they cannot be kept.
    pub(super) fn keep(&mut self, ticket: Ticket, entries: &[Entry]) -> Option<String> {
        if self.database.is_none() || self.batch.add(ticket, entries) {
            return None;
        }
        self.database = None;
        Some(not_kept("it has refused to write for too long"))
    }

    /// Begins the next transaction, unless one is under way or there is nothing to write.
    pub(super) fn flush(&mut self) {
        let Some(database) = self.database.clone().filter(|_| self.retry.is_none()) else { return };
        let Some(transaction) = self.batch.begin().cloned() else {
            if !self.is_listed && self.batch.is_idle() {
                let write = Write { listing: self.unlisted(), ..Write::default() };
                // Nobody waits for it, and it is written again with the next opening.
                spawn_local(async move { drop(database.write(&write).await) });
            }
            return;
        };
        let write = self.write(transaction);
        let opening = self.opening;
        spawn_local(async move {
            let result = database.write(&write).await.map_err(|error| error.to_string());
            post(News::Written(opening, result));
        });
    }

    /// Writes what still waits. Nobody hears of it any more.
    pub(super) fn finish(&mut self) {
        let Some(database) = self.database.clone() else { return };
        let rest = self.batch.rest();
        let write = self.write(rest);
        spawn_local(async move { drop(database.write(&write).await) });
    }

    fn write(&mut self, transaction: Transaction) -> Write {
        let mut write = Write { listing: self.unlisted(), ..Write::default() };
        for entry in transaction.entries {
            if entry.replaces_all {
                write.removed.append(&mut self.keys);
                write.entries.clear();
            }
            write.entries.push((self.key(), entry.bytes));
        }
        write
    }

    /// The transaction is durable. Returns up to which ticket everything is.
    pub(super) fn written(&mut self) -> Option<Ticket> {
        let upto = self.batch.written();
        self.complained = false;
        upto
    }

    /// The transaction has failed; it is tried again. Returns what to tell the player, once.
    pub(super) fn failed(&mut self, reason: &str) -> Option<String> {
        self.batch.failed();
        self.is_listed = false;
        let opening = self.opening;
        let at = browser::now().plus_nanos(RETRY_NANOS);
        self.retry = Some(Timer::at(at, move || post(News::Due(opening, Due::Keep))));
        (!std::mem::replace(&mut self.complained, true)).then(|| not_kept(reason))
    }

    /// The wait after a failure is over.
    pub(super) fn retry(&mut self) {
        self.retry = None;
        self.flush();
    }

    /// The listing, if it has changed since it was written.
    fn unlisted(&mut self) -> Option<(SessionId, Listing)> {
        let is_listed = std::mem::replace(&mut self.is_listed, true);
        self.listing.clone().filter(|_| !is_listed).map(|listing| (self.id, listing))
    }

    fn key(&mut self) -> String {
        let key = entry_key(self.id, &self.keyed, self.next);
        self.next += 1;
        self.keys.push(key.clone());
        key
    }
}
