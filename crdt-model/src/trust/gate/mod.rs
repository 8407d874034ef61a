//! The only gate through which foreign bytes reach Automerge.
//!
//! Automerge 0.12 inflates compressed chunks without a limit, believes run lengths, and panics on references to what it does not
//! hold. So a foreign change is first taken apart here, without Automerge and almost without memory: its frame
//! ([`chunk`]), its header ([`change`]) and then its operations ([`ops`]) over bounded run-length columns ([`runs`]). Whatever they refer to is looked
//! up by the ledger, which knows the change's ancestors. Only a change that has passed all of this is handed on, and
//! even then under a net that turns a panic into a refusal.
//!
//! Sessions use maps and scalars alone, so lists, texts, marks, counters and empty changes are refused. So is every
//! spelling of a change but the one Automerge itself writes: a document stores values, not bytes, and would save such a change
//! under another hash than the one others know it by.

mod change;
mod chunk;
mod net;
mod ops;
mod reader;
mod runs;

pub(in crate::trust) use change::ForeignChange;
pub(in crate::trust) use chunk::{body_hash, inflate};
pub(in crate::trust) use net::{apply, discard, load_change, load_own_document};
pub(in crate::trust) use ops::{Op, OpKind, OpRef};
pub(in crate::trust) use reader::{Reader, write_signed, write_unsigned};
