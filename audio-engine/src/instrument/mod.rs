//! Instruments: a [`Voice`] plays one note of any of them.
//!
//! Behind a voice stand a few engines (percussion, subtractive, …), each driven by preset rows: plain data in
//! one file per family under `presets`, readable by someone who makes sounds. What a player turns (`Tweaks`) is
//! laid over the row when a note starts; nothing is looked up while it sounds.

mod bandwidth;
mod fm;
mod modal;
mod organ;
mod percussion;
mod presets;
mod shaper;
mod string;
mod subtractive;
mod sway;
mod tweaks;
mod unison;
mod voice;

pub(crate) use shaper::Waiting;
pub(crate) use tweaks::Tweaks;
pub use voice::{Note, Voice};
