//! The audio engine as a module that an AudioWorklet (or a Worker, for renders) instantiates.
//!
//! It is a raw WebAssembly module without imports: no generated glue, nothing to load beside it. The page's worker compiles
//! programs to byte images (`score::program_image`); the worklet's script copies an image into [`Player::image_slot`] and
//! tells the module how long it is, says where the music is and when frames are heard, and takes frames.
//!
//! [`Player`] is the whole of it, in safe Rust. The `exports` module is its C face: the only place here that speaks of addresses.

mod exports;
mod meters;
mod player;
mod recordings;
mod timeline;

pub use meters::{MAX_METERS, Meters};
pub use player::{MAX_BLOCK_FRAMES, MAX_IMAGE_BYTES, Player};
pub use recordings::MAX_RECORDINGS;
pub use timeline::{MAX_TIMELINE_SEGMENTS, SEGMENT_BYTES};
