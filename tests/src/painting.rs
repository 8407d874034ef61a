//! A session that grows by one small edit after the other, as a player's hand makes them; the same in every process.

use score::edit::{PatternEdit, PatternRef};
use score::step::StepLock;
use score::{Edit, Score, TrackId};

const TRACKS: u64 = 16;
const STEPS: usize = 64;

/// A prime, so that a value comes back to its step after many rounds only.
const VALUES: usize = 9_973;

/// What a session of sixteen tracks begins with, every fourth step playing.
pub fn beginning(score: &Score) -> Vec<Edit> {
    let scene = score.first_scene();
    let track = |number: u64| {
        let id = TrackId::from_random(number);
        let add = Edit::AddTrack { id, instrument: "kick".to_owned(), name: format!("Track {number}") };
        let at = PatternRef { track: id, scene };
        let length = Edit::Pattern(at, PatternEdit::SetLength(STEPS as u16));
        let plays = |step: usize| Edit::Pattern(at, PatternEdit::SetStep { step: step as u16, on: true });
        [add, length].into_iter().chain((0..STEPS).step_by(4).map(plays)).collect::<Vec<_>>()
    };
    (0..TRACKS).flat_map(track).collect()
}

/// The edit with this number: the velocity of one step, on another step than the edits around it.
pub fn painted(number: usize, score: &Score) -> Edit {
    let (at, step) = place(number, score);
    Edit::Pattern(at, PatternEdit::SetLock { step, lock: StepLock::Volume(velocity(number)) })
}

/// Whether the edit with this number is the last that was made at its place.
pub fn shows(number: usize, score: &Score) -> bool {
    let (at, step) = place(number, score);
    let held = score.tracks.get(&at.track).and_then(|track| track.pattern(at.scene).step(step)?.volume);
    held == Some(velocity(number))
}

fn place(number: usize, score: &Score) -> (PatternRef, u16) {
    let track = TrackId::from_random(number as u64 % TRACKS);
    let step = number / TRACKS as usize % STEPS;
    (PatternRef { track, scene: score.first_scene() }, step as u16)
}

fn velocity(number: usize) -> f32 {
    (number % VALUES) as f32 / VALUES as f32
}
