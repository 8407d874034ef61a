//! Sessions as their users see them: several players, their edits, and what comes of them.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::needless_for_each,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and compares values that were stored, not computed"
)]

mod acts;
mod edits;
mod founding;
mod hostile;
mod merging;
mod opening;
mod players;
mod undoing;
