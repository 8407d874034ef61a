//! The calls into Automerge that take foreign changes, with a net under them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::AutoCommit;

use super::ForeignChange;
use crate::trust::Refusal;

/// Hands a change that passed every check to Automerge.
pub(in crate::trust) fn load_change(change: &ForeignChange) -> Result<automerge::Change, Refusal> {
    let chunk = change.chunk();
    let loaded = guard(|| automerge::Change::try_from(&chunk[..]))?.map_err(|_| Refusal::Rejected)?;
    let same = loaded.hash().0 == change.hash.0 && loaded.seq() == change.seq;
    if same { Ok(loaded) } else { Err(Refusal::Rejected) }
}

/// Applies changes whose dependencies `document` holds. After a refusal the document is spoilt and must be rebuilt.
pub(in crate::trust) fn apply(
    document: &mut AutoCommit,
    changes: Vec<automerge::Change>,
) -> Result<(), Refusal> {
    guard(|| document.apply_changes(changes))?.map_err(|_| Refusal::Rejected)
}

/// Loads a whole document that this machine has saved itself. Nobody else's bytes may come here: Automerge expands them before
/// anyone can count.
pub(in crate::trust) fn load_own_document(saved: &[u8]) -> Result<AutoCommit, Refusal> {
    guard(|| AutoCommit::load(saved))?.map_err(|_| Refusal::Rejected)
}

fn guard<T>(call: impl FnOnce() -> T) -> Result<T, Refusal> {
    // Nothing the closure touches is used after a panic: a loaded change is dropped, and a document is rebuilt.
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| Refusal::Panicked)
}

/// Drops a document that a panic may have left inconsistent.
pub(in crate::trust) fn discard(document: AutoCommit) {
    // A panic while dropping changes nothing: the document is gone either way.
    let _ = guard(|| drop(document));
}
