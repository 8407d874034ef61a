//! See ARCHITECTURE.md.

pub mod checkpoint;
mod session;
pub mod trust;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use session::{
    Act, AuthoredPatches, EditError, FoundingRandom, LoadError, LocalChange, Received, Session, Stored,
};
