//! The store: what a session has written to disk, and when it may say so.
//!
//! One folder per session holds
//! - `log`: [records](RecordKind) in the order in which they happened ([`Log`]): the session's origin, every change
//!   with its voucher, proofs, and now and then a snapshot in the place of all before it;
//! - `checkpoint`: from which the session is shown and played before the log has been read ([`read_checkpoint`]);
//! - `cut-0`…: damaged ends of the log that recovery set aside.
//!
//! The store knows neither documents nor signatures: bodies are bytes to it. What it answers for is this: *a record
//! reported durable is there after any crash, and whatever a crash leaves, the log opens.* Its file operations go
//! through [`Disk`], so the tests cut the power at a thousand random points and look.
//!
//! ```no_run
//! use std::{path::Path, sync::Arc};
//! use peer::store::{Log, RealDisk, RecordKind};
//!
//! # fn main() -> Result<(), peer::store::StoreError> {
//! let (mut log, recovered) = Log::open(Arc::new(RealDisk), Path::new("jam"), "session id")?;
//! println!("{} records", recovered.records().len());
//! let ticket = log.append(RecordKind::Change, b"an edit and its voucher")?;
//! assert!(log.commit()? >= ticket); // from here on the edit counts as saved
//! # Ok(())
//! # }
//! ```

mod checkpoint;
mod disk;
mod error;
mod log;
mod log_end;
#[cfg(test)]
mod power_cut_tests;
mod real_disk;
mod record;
mod recovery;
#[cfg(test)]
pub(crate) mod simulated_disk;
mod writer;

pub use checkpoint::{MAX_CHECKPOINT_BYTES, StoredCheckpoint, read_checkpoint};
pub use disk::{Disk, File};
pub use error::StoreError;
pub use log::{Log, Ticket};
pub use real_disk::RealDisk;
pub use record::RecordKind;
pub use recovery::Recovered;
pub use writer::{Durable, Writer};
