//! IndexedDB: what outlives the page.
//!
//! | store | key | value |
//! |---|---|---|
//! | `keys` | `player` | the player's secret, 32 bytes |
//! | `sessions` | the session's id | a [`Listing`] |
//! | `entries` | [`entry_key`](crate::kept::entry_key) | an [entry](crate::kept) |

use js_sys::{JsString, Uint8Array};
use rexie::{KeyRange, ObjectStore, Rexie, TransactionMode};
use score::SessionId;
use wasm_bindgen::{JsCast, JsValue};

use crate::kept::{self, Kept, Listing, Unreadable};

const NAME: &str = "offbeat";
const VERSION: u32 = 1;
const KEYS: &str = "keys";
const SESSIONS: &str = "sessions";
const ENTRIES: &str = "entries";
const PLAYER: &str = "player";

/// The database of this origin.
#[derive(Debug)]
pub(crate) struct Database(Rexie);

/// One transaction: all of it, or nothing.
#[derive(Debug, Default)]
pub(crate) struct Write {
    /// The session whose listing and entries these are.
    pub(crate) listing: Option<(SessionId, Listing)>,
    /// Entries by key.
    pub(crate) entries: Vec<(String, Vec<u8>)>,
    /// Keys of entries to remove.
    pub(crate) removed: Vec<String>,
}

/// Why the database did not do as it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// The browser refused.
    #[error("{}", said(.0))]
    Refused(#[from] rexie::Error),
    /// What it gave is not what was put there.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

fn said(error: &rexie::Error) -> String {
    match error {
        rexie::Error::IdbError(error) => error.to_string(),
        other => other.to_string(),
    }
}

impl Database {
    /// Opens the database, making it the first time.
    pub(crate) async fn open() -> Result<Self, DatabaseError> {
        let builder = [KEYS, SESSIONS, ENTRIES]
            .into_iter()
            .fold(Rexie::builder(NAME).version(VERSION), |builder, store| {
                builder.add_object_store(ObjectStore::new(store))
            });
        Ok(Self(builder.build().await?))
    }

    /// The player's secret: the one that is here, or else `fresh`, which stays from here on. Two tabs that come first at one moment get
    /// the same.
    pub(crate) async fn secret(&self, fresh: [u8; 32]) -> Result<[u8; 32], DatabaseError> {
        let transaction = self.0.transaction(&[KEYS], TransactionMode::ReadWrite)?;
        let keys = transaction.store(KEYS)?;
        let held = keys.get(PLAYER.into()).await?;
        let held = held.and_then(|value| <[u8; 32]>::try_from(bytes(&value)).ok());
        if held.is_none() {
            keys.put(&Uint8Array::from(&fresh[..]), Some(&PLAYER.into())).await?;
        }
        transaction.done().await?;
        Ok(held.unwrap_or(fresh))
    }

    /// Every session that is here.
    pub(crate) async fn listings(&self) -> Result<Vec<Listing>, DatabaseError> {
        let transaction = self.0.transaction(&[SESSIONS], TransactionMode::ReadOnly)?;
        let values = transaction.store(SESSIONS)?.get_all(None, None).await?;
        // One that cannot be read hides itself, not the others.
        Ok(values.iter().filter_map(|value| kept::read_listing(&bytes(value)).ok()).collect())
    }

    /// Takes a session off the list, or puts it back. One that is not here stays so.
    pub(crate) async fn list(&self, session: SessionId, listed: bool) -> Result<(), DatabaseError> {
        let transaction = self.0.transaction(&[SESSIONS], TransactionMode::ReadWrite)?;
        let sessions = transaction.store(SESSIONS)?;
        let key = session.to_string();
        if let Some(held) = sessions.get(key.as_str().into()).await? {
            let mut listing = kept::read_listing(&bytes(&held))?;
            listing.shown.is_hidden = !listed;
            sessions.put(&value(&kept::body(&listing)), Some(&key.as_str().into())).await?;
        }
        transaction.done().await?;
        Ok(())
    }

    /// All that is kept of a session, with the keys of its entries.
    pub(crate) async fn read(
        &self,
        session: SessionId,
    ) -> Result<Option<(Kept, Vec<String>)>, DatabaseError> {
        let transaction = self.0.transaction(&[SESSIONS, ENTRIES], TransactionMode::ReadOnly)?;
        let Some(listing) = transaction.store(SESSIONS)?.get(session.to_string().into()).await? else {
            return Ok(None);
        };
        let origin = kept::read_listing(&bytes(&listing))?.origin;
        let (from, to) = kept::entry_range(session);
        let range = || {
            KeyRange::bound(&from.as_str().into(), &to.as_str().into(), None, Some(true))
                .map_err(rexie::Error::from)
        };
        let entries = transaction.store(ENTRIES)?;
        let values = entries.get_all(Some(range()?), None).await?;
        let keys = entries.get_all_keys(Some(range()?), None).await?;
        let values: Vec<Vec<u8>> = values.iter().map(bytes).collect();
        let kept = kept::read_entries(origin, values.iter().map(Vec::as_slice))?;
        Ok(Some((kept, keys.iter().filter_map(JsValue::as_string).collect())))
    }

    /// Writes, and returns when it will outlive the page.
    pub(crate) async fn write(&self, write: &Write) -> Result<(), DatabaseError> {
        let transaction = self.0.transaction(&[SESSIONS, ENTRIES], TransactionMode::ReadWrite)?;
        if let Some((session, listing)) = &write.listing {
            let value = value(&kept::body(listing));
            transaction.store(SESSIONS)?.put(&value, Some(&session.to_string().into())).await?;
        }
        let entries = transaction.store(ENTRIES)?;
        for key in &write.removed {
            entries.delete(key.as_str().into()).await?;
        }
        let puts = write
            .entries
            .iter()
            .map(|(key, bytes)| (value(bytes), Some(JsString::from(key.as_str()).into())));
        entries.put_all(puts).await?;
        let result = transaction.done().await?;
        if result.is_committed() { Ok(()) } else { Err(rexie::Error::TransactioncommitFailed.into()) }
    }
}

fn value(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn bytes(value: &JsValue) -> Vec<u8> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default()
}
