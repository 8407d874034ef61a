//! Samples: files brought in, kept by their hash, and made ready for the engine.
//!
//! ```text
//! a player's file -> child process: decoded, resampled to 48 kHz -> FLAC -> store, named by the BLAKE3 of its bytes
//! a hash in a session -> store -> child process: decoded -> the engine
//! ```
//!
//! Files are strangers' bytes, and so is a stored FLAC that a peer has sent. They are decoded in a process of their own, with
//! little memory, processor time and wall-clock time and no file to open ([`decode_if_asked`]); what comes back is plain numbers,
//! whose count is bounded before they are read. Nothing else in the program calls a decoder.

mod apart;
mod decode;
mod error;
mod flac;
mod recording;
mod resample;
mod store;

pub use apart::{DECODE_ARGUMENT, decode_if_asked};
pub use error::SampleError;
pub(crate) use recording::load;
pub use recording::{Gathered, Recording, gather, record_file};
pub use store::{MAX_STORED_BYTES, SampleStore};
