//! Sessions as their users see them: several players, their edits, and what comes of them.

mod edits;
mod founding;
mod hostile;
mod merging;
mod opening;
mod players;
mod undoing;
