//! A session as a document that any number of players edit at once, also without each other, and that comes out alike for all.
//!
//! The document is an [Automerge](https://automerge.org) one, and this is the only crate that names Automerge. It holds what the
//! music *is*. Playheads, cursors, who is online and what one player hears are no part of it.
//!
//! - [`Session`] is one replica: the document, the [`Score`](score::Score) that it amounts to, and this player's undo. It is the
//!   one writer of its document and does no I/O; what is to be stored and sent is in what its calls return.
//! - `document` is the shape: every value that two players could set at once is a register of its own, and no map is ever made under
//!   a key that another player could make too, so merging loses nothing. Reading never fails, whatever a merge or a stranger put
//!   there; writing validates. The score is kept up to date register by register, at the cost of the change.
//! - `history` is undo and redo. Both are personal: they take back what *this* player's key wrote, where it still holds, and survive a
//!   restart, since each change says which act it belongs to.
//! - [`trust`] is the one gate for foreign bytes: who may write, vouchers, equivocation, catching up.
//! - [`exchange`] reads and writes sessions as files of other kinds.
//! - [`Checkpoint`] shows a session at once while its history loads.
//!
//! # One edit's way
//!
//! [`Session::apply`] plans which registers an [`Edit`](score::Edit) writes (none, if it changes nothing), writes them as one Automerge
//! change, has it vouched for, and returns it with the [`ScorePatch`](score::ScorePatch)es that bring copies of the score up to date. At the
//! others', [`Session::admit`] takes it through the gate and returns the same patches.
//!
//! ```
//! use crdt_model::trust::{ActorNonce, Identity};
//! use crdt_model::{FoundingRandom, Session};
//! use score::{Edit, Tempo, UnixMillis};
//!
//! # fn main() -> Result<(), crdt_model::EditError> {
//! let ada = Identity::from_secret(&[1; 32]);
//! let random = FoundingRandom { nonce: [2; 16], seed: 3 }; // from a cryptographic source, of course
//! let (mut session, records) = Session::create(ada, random, "Night shift", UnixMillis(0))?;
//!
//! let tempo = Tempo::from_milli_bpm(128_000).expect("128 lies between 20 and 300");
//! let change = session.apply(&Edit::SetTempo(tempo), None)?.expect("the tempo was 120");
//!
//! let bob = Identity::from_secret(&[4; 32]);
//! let mut replica = Session::join(bob, ActorNonce([5; 16]), session.origin());
//! for record in records.into_iter().chain([change.record]) {
//!     replica.admit(record);
//! }
//! assert_eq!(replica.score(), session.score());
//!
//! session.undo()?;
//! assert_eq!(session.score().tempo, Tempo::default());
//! # Ok(())
//! # }
//! ```

pub mod checkpoint;
mod document;
pub mod exchange;
mod history;
mod session;
pub mod trust;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use document::edit_error::EditError;
pub use history::acts::{ActListing, ActSubject};
pub use session::{
    Act, AuthoredPatches, FoundingRandom, LoadError, LocalChange, Received, ReceivedBatch,
    ReceivedEquivocation, ReceivedRecord, Session, Stored,
};
