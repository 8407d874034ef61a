//! What travels between the two halves.

use crate::hand::Stroke;
use crate::prepared::{Prepared, STRIPS};
use crate::transport::Transport;

/// Messages on their way to the processor. The control half sends at most one of each kind per call and keeps the newest
/// of what does not fit, so a few are enough.
pub(crate) const INBOX_MESSAGES: usize = 32;

/// Retired programs on their way back; the processor takes no program while there is no room to return one.
pub(crate) const RETIRED_PROGRAMS: usize = 32;

/// From the control half to the processor.
#[derive(Debug)]
pub(crate) enum Message {
    /// Play this from here on.
    Program(Box<Prepared>),
    /// Musical time.
    Transport(Transport),
    /// This player's own gain for each strip.
    Ears([f32; STRIPS]),
    /// Level of this player's metronome, 0..=1.
    Metronome(f32),
    /// How loud this player listens, 0..=1.
    Level(f32),
    /// A key of this player goes down or up.
    Stroke(Stroke),
}
