//! What the processor tells the interface.

use arrayvec::ArrayVec;
use score::id::TrackId;
use score::time::{Beats, Frames};
use score::track::MAX_TRACKS;

use crate::meter::Level;

/// A picture of the processor after a block: the newest one replaces the one before it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The next frame that the processor will give.
    pub frame: Frames,
    /// The beat at that frame.
    pub beat: Beats,
    /// Whether the beat advances.
    pub is_playing: bool,
    /// Notes that sound.
    pub voices: usize,
    /// Level of each track after its fader.
    pub tracks: ArrayVec<(TrackId, Level), MAX_TRACKS>,
    /// Level of what leaves the engine.
    pub master: Level,
}
