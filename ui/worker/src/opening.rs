//! How a session comes into memory: founded, read from the database, or joined and still empty.

use std::rc::Rc;

use crdt_model::trust::{ActorNonce, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use jam::Entry;
use score::{Score, SessionId};
use view::Thumbnail;

use crate::browser::{self, Database, Held, Taken, Write};
use crate::kept::{Listing, Opening as KeyedOpening, Shown, entry_key, write_entry};
use crate::tabs;

/// Which session to open.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// Found one that begins as this score.
    Found(Box<Score>),
    /// One that is here, or that the server may have.
    Known(SessionId),
    /// Somebody else's, by what an invitation says.
    Invited(SessionOrigin),
}

/// A session that is open here, or that another tab has open.
#[derive(Debug)]
pub(crate) enum Opened {
    /// This tab hosts it.
    Here(Box<Here>),
    /// Another tab hosts it.
    Elsewhere(SessionId),
}

/// A session that this tab hosts.
#[derive(Debug)]
pub(crate) struct Here {
    pub(crate) id: SessionId,
    /// Who founded it, where that is known.
    pub(crate) origin: Option<SessionOrigin>,
    /// The session, where anything of it is here.
    pub(crate) session: Option<Session>,
    /// The keys of its entries in the database.
    pub(crate) keys: Vec<String>,
    pub(crate) opening: KeyedOpening,
    pub(crate) lock: Option<Held>,
    /// What the player is to be told.
    pub(crate) notice: Option<String>,
}

/// Opens a session.
///
/// # Errors
/// Why it cannot be opened and what to do, to read.
pub(crate) async fn open(
    wanted: Wanted,
    secret: [u8; 32],
    database: Option<Rc<Database>>,
) -> Result<Opened, String> {
    match wanted {
        Wanted::Found(score) => found(&score, secret, database).await,
        Wanted::Known(id) => load(id, None, secret, database).await,
        Wanted::Invited(origin) => load(origin.id(), Some(origin), secret, database).await,
    }
}

/// Randomness for a name, an id or a seed.
pub(crate) fn random_u64() -> u64 {
    u64::from_le_bytes(browser::random())
}

/// Another name for every opening: nothing that it writes can meet another's.
pub(crate) fn nonce() -> ActorNonce {
    ActorNonce(browser::random())
}

fn keyed() -> KeyedOpening {
    KeyedOpening { at: browser::today(), nonce: browser::random() }
}

/// What a session begins with is durable before anybody hears of the session.
async fn found(score: &Score, secret: [u8; 32], database: Option<Rc<Database>>) -> Result<Opened, String> {
    let random = FoundingRandom { nonce: browser::random(), seed: score.seed };
    let founded = Session::create_from(Identity::from_secret(&secret), random, score, browser::today());
    let (session, records) = founded.map_err(|error| format!("The session cannot be founded: {error}."))?;
    let (id, origin, opening) = (session.id(), session.origin(), keyed());
    let lock = match browser::take(&tabs::name(id), None).await {
        Taken::Ours(lock) => Some(lock),
        // Nobody else can know a session that has only just been made.
        Taken::Elsewhere | Taken::Unknown => None,
    };
    let entries: Vec<(String, Vec<u8>)> = (0..)
        .zip(records)
        .map(|(number, record)| (entry_key(id, &opening, number), write_entry(&Entry::Change(record))))
        .collect();
    let keys = entries.iter().map(|(key, _)| key.clone()).collect();
    let shown = Shown { is_hidden: false, picture: Thumbnail::of(session.score()) };
    let listing = Listing { origin, name: session.score().name.clone(), opened: opening.at, shown };
    let write = Write { listing: Some((id, listing)), entries, removed: Vec::new() };
    let mut notice = None;
    if let Some(database) = &database
        && let Err(error) = database.write(&write).await
    {
        notice = Some(not_kept(&error.to_string()));
    }
    let session = Some(session);
    Ok(Opened::Here(Box::new(Here { id, origin: Some(origin), session, keys, opening, lock, notice })))
}

/// What a player is told whose browser keeps nothing.
pub(crate) fn not_kept(reason: &str) -> String {
    format!(
        "This browser keeps nothing for this page ({reason}): what you do here lives on at the server and with the other players, \
         and is lost if they have not got it when you close the page."
    )
}

async fn load(
    id: SessionId,
    invited: Option<SessionOrigin>,
    secret: [u8; 32],
    database: Option<Rc<Database>>,
) -> Result<Opened, String> {
    let lock = match browser::take(&tabs::name(id), None).await {
        Taken::Ours(lock) => Some(lock),
        Taken::Elsewhere => return Ok(Opened::Elsewhere(id)),
        Taken::Unknown => None,
    };
    read(id, invited, secret, database, lock).await
}

/// Reads what is here of a session whose lock is held.
pub(crate) async fn read(
    id: SessionId,
    invited: Option<SessionOrigin>,
    secret: [u8; 32],
    database: Option<Rc<Database>>,
    lock: Option<Held>,
) -> Result<Opened, String> {
    let mut here =
        Here { id, origin: invited, session: None, keys: Vec::new(), opening: keyed(), lock, notice: None };
    let kept = match &database {
        Some(database) => database.read(id).await,
        None => Ok(None),
    };
    match kept {
        Ok(Some((kept, keys))) => {
            here.origin = Some(kept.origin());
            let session = kept.open(&secret, nonce());
            here.session = Some(session.map_err(|error| damaged(&error.to_string()))?);
            here.keys = keys;
        }
        Ok(None) => {}
        Err(error) => return Err(damaged(&error.to_string())),
    }
    Ok(Opened::Here(Box::new(here)))
}

fn damaged(reason: &str) -> String {
    format!(
        "What this browser keeps of the session cannot be read: {reason}. Clear the page's data in the browser's settings and open \
         the link again; the server's copy is not affected."
    )
}
