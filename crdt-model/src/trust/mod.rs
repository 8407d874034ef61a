//! Who may write, and how bytes from strangers become changes of the document.
//!
//! Every player has a key ([`Identity`]); every opening of a store by a process is an actor of that key ([`ActorId`]), whose
//! changes form one line. With each change goes a [`Voucher`]: the key's signature over a hash chain of all the actor's changes so
//! far ([`Chain`]). So the newest voucher is enough for all that came before, and what signs one change also fixes the order
//! of all earlier ones. A change and its voucher are a [`Record`]: what one edit writes to the store and sends to every link.
//!
//! [`Admission`] is the one door into a session's document. It hands Automerge nothing that it has not first taken apart itself,
//! within bounds ([`limits`]), and checked against the change's ancestors: it is the actor's turn, operation ids follow from the
//! dependencies, and whatever an operation refers to is there. It decides by bytes and ancestors alone, so all honest replicas
//! let in the same changes, and says why it refuses one ([`Refusal`]).
//!
//! A key that vouches for two changes with one number has proven its own dishonesty. The [`Proof`] can be checked by anyone; all who
//! hold it keep the branch whose forked change has the smaller hash, write their documents anew without the other, and name
//! what fell out, so that honest players can issue those edits again.
//!
//! Replicas that lost touch compare version vectors ([`Have`]) and send what is [`Missing`]; one that holds nothing takes a
//! [`WholeDocument`].
//!
//! Nothing here knows what the document means: it may hold any maps of scalars. Lists, texts, counters and marks are not
//! used by sessions and are refused.
//!
//! ```
//! use automerge::{AutoCommit, ROOT, transaction::Transactable};
//! use crdt_model::trust::{ActorId, ActorNonce, Admission, Identity, Outcome, SessionOrigin};
//!
//! // Ada founds a session and makes an edit. (Secrets and nonces are random outside of examples.)
//! let (ada, nonce) = (Identity::from_secret(&[1; 32]), ActorNonce([2; 16]));
//! let session = SessionOrigin { founder: ada.player(), nonce: [3; 16] }.id();
//! let mut document = AutoCommit::new().with_actor(ActorId::derive(&ada.player(), &nonce).into());
//! let mut admission = Admission::new(session);
//! document.put(ROOT, "tempo", 120.0)?;
//! document.commit();
//! let change = document.get_last_local_change().expect("an edit was committed");
//! let record = admission.vouch_local(&ada, nonce, change)?;
//!
//! // Bob gets the record over a link.
//! let (mut bobs_document, mut bobs_admission) = (AutoCommit::new(), Admission::new(session));
//! assert!(matches!(bobs_admission.admit(&mut bobs_document, record), Outcome::Applied(_)));
//! assert_eq!(bobs_document.get_heads(), document.get_heads());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod actor;
mod admission;
mod catch_up;
mod chain;
mod challenge;
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
mod signed_request;
mod voucher;

pub use actor::{ActorId, ActorNonce};
pub use admission::{Admission, BatchOutcome};
pub use catch_up::{Have, Missing, Staging, StagingFull, WholeDocument};
pub use chain::Chain;
pub use challenge::{Challenge, ChallengeAnswer};
pub use coverage::Coverage;
pub use equivocation::{Branch, Proof, ProofId};
pub use hash::ChangeHash;
pub use identity::{Identity, Signature, verify};
pub use lineage::Lineage;
pub use origin::SessionOrigin;
pub use outcome::{Applied, Equivocation, FellOut, Outcome};
pub use record::Record;
pub use refusal::Refusal;
pub use signed_request::SignedRequest;
pub use voucher::Voucher;

/// The first 16 bytes of a hash.
fn first_16(hash: &blake3::Hash) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash.as_bytes()[..16]);
    out
}
