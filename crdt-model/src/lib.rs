//! See ARCHITECTURE.md.

pub mod checkpoint;
mod document;
pub mod exchange;
mod history;
mod session;
pub mod trust;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use document::edit_error::EditError;
pub use session::{
    Act, AuthoredPatches, FoundingRandom, LoadError, LocalChange, Received, ReceivedBatch, ReceivedEquivocation,
    ReceivedRecord, Session, Stored,
};
