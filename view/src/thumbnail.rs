//! A small picture of a session's grid, by which it is found again.

use score::Score;
use score::catalogue::{Sound, resolve};
use score::track::MAX_TRACKS;
use serde::{Deserialize, Serialize};

/// How many steps a picture is wide; shorter patterns repeat, longer ones are cut.
pub const THUMBNAIL_STEPS: u16 = 32;

/// The first steps of the tracks that play: at most some hundred bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail(Vec<ThumbnailRow>);

/// A track of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThumbnailRow {
    /// The instrument's place among [`score::catalogue::Family::ALL`]; none for a sample.
    pub family: Option<u8>,
    /// Which steps play: the lowest bit is the first.
    pub steps: u32,
}

impl Thumbnail {
    /// The picture of a session's first scene.
    pub fn of(score: &Score) -> Self {
        let scene = score.first_scene();
        let row = |(_, track): (_, &score::Track)| {
            let pattern = track.pattern(scene);
            let plays = |at: u16| pattern.step(at % pattern.length.max(1)).is_some_and(|step| step.on);
            let steps = (0..THUMBNAIL_STEPS).filter(|&at| plays(at)).fold(0_u32, |steps, at| steps | 1 << at);
            let family = match resolve(&track.instrument) {
                Sound::BuiltIn(row) | Sound::Unknown(row) => Some(row.family as u8),
                Sound::Sample(_) => None,
            };
            ThumbnailRow { family, steps }
        };
        Self(score.playing_tracks().into_iter().map(row).collect())
    }

    /// Its rows, at most as many as tracks play.
    pub fn rows(&self) -> &[ThumbnailRow] {
        &self.0[..self.0.len().min(MAX_TRACKS)]
    }
}

impl ThumbnailRow {
    /// Where it plays: the first step of each stretch and its length.
    pub fn stretches(self) -> impl Iterator<Item = (u16, u16)> {
        let plays = move |at: u16| at < THUMBNAIL_STEPS && self.steps >> at & 1 == 1;
        let starts = (0..THUMBNAIL_STEPS).filter(move |&at| plays(at) && (at == 0 || !plays(at - 1)));
        starts.map(move |from| (from, (from..=THUMBNAIL_STEPS).take_while(|&at| plays(at)).count() as u16))
    }
}

#[cfg(test)]
mod tests {
    use score::catalogue::Family;
    use score::starter;

    use super::*;

    #[test]
    fn a_picture_shows_what_plays_twice_where_patterns_are_half_as_long() {
        let picture = Thumbnail::of(&starter("Fuzzy Penguin", 7));
        let families: Vec<Option<u8>> = picture.rows().iter().map(|row| row.family).collect();
        assert_eq!(families[0], Some(Family::Drums as u8));
        assert_eq!(families[3], Some(Family::Bass as u8));
        let kick = picture.rows()[0].steps;
        assert_eq!((kick & 0xffff, kick >> 16), (0b0001_1001_0001_0001, 0b0001_1001_0001_0001));
    }

    #[test]
    fn stretches_cover_what_plays() {
        let row = ThumbnailRow { family: None, steps: 0b1100_0001_u32 | 1 << 31 };
        assert_eq!(row.stretches().collect::<Vec<_>>(), [(0, 1), (6, 2), (31, 1)]);
        let full = ThumbnailRow { family: None, steps: u32::MAX };
        assert_eq!(full.stretches().collect::<Vec<_>>(), [(0, 32)]);
    }
}
