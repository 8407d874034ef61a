//! Carrying writes out on the document.

use std::collections::BTreeSet;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, AutomergeError, ObjId, ObjType};

use super::edit_error::EditError;
use super::follow::Touched;
use super::place::{Index, Place, Root, TrackMap};
use super::plan::Write;

/// Makes the containers of a session. They are the first operations of the founder's first change, so that their ids follow from the
/// session's origin.
pub(crate) fn make_containers(doc: &mut AutoCommit) -> Result<(), EditError> {
    for root in Root::ALL {
        doc.put_object(ObjId::Root, root.key(), ObjType::Map).map_err(broken)?;
    }
    Ok(())
}

/// Carries writes out, without committing them. The index comes out holding what they made.
///
/// # Errors
/// When the document will not have one; the writes before it are then pending.
pub(crate) fn execute(
    doc: &mut AutoCommit,
    index: &mut Index,
    writes: &[Write],
) -> Result<Touched, EditError> {
    let mut touched = Touched::new();
    let mut made = BTreeSet::new();
    for write in writes {
        let (place, key) = match write {
            Write::Make(place) => {
                touched.extend(make(doc, index, *place)?);
                made.insert(*place);
                continue;
            }
            Write::Put(place, key, value) => {
                doc.put(object(index, *place)?, key, value.clone()).map_err(broken)?;
                (*place, key)
            }
            Write::Delete(place, key) => {
                doc.delete(object(index, *place)?, key.as_str()).map_err(broken)?;
                (*place, key)
            }
        };
        // What was just made is read whole, by the register that holds it.
        if !made.contains(&place.whole()) {
            touched.insert((place, key.clone()));
        }
    }
    Ok(touched)
}

fn make(doc: &mut AutoCommit, index: &mut Index, place: Place) -> Result<Option<(Place, String)>, EditError> {
    let Some((root, key)) = place.parent() else { return Ok(None) };
    let container = object(index, Place::Root(root))?.clone();
    let made = doc.put_object(&container, &key, ObjType::Map).map_err(broken)?;
    index.set(place, made.clone());
    if let Place::Track(id) = place {
        for map in TrackMap::ALL {
            let inner = doc.put_object(&made, map.key(), ObjType::Map).map_err(broken)?;
            index.set(Place::TrackMap(id, map), inner);
        }
    }
    Ok(Some((Place::Root(root), key)))
}

fn object(index: &Index, place: Place) -> Result<&ObjId, EditError> {
    index.object(place).ok_or_else(|| EditError::Document(format!("nothing stands at {place:?}")))
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` gives it away")]
fn broken(error: AutomergeError) -> EditError {
    EditError::Document(error.to_string())
}
