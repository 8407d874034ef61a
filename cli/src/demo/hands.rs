//! What the demo's two players do: small edits that a listener can follow, taken back after a while.
//!
//! They speak the words of `offbeat edit`, so what the demo shows beside a player's name can be typed.

use score::catalogue::{self, Family, Sound};
use score::step::MAX_PITCH_SEMITONES;
use score::{Score, Track};

/// Edits that a player makes before taking them back.
const MOST_STANDING: usize = 6;

/// One player's hands.
pub(super) struct Hands {
    random: u64,
    standing: usize,
    is_taking_back: bool,
}

impl Hands {
    /// Hands whose choices follow from a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { random: seed | 1, standing: 0, is_taking_back: false }
    }

    /// The next edit, in words; `None` for a session without tracks.
    pub(super) fn next(&mut self, score: &Score) -> Option<String> {
        let tracks: Vec<(usize, &Track)> =
            score.playing_tracks().iter().map(|&(_, track)| track).enumerate().collect();
        let (index, track) = *tracks.get(self.below(tracks.len().max(1)))?;
        if self.standing >= MOST_STANDING {
            self.is_taking_back = true;
        }
        if self.is_taking_back && self.standing > 0 {
            self.standing -= 1;
            return Some("undo".to_owned());
        }
        self.is_taking_back = false;
        self.standing += 1;
        Some(self.edit(index + 1, track, score))
    }

    fn edit(&mut self, position: usize, track: &Track, score: &Score) -> String {
        let pattern = track.pattern(score.first_scene());
        let length = usize::from(pattern.length.max(1));
        let name = spoken(track, position, score);
        let step = self.below(length);
        let is_on = pattern.step(step as u16).is_some_and(|step| step.on);
        match self.below(10) {
            0 => format!("rotate {name} 1"),
            1 if is_percussion(track) => format!("euclid {name} {} 0", 3 + self.below(length.clamp(2, 8))),
            2 if is_on => format!("lock {name} {} ratchet={}", step + 1, 2 + self.below(2)),
            3 | 4 if is_on => {
                format!("lock {name} {} volume={}", step + 1, ["0.3", "0.5", "1"][self.below(3)])
            }
            5 | 6 if is_on && !is_percussion(track) => {
                format!("lock {name} {} pitch={}", step + 1, self.pitch(score))
            }
            _ if is_on => format!("step {name} {} off", step + 1),
            _ => format!("step {name} {} on", step + 1),
        }
    }

    /// A pitch of the session's scale, an octave up or down at most.
    fn pitch(&mut self, score: &Score) -> i16 {
        let octave = i16::from(MAX_PITCH_SEMITONES) / 2;
        let fitting: Vec<i16> = (-octave..=octave)
            .filter(|&pitch| score.scale.contains(pitch + i16::from(score.scale.root())))
            .collect();
        fitting[self.below(fitting.len())]
    }

    /// A number below `count`: xorshift (Marsaglia 2003, 13-7-17), plenty for a show.
    fn below(&mut self, count: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 33) as usize % count
    }
}

/// A track as one would type it: its name, or its position where names collide or cannot be typed plainly.
fn spoken(track: &Track, position: usize, score: &Score) -> String {
    let name = track.name.to_lowercase();
    let is_alone =
        score.tracks_in_order().iter().filter(|(_, other)| other.name.to_lowercase() == name).count() == 1;
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-');
    if is_alone && is_plain { name } else { format!("#{position}") }
}

fn is_percussion(track: &Track) -> bool {
    match catalogue::resolve(&track.instrument) {
        Sound::BuiltIn(row) | Sound::Unknown(row) => row.family == Family::Drums,
        Sound::Sample(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use score::{PlayerKey, UnixMillis};
    use view::Command;

    use super::*;
    use export::sheet;

    use crate::words;

    #[test]
    fn every_edit_of_the_hands_can_be_typed() {
        let score = sheet::read("kick: X...x...\nBig Bass: x.x\nacid: X_x.\nkick: x\n8: xxxx").unwrap().score;
        let mut hands = Hands::new(7);
        let (mut edits, mut taken_back) = (0, 0);
        for _ in 0..1_000 {
            let text = hands.next(&score).unwrap();
            let mut random = || 1;
            let mut context = words::Context {
                score: &score,
                me: PlayerKey([1; 32]),
                now: UnixMillis(0),
                random: &mut random,
                scene: score.first_scene(),
                samples: &words::BroughtFiles::new(),
            };
            let split = words::split(&[format!("{text} ")]).unwrap();
            match words::parse(&split[0], &mut context).unwrap_or_else(|error| panic!("`{text}`: {error}")) {
                Command::Undo => taken_back += 1,
                _ => edits += 1,
            }
        }
        assert!(edits - taken_back <= MOST_STANDING as i32, "{edits} edits, {taken_back} taken back");
    }

    #[test]
    fn there_is_nothing_to_do_without_tracks() {
        assert_eq!(Hands::new(1).next(&Score::default()), None);
    }
}
