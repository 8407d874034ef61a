//! What a player did, and taking it back.

pub(crate) mod acts;
pub(crate) mod message;
pub(crate) mod stacks;
pub(crate) mod take_back;
