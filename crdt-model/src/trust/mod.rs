//! Who may write: keys, actors, vouchers, records, and what is refused.

mod actor;
mod admission;
mod catch_up;
mod chain;
mod coverage;
mod equivocation;
mod forks;
mod gate;
mod hash;
mod identity;
mod ledger;
pub mod limits;
mod lineage;
mod origin;
mod outcome;
mod quarantine;
mod record;
mod refusal;
mod refused;
mod voucher;

pub use actor::{ActorId, ActorNonce};
pub use admission::{Admission, BatchOutcome};
pub use catch_up::{Have, Missing, Staging, StagingFull, WholeDocument};
pub use chain::Chain;
pub use coverage::Coverage;
pub use equivocation::{Branch, Proof, ProofId};
pub use hash::ChangeHash;
pub use identity::{Identity, Signature, verify};
pub use lineage::Lineage;
pub use origin::SessionOrigin;
pub use outcome::{Applied, Equivocation, FellOut, Outcome};
pub use record::Record;
pub use refusal::Refusal;
pub use voucher::Voucher;

/// The first 16 bytes of a hash.
fn first_16(hash: &blake3::Hash) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash.as_bytes()[..16]);
    out
}
