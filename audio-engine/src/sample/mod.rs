//! Samples: players' recordings and files, played at any pitch.
//!
//! The control half is given whole recordings ([`SampleData`], 48 kHz) under the hashes that programs name them by; each
//! prepared program carries a handle to those that its tracks play, and so does each voice. The handles are counted, and the
//! `Bank` keeps one of every recording until nobody else has any; so letting go of a handle on the audio thread never frees
//! memory.
//!
//! A note reads its recording along a `Route` (whole or one slice, trimmed, backwards, repeated) with a windowed sinc whose
//! cutoff falls as the pitch rises (`kernel`), so that neither images nor aliases are heard. At its own pitch a recording comes
//! out as it is, to the bit.

mod bank;
mod data;
mod kernel;
mod player;
mod route;

pub use data::{MAX_SAMPLE_FRAMES, Sample, SampleData, SampleError, Samples};

pub(crate) use bank::{Bank, SharedBank};
pub(crate) use player::{SamplePlayer, repeats};
