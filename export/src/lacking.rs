//! What a file lacks where recordings are not at hand.

use std::collections::BTreeSet;

use audio_engine::Samples;
use score::Score;
use score::lower::lower_first_scene;

/// A sentence for each recording that the session's tracks play and that is not among `samples`, in the tracks' order: in a file made
/// with these, such tracks are silent.
pub fn lacking(score: &Score, samples: &Samples) -> Vec<String> {
    let mut told = BTreeSet::new();
    let program = lower_first_scene(score);
    let missing = program.tracks.iter().filter_map(|track| track.sample);
    let missing = missing.filter(|hash| !samples.contains_key(hash) && told.insert(*hash));
    let name = |hash| score.samples.get(&hash).map_or("without a name", |sample| sample.name.as_str());
    missing
        .map(|hash| format!("the sample \"{}\" is not here, and its tracks are silent", name(hash)))
        .collect()
}

#[cfg(test)]
mod tests {
    use score::{SampleHash, Track, TrackId};

    use super::*;

    #[test]
    fn a_recording_that_is_not_at_hand_is_told_once() {
        let track = Track { instrument: format!("sample:{}", SampleHash([3; 32])), ..Track::default() };
        let tracks = [1, 2].map(|number| (TrackId::from_random(number), track.clone()));
        let score = Score { tracks: tracks.into(), ..Score::default() };
        let told = lacking(&score, &Samples::new());
        assert_eq!(told, ["the sample \"without a name\" is not here, and its tracks are silent"]);
        assert!(lacking(&score::starter("Fuzzy Penguin", 7), &Samples::new()).is_empty());
    }
}
