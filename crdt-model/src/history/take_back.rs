//! Taking back what changes of one player wrote, where it still holds.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::OpType;
use automerge::{AutoCommit, Change, ObjId, ScalarValue, Value};

use crate::document::follow::Follower;
use crate::document::place::{Place, Root};
use crate::document::plan::Write;
use crate::document::read::Reader;
use crate::trust::ActorId;

/// What a register holds.
#[derive(Clone, Debug, PartialEq)]
enum Held {
    Nothing,
    Scalar(ScalarValue),
    Map,
}

impl Held {
    /// What holds in a register, and who wrote it. Of an empty one nobody can say who emptied it.
    fn read(reader: Reader<'_>, object: &ObjId, key: &str) -> (Self, Option<ActorId>) {
        let Some((value, id)) = reader.get(object, key) else { return (Self::Nothing, None) };
        let writer = if let ObjId::Id(_, actor, _) = &id { ActorId::try_from(actor).ok() } else { None };
        let held = match value {
            Value::Scalar(value) => Self::Scalar(value.into_owned()),
            Value::Object(_) => Self::Map,
        };
        (held, writer)
    }

    /// What an operation leaves in its register.
    fn left_by(action: &OpType) -> Self {
        match action {
            OpType::Put(value) => Self::Scalar(value.clone()),
            OpType::Make(_) => Self::Map,
            _ => Self::Nothing,
        }
    }

    fn write(self, place: Place, key: String) -> Option<Write> {
        match self {
            Self::Nothing => Some(Write::Delete(place, key)),
            Self::Scalar(value) => Some(Write::Put(place, key, value)),
            Self::Map => None,
        }
    }
}

/// A register that changes wrote.
#[derive(Clone, Debug)]
struct Rewritten {
    /// What it is to hold again.
    before: Held,
    /// What the changes left in it.
    left: Held,
}

/// Everything that changes wrote.
#[derive(Debug, Default)]
struct Written {
    registers: BTreeMap<(Place, String), Rewritten>,
    /// The tracks, scenes and entries that they made. They are taken back by being marked as removed.
    made: BTreeSet<Place>,
}

/// The writes that take back `changes`, all by one player and in the order in which they were made: each register that still holds what they
/// left in it gets back what it held before. Those that someone wrote since are left alone; `is_theirs` tells that player's
/// actors.
pub(crate) fn take_back(
    doc: &AutoCommit,
    follower: &Follower,
    changes: &[Change],
    is_theirs: impl Fn(ActorId) -> bool,
) -> Vec<Write> {
    let mut written = Written::default();
    for change in changes {
        written.add(doc, follower, change, &is_theirs);
    }
    let reader = Reader::latest(doc);
    let mut writes = Vec::new();
    for ((place, key), Rewritten { before, left }) in written.registers {
        let Some(object) = follower.index().object(place) else { continue };
        if before == left || left == Held::Map || written.made.contains(&place.whole()) {
            continue;
        }
        let (held, writer) = Held::read(reader, object, &key);
        if held == left && writer.is_none_or(&is_theirs) {
            writes.extend(before.write(place, key));
        }
    }
    for place in written.made {
        let Some(object) = follower.index().object(place) else { continue };
        if reader.register(object, "deleted") != Some(ScalarValue::Boolean(true)) {
            writes.push(Write::Put(place, "deleted".to_owned(), true.into()));
        }
    }
    writes
}

impl Written {
    /// Adds a change that was made after those before.
    fn add(
        &mut self,
        doc: &AutoCommit,
        follower: &Follower,
        change: &Change,
        is_theirs: impl Fn(ActorId) -> bool,
    ) {
        let reader = Reader::at(doc, change.deps());
        // Operations of one change follow each other, but only the state before all of them can be read.
        let mut seen = BTreeSet::new();
        for op in change.decode().operations {
            let Some((place, key)) =
                follower.register(&op.obj, &op.key).filter(|(place, _)| is_music(*place))
            else {
                continue;
            };
            let Some(object) = follower.index().object(place) else { continue };
            let left = Held::left_by(&op.action);
            if let (Place::Root(root), Held::Map) = (place, &left) {
                self.made.extend(root.entry(&key).filter(|_| is_removable(root)));
            }
            let first = seen.insert((place, key.clone()));
            let (before, writer) = Held::read(reader, object, &key);
            let entry = self.registers.entry((place, key));
            let known = matches!(entry, std::collections::btree_map::Entry::Occupied(_));
            let register = entry.or_insert_with(|| Rewritten { before: before.clone(), left: left.clone() });
            register.left = left;
            // Between two of the player's changes someone else wrote: that is what is to hold again.
            if known && first && writer.is_some_and(|writer| !is_theirs(writer)) {
                register.before = before;
            }
        }
    }
}

/// Whether what stands at a place is music; messages, versions and news of samples stay as they were told.
fn is_music(place: Place) -> bool {
    !matches!(place, Place::Message(_) | Place::Version(_) | Place::Sample(_))
}

/// Whether the entries of a container can be marked as removed.
fn is_removable(root: Root) -> bool {
    matches!(root, Root::Tracks | Root::Scenes | Root::Song)
}
