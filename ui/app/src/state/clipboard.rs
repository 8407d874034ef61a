//! What was copied last: steps, and a whole pattern.

use std::cell::RefCell;

use score::Pattern;

use crate::model::clip::Clip;

thread_local! {
    static STEPS: RefCell<Option<Clip>> = const { RefCell::new(None) };
    static PATTERN: RefCell<Option<Pattern>> = const { RefCell::new(None) };
}

/// Remembers steps.
pub(crate) fn copy(steps: Clip) {
    STEPS.set(Some(steps));
}

/// The steps that were copied last.
pub(crate) fn copied() -> Option<Clip> {
    STEPS.with_borrow(Clone::clone)
}

/// Remembers a pattern.
pub(crate) fn copy_pattern(pattern: Pattern) {
    PATTERN.set(Some(pattern));
}

/// The pattern that was copied last.
pub(crate) fn copied_pattern() -> Option<Pattern> {
    PATTERN.with_borrow(Clone::clone)
}
