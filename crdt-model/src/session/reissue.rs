//! Making edits again that fell out of the document.

use std::collections::BTreeMap;

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{Change, ObjId};

use super::{LocalChange, Session};
use crate::document::edit_error::EditError;
use crate::document::place::{Place, TrackMap};
use crate::document::plan::Write;
use crate::history::message::Message;
use crate::trust::{ActorNonce, FellOut};

impl Session {
    /// Makes this player's own changes among those that fell out with a losing branch again, each as an act of its own, under another
    /// nonce, which must never have been used. Where what they wrote to is gone for good, they are passed over.
    ///
    /// # Errors
    /// When the document cannot be written.
    pub fn reissue(
        &mut self,
        fell_out: &[FellOut],
        nonce: ActorNonce,
    ) -> Result<Vec<LocalChange>, EditError> {
        let mine = fell_out.iter().filter(|fallen| self.own_actors.contains(&fallen.actor));
        let fallen: Vec<Change> =
            mine.filter_map(|fallen| Change::try_from(&fallen.change[..]).ok()).collect();
        if fallen.is_empty() || self.is_empty() {
            return Ok(Vec::new());
        }
        self.renew_actor(nonce);
        let mut made_then = BTreeMap::new();
        let mut changes = Vec::new();
        for change in fallen {
            let message = match Message::read(change.message()) {
                Message::Aside => Message::Aside,
                _ => Message::Do,
            };
            let writes = self.writes_of(&change, &mut made_then);
            changes.extend(self.write_act(&writes, message)?);
        }
        Ok(changes)
    }

    /// What a fallen change wrote, by place. `made_then` holds the maps that fallen changes made; they come back as others.
    fn writes_of(&self, change: &Change, made_then: &mut BTreeMap<ObjId, Place>) -> Vec<Write> {
        let mut writes: Vec<Write> = Vec::new();
        for (op, counter) in change.decode().operations.into_iter().zip(change.start_op().get()..) {
            let object = match &op.obj {
                ObjectId::Root => ObjId::Root,
                ObjectId::Id(id) => ObjId::Id(id.counter(), id.actor().clone(), 0),
            };
            let place = made_then.get(&object).copied().or_else(|| self.follower.index().place(&object));
            let (Some(place), Key::Map(key)) = (place, op.key) else { continue };
            match op.action {
                OpType::Put(value) => writes.push(Write::Put(place, key.to_string(), value)),
                OpType::Delete => writes.push(Write::Delete(place, key.to_string())),
                OpType::Make(_) => {
                    let Some(made) = made_at(place, &key) else { continue };
                    made_then.insert(ObjId::Id(counter, change.actor_id().clone(), 0), made);
                    if made.parent().is_some() && self.follower.index().object(made).is_none() {
                        writes.push(Write::Make(made));
                    }
                }
                _ => {}
            }
        }
        writes.retain(|write| self.can_write(write, made_then));
        writes
    }

    fn can_write(&self, write: &Write, made_then: &BTreeMap<ObjId, Place>) -> bool {
        let (Write::Put(place, ..) | Write::Delete(place, ..)) = write else { return true };
        self.follower.index().object(*place).is_some() || made_then.values().any(|made| made == place)
    }
}

/// What a map made under a key of a place is.
fn made_at(place: Place, key: &str) -> Option<Place> {
    match place {
        Place::Root(root) => root.entry(key),
        Place::Track(id) => TrackMap::from_key(key).map(|map| Place::TrackMap(id, map)),
        _ => None,
    }
}
