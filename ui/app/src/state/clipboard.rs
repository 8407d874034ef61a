//! The step that was copied last.

use std::cell::RefCell;

use score::Step;

thread_local! {
    static COPIED: RefCell<Option<Step>> = const { RefCell::new(None) };
}

/// Remembers a step.
pub(crate) fn copy(step: Step) {
    COPIED.set(Some(step));
}

/// The step that was copied last.
pub(crate) fn copied() -> Option<Step> {
    COPIED.with_borrow(Clone::clone)
}
