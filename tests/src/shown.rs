//! A session as JSON, as the command line and the server show it.

use serde_json::Value;

/// Whether a step, counted from 1, plays in the first scene of a track.
pub fn plays(session: &Value, track: &str, step: usize) -> bool {
    let tracks = session["tracks"].as_array().into_iter().flatten();
    let found = tracks.into_iter().find(|one| one["name"] == track);
    found.is_some_and(|track| track["steps"][step - 1]["on"] == true)
}
