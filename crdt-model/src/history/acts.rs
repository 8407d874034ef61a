//! The acts of all players, newest first.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use automerge::{AutoCommit, Change, ReadDoc};
use score::{PlayerKey, TrackId};

use super::message::{ActId, Message};
use crate::document::follow::Follower;
use crate::document::place::{Place, Root, TrackMap};
use crate::trust::{ActorId, ChangeHash};

/// Most changes that are looked at for a list of acts: long movements of a hand are many changes.
const MAX_CHANGES_LISTED: usize = 4_096;

/// What an act is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActSubject {
    /// A property of the session.
    Session(String),
    /// The steps of a track.
    Steps(TrackId),
    /// A property or a setting of a track.
    Track(TrackId, String),
    /// The tracks: one was added.
    Tracks,
    /// The master's effects.
    Master,
    /// Anything else.
    Other,
}

/// Something that a player did, in one change or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActListing {
    /// Its first change.
    pub first: ChangeHash,
    /// Its last change so far.
    pub last: ChangeHash,
    /// Who did it.
    pub by: PlayerKey,
    /// When it began, in seconds since 1970 by its author's clock; 0 where that did not say.
    pub at_seconds: i64,
    /// What it is about.
    pub subject: ActSubject,
    /// Whether its author has taken it back.
    pub is_undone: bool,
}

/// The newest acts of the document, at most `limit`. `player` tells whose an actor is.
pub(crate) fn acts(
    doc: &mut AutoCommit,
    follower: &Follower,
    player: impl Fn(ActorId) -> Option<PlayerKey>,
    limit: usize,
) -> Vec<ActListing> {
    let mut walk = Walk {
        listings: Vec::new(),
        places: BTreeMap::new(),
        undone: BTreeSet::new(),
        void: BTreeSet::new(),
    };
    let mut seen = BTreeSet::new();
    let mut next = BinaryHeap::new();
    for head in doc.get_heads() {
        push(doc, &mut next, &mut seen, head);
    }
    let mut looked = 0;
    while let Some((_, hash)) = next.pop() {
        let Some(change) = ReadDoc::get_change_by_hash(doc, &hash) else { continue };
        looked += 1;
        // Beyond the limit an older change can only lengthen an act that is listed.
        if looked > MAX_CHANGES_LISTED || (walk.listings.len() > limit && walk.is_complete(limit)) {
            break;
        }
        if let Some(actor) = ActorId::try_from(change.actor_id()).ok()
            && let Some(by) = player(actor)
        {
            walk.note(&change, actor, by, follower);
        }
        for dep in change.deps().to_vec() {
            push(doc, &mut next, &mut seen, dep);
        }
    }
    walk.listings.truncate(limit);
    walk.listings
}

/// The changes that are ancestors of others come after them: their operations have smaller numbers.
type Next = BinaryHeap<(u64, automerge::ChangeHash)>;

fn push(
    doc: &mut AutoCommit,
    next: &mut Next,
    seen: &mut BTreeSet<automerge::ChangeHash>,
    hash: automerge::ChangeHash,
) {
    if seen.insert(hash)
        && let Some(change) = doc.get_change_meta_by_hash(&hash)
    {
        next.push((change.max_op, hash));
    }
}

struct Walk {
    listings: Vec<ActListing>,
    /// Where each act stands, with the number of the oldest of its changes that was met.
    places: BTreeMap<ActId, (usize, u64)>,
    /// Acts that were taken back.
    undone: BTreeSet<ActId>,
    /// Undos that were taken back themselves.
    void: BTreeSet<ActId>,
}

impl Walk {
    fn note(&mut self, change: &Change, actor: ActorId, by: PlayerKey, follower: &Follower) {
        let own = ActId { actor, first: change.seq() };
        let id = match Message::read(change.message()) {
            Message::Do => own,
            Message::Continue(first) => ActId { actor, first },
            Message::Undo(target) => {
                if !self.void.contains(&own) {
                    self.undone.insert(target);
                }
                return;
            }
            Message::Redo(target) => {
                // What was made again can be taken back in its turn: then the undo that it took back stands.
                if !self.void.contains(&own) && !self.undone.contains(&own) {
                    self.void.insert(target);
                }
                return;
            }
            Message::Aside => return,
        };
        let hash = ChangeHash::from(change.hash());
        if let Some((place, oldest)) = self.places.get_mut(&id) {
            *oldest = change.seq();
            let listing = &mut self.listings[*place];
            (listing.first, listing.at_seconds) = (hash, change.timestamp());
            return;
        }
        let Some(subject) = subject(change, follower) else { return };
        self.places.insert(id, (self.listings.len(), change.seq()));
        self.listings.push(ActListing {
            first: hash,
            last: hash,
            by,
            at_seconds: change.timestamp(),
            subject,
            is_undone: self.undone.contains(&id),
        });
    }

    /// Whether the first change of each of the newest acts was met.
    fn is_complete(&self, limit: usize) -> bool {
        self.places.iter().all(|(id, (place, oldest))| *place >= limit || *oldest == id.first)
    }
}

/// What a change is about: the first register of the music that it wrote. `None` where it wrote none.
fn subject(change: &Change, follower: &Follower) -> Option<ActSubject> {
    let operations = change.decode().operations;
    operations.iter().find_map(|op| {
        let (place, key) = follower.register(&op.obj, &op.key)?;
        Some(match place {
            Place::Session => ActSubject::Session(key),
            Place::Root(Root::Tracks) => ActSubject::Tracks,
            Place::Root(Root::Master) => ActSubject::Master,
            Place::Track(track) | Place::TrackMap(track, TrackMap::Params | TrackMap::Effects) => {
                ActSubject::Track(track, key)
            }
            Place::TrackMap(track, _) => ActSubject::Steps(track),
            _ => ActSubject::Other,
        })
    })
}
