//! The sound device: what the engine renders leaves the machine here.
//!
//! [`Output::open`] gives the engine's processor half to the device's audio thread; the control half stays with the
//! session. A machine without a device stays silent and says so: nothing else depends on sound.
//!
//! Beside playing, the audio thread keeps [the line between frames and time](Anchor): which frame of the engine's counter
//! leaves the device at which moment, filtered from the callbacks' timestamps. From it the session places the music,
//! so that the same step is heard at the same moment on every machine, whatever the device's delay and own speed.

mod callback;
mod device;
mod file_card;
mod health;
mod hush;
mod rate;
mod timing;
mod trim;

pub use device::{Output, SoundError, default_output_name};
pub use file_card::{FileOutput, FileOutputError, SOUND_FILE_VARIABLE};
pub use timing::Anchor;
pub use trim::{Trim, TrimError};
