//! What of a session is kept in the browser's database, as bytes.
//!
//! Each entry is one byte that says its kind, and a postcard body. Every opening of a session writes under keys of its own and
//! deletes only what it has itself read or written. So no two tabs ever write one key, whatever becomes of their lock, and
//! what both have written is merged when it is read.

use crdt_model::trust::{ActorNonce, Identity, Proof, Record, SessionOrigin, WholeDocument};
use crdt_model::{LoadError, Session, Stored};
use jam::Entry;
use score::{SessionId, UnixMillis};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use view::Thumbnail;

const CHANGE: u8 = 0;
const PROOF: u8 = 1;
const SNAPSHOT: u8 = 2;

/// What is known of a session without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listing {
    /// Who founded it, and with which nonce.
    pub(crate) origin: SessionOrigin,
    /// What it is called.
    pub(crate) name: String,
    /// When it was opened last, for the order in which sessions are listed.
    pub(crate) opened: UnixMillis,
    /// What the list shows besides.
    pub(crate) shown: Shown,
}

/// What the list of sessions shows of one besides its name. Earlier listings end before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// Whether the player has taken it off the list.
    pub(crate) is_hidden: bool,
    /// What its grid looked like last.
    pub(crate) picture: Thumbnail,
}

/// Why what is kept cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an entry of this session in the browser's storage is damaged or of a newer Offbeat ({0})")]
pub(crate) struct Unreadable(pub(crate) &'static str);

/// Everything that is kept of one session.
#[derive(Debug)]
pub(crate) struct Kept {
    stored: Stored,
    /// Snapshots besides the stored one: tabs without a lock may each have written one.
    more_snapshots: Vec<WholeDocument>,
}

impl Kept {
    /// Who founded the session.
    pub(crate) fn origin(&self) -> SessionOrigin {
        self.stored.origin
    }

    /// Opens the session for the player with this secret. `nonce` must never have been used.
    ///
    /// # Errors
    /// When what is kept is no session.
    pub(crate) fn open(self, secret: &[u8; 32], nonce: ActorNonce) -> Result<Session, LoadError> {
        let Self { mut stored, more_snapshots } = self;
        for whole in more_snapshots {
            let origin = stored.origin;
            let alone = |snapshot| Stored { origin, snapshot, records: Vec::new(), proofs: Vec::new() };
            // Neither writes anything, so neither uses the nonce.
            let load = |stored| Session::load(Identity::from_secret(secret), ActorNonce(nonce.0), stored);
            let mut merged = load(alone(stored.snapshot.take()))?;
            let other = load(alone(Some(whole)))?;
            take_over(&mut merged, &other);
            stored.snapshot = Some(merged.snapshot());
        }
        Session::load(Identity::from_secret(secret), nonce, stored)
    }
}

/// Brings what one replica lacks over from another.
fn take_over(session: &mut Session, from: &Session) {
    let missing = from.missing(&session.have());
    for proof in missing.proofs {
        session.admit_proof(proof).ok();
    }
    let mut left = &missing.changes[..];
    while !left.is_empty() {
        let (changes, taken) = from.admission().batch(left);
        session.admit_batch(&changes, &missing.coverage);
        left = left.get(taken.max(1)..).unwrap_or_default();
    }
}

/// The bytes of a value.
pub(crate) fn body<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("plain data has an encoding")
}

/// The bytes of an entry.
pub(crate) fn write_entry(entry: &Entry) -> Vec<u8> {
    let (kind, body) = match entry {
        Entry::Change(record) => (CHANGE, body(record)),
        Entry::Proof(proof) => (PROOF, body(proof)),
        Entry::Snapshot(whole) => (SNAPSHOT, body(whole)),
    };
    [&[kind], body.as_slice()].concat()
}

/// Puts the entries of a session together.
pub(crate) fn read_entries<'a>(
    origin: SessionOrigin,
    entries: impl Iterator<Item = &'a [u8]>,
) -> Result<Kept, Unreadable> {
    let (mut records, mut proofs, mut snapshots) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        match entry.split_first() {
            Some((&CHANGE, body)) => records.push(parse::<Record>("change", body)?),
            Some((&PROOF, body)) => proofs.push(parse::<Proof>("proof", body)?),
            Some((&SNAPSHOT, body)) => snapshots.push(parse::<WholeDocument>("snapshot", body)?),
            _ => return Err(Unreadable("kind")),
        }
    }
    let mut snapshots = snapshots.into_iter();
    let stored = Stored { origin, snapshot: snapshots.next(), records, proofs };
    Ok(Kept { stored, more_snapshots: snapshots.collect() })
}

/// Reads a listing, also one that was written before lists had pictures.
pub(crate) fn read_listing(body: &[u8]) -> Result<Listing, Unreadable> {
    let damaged = |_| Unreadable("listing");
    let ((origin, name, opened), rest) = postcard::take_from_bytes(body).map_err(damaged)?;
    let shown = if rest.is_empty() { Shown::default() } else { parse("listing", rest)? };
    Ok(Listing { origin, name, opened, shown })
}

fn parse<T: DeserializeOwned>(what: &'static str, body: &[u8]) -> Result<T, Unreadable> {
    postcard::from_bytes(body).map_err(|_| Unreadable(what))
}

/// The key of an entry: sessions, openings and numbers sort as they were written.
pub(crate) fn entry_key(session: SessionId, opening: &Opening, number: u64) -> String {
    format!("{session}/{:012x}{}/{number:012}", opening.at.0, data_encoding::HEXLOWER.encode(&opening.nonce))
}

/// The keys between which all entries of a session lie: `/` is followed by `0`.
pub(crate) fn entry_range(session: SessionId) -> (String, String) {
    (format!("{session}/"), format!("{session}0"))
}

/// One opening of a session, for its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) at: UnixMillis,
    pub(crate) nonce: [u8; 8],
}

#[cfg(test)]
mod tests {
    use crdt_model::FoundingRandom;
    use score::Edit;

    use super::*;

    fn ada() -> Identity {
        Identity::from_secret(&[1; 32])
    }

    fn founded() -> (Session, Vec<Record>) {
        let random = FoundingRandom { nonce: [2; 16], seed: 3 };
        Session::create(ada(), random, "Night shift", UnixMillis(0)).unwrap()
    }

    fn reopen(origin: SessionOrigin, entries: &[Vec<u8>]) -> Session {
        let kept = read_entries(origin, entries.iter().map(Vec::as_slice)).unwrap();
        kept.open(&[1; 32], ActorNonce([9; 16])).unwrap()
    }

    #[test]
    fn changes_and_snapshots_come_back() {
        let (mut session, records) = founded();
        let mut entries: Vec<Vec<u8>> =
            records.into_iter().map(|record| write_entry(&Entry::Change(record))).collect();
        let change = session.apply(&Edit::SetSwing(20.0), None).unwrap().unwrap();
        entries.push(write_entry(&Entry::Change(change.record)));
        assert_eq!(reopen(session.origin(), &entries).score(), session.score());
        let snapshot = write_entry(&Entry::Snapshot(Box::new(session.snapshot())));
        assert_eq!(reopen(session.origin(), &[snapshot]).score(), session.score());
    }

    #[test]
    fn snapshots_of_two_tabs_are_merged() {
        let (mut one, records) = founded();
        let mut other = Session::join(Identity::from_secret(&[4; 32]), ActorNonce([5; 16]), one.origin());
        for record in records {
            other.admit(record);
        }
        one.apply(&Edit::SetSwing(20.0), None).unwrap();
        other.apply(&Edit::SetName("Other".to_owned()), None).unwrap();
        let both = [&one, &other].map(|session| write_entry(&Entry::Snapshot(Box::new(session.snapshot()))));
        let change = other.apply(&Edit::SetSwing(30.0), None).unwrap().unwrap();
        let [first, second] = both;
        let merged = reopen(one.origin(), &[first, second, write_entry(&Entry::Change(change.record))]);
        assert_eq!(merged.score().name, "Other");
        assert_eq!(merged.left_out(), 0, "the change after a snapshot finds what it builds on");
    }

    #[test]
    fn listings_come_back_and_earlier_ones_have_no_picture() {
        let (session, _) = founded();
        let (origin, name, opened) = (session.origin(), "Night shift".to_owned(), UnixMillis(5));
        let shown = Shown { is_hidden: true, picture: Thumbnail::of(session.score()) };
        let listing = Listing { origin, name: name.clone(), opened, shown };
        assert_eq!(read_listing(&body(&listing)), Ok(listing.clone()));
        let earlier = read_listing(&body(&(origin, name, opened)));
        assert_eq!(earlier, Ok(Listing { shown: Shown::default(), ..listing }));
        assert_eq!(read_listing(&[1, 2]), Err(Unreadable("listing")));
    }

    #[test]
    fn what_is_damaged_is_named() {
        let (session, _) = founded();
        let read = |entry: &[u8]| read_entries(session.origin(), [entry].into_iter()).err();
        assert_eq!(read(&[]), Some(Unreadable("kind")));
        assert_eq!(read(&[77, 1]), Some(Unreadable("kind")));
        assert_eq!(read(&[CHANGE, 1]), Some(Unreadable("change")));
    }

    #[test]
    fn keys_sort_by_session_opening_and_number_and_lie_in_their_range() {
        let session = SessionId([7; 16]);
        let opening = |at| Opening { at: UnixMillis(at), nonce: [3; 8] };
        let keys = [
            entry_key(session, &opening(5), 1),
            entry_key(session, &opening(5), 10),
            entry_key(session, &opening(1_700_000_000_000), 0),
        ];
        assert!(keys.is_sorted());
        let (from, to) = entry_range(session);
        assert!(keys.iter().all(|key| (from.as_str()..to.as_str()).contains(&key.as_str())));
        let other = entry_key(SessionId([8; 16]), &opening(5), 1);
        assert!(!(from.as_str()..to.as_str()).contains(&other.as_str()));
    }
}
