//! What a new session begins with: a beat that plays at once, instead of a void.

use crate::id::TrackId;
use crate::notation::read_pattern;
use crate::score::Score;
use crate::track::Track;

/// The four tracks: name, instrument, pattern, volume.
const TRACKS: [(&str, &str, &str, f32); 4] = [
    ("kick", "kick", "X...x...X..ox...", 0.8),
    ("clap", "clap", "....x.......x...", 0.7),
    ("hat", "hihat", "x.o.x.o.x.o.x.oo", 0.6),
    ("bass", "bass", "x..o..x...x._.o. {4: pitch=3; 7: pitch=7; 11: pitch=-2; 15: pitch=5}", 0.7),
];

/// A score of four tracks under this name that plays at once, at 120 BPM. The same seed gives the same score.
pub fn starter(name: &str, seed: u64) -> Score {
    let mut score = Score { name: name.to_owned(), seed, ..Score::default() };
    let scene = score.first_scene();
    for (place, (name, instrument, pattern, volume)) in (1u64..).zip(TRACKS) {
        // Every line above is read by a test: none is left out here.
        let Ok(pattern) = read_pattern(pattern) else { continue };
        let track = Track {
            name: name.to_owned(),
            instrument: instrument.to_owned(),
            order: char::from(b'a' + place as u8).to_string(),
            volume,
            patterns: [(scene, pattern)].into(),
            ..Track::default()
        };
        score.tracks.insert(
            TrackId::from_random(seed.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
            track,
        );
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::instrument;

    #[test]
    fn a_new_session_has_four_tracks_that_play() {
        let score = starter("Fuzzy Penguin", 7);
        let tracks = score.tracks_in_order();
        let names: Vec<&str> = tracks.iter().map(|(_, track)| track.name.as_str()).collect();
        assert_eq!(names, ["kick", "clap", "hat", "bass"]);
        for (_, track) in tracks {
            assert!(instrument(&track.instrument).is_some(), "{} is no instrument", track.instrument);
            assert!(track.patterns[&score.first_scene()].steps.values().any(|step| step.on));
        }
        assert_eq!(score, starter("Fuzzy Penguin", 7));
        assert_ne!(score.tracks.keys().next(), starter("", 8).tracks.keys().next());
    }
}
