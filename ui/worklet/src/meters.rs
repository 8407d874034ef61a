//! The meters as a script reads them: flat arrays at addresses that stay.

use audio_engine::{Level, Report};

/// Meters: the master's, and one for each track that can play.
pub const MAX_METERS: usize = 17;

/// Levels of the master and of the tracks.
#[derive(Clone, Debug)]
pub struct Meters {
    /// Meters that are shown; the first is the master's.
    count: usize,
    /// Ids of the tracks in letters, in the order of their meters, without one for the master.
    ids: [[u8; 8]; MAX_METERS - 1],
    /// Peak and root mean square of each meter; 1 is full scale.
    levels: [[f32; 2]; MAX_METERS],
}

impl Meters {
    /// Shows what a report says.
    pub(crate) fn read(&mut self, report: &Report) {
        let show = |level: Level| [level.peak, level.rms];
        self.levels[0] = show(report.master);
        self.count = 1;
        for (track, level) in report.tracks.iter().take(MAX_METERS - 1) {
            self.ids[self.count - 1].copy_from_slice(track.as_str().as_bytes());
            self.levels[self.count] = show(*level);
            self.count += 1;
        }
    }

    /// Meters that are shown; the first is the master's.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Ids of the tracks in letters, in the order of their meters.
    pub fn ids(&self) -> &[[u8; 8]] {
        &self.ids[..self.count.saturating_sub(1)]
    }

    /// Peak and root mean square of the master and of each track.
    pub fn levels(&self) -> &[[f32; 2]] {
        &self.levels[..self.count]
    }
}

impl Default for Meters {
    fn default() -> Self {
        Self { count: 0, ids: [[0; 8]; MAX_METERS - 1], levels: [[0.0; 2]; MAX_METERS] }
    }
}
