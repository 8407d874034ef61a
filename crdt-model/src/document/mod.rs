//! The document: its shape, reading it, following it, writing it.

pub(crate) mod edit_error;
pub(crate) mod execute;
pub(crate) mod follow;
pub(crate) mod order;
pub(crate) mod place;
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod schema;
pub(crate) mod value;
