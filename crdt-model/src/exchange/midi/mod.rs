//! Standard MIDI files: sessions for other programs, and other programs' music as sessions.
//!
//! [`write_midi`] writes what is heard in one [`Cycle`](score::Cycle) of the first scene: the schedule decides, so swing, nudges, ratchets, chance and
//! conditions are in the file as they fall the first time round. [`read_midi`] turns notes back into steps: to the nearest
//! sixteenth, what is left of their time as swing and nudge, quick repetitions as ratchets, long notes as ties.
//!
//! A file holds notes, not a session. Sounds travel as the name of the instrument in each track; effects, instrument
//! settings, parameter locks, chance and conditions do not travel.
//!
//! ```
//! use crdt_model::exchange::{import, midi};
//! let score = import(b"Kick: X...X...X...X...\nBass: ..xo_.x...xo_.x.").unwrap().score;
//! let again = midi::read_midi(&midi::write_midi(&score).bytes).unwrap().score;
//! assert_eq!(again.playing_tracks().len(), 2);
//! ```

mod events;
mod grid;
mod length;
mod part;
mod programs;
mod read;
mod swings;
mod write;

pub use read::{MAX_MIDI_BYTES, MidiError, read_midi};
pub use write::{WrittenMidi, write_midi};

/// Ticks of a quarter note in the files that are written: a hundredth of a step is 2.4 of them.
const TICKS_PER_BEAT: u16 = 960;

/// The channel that General MIDI keeps for drums, which players call the tenth.
const DRUM_CHANNEL: u8 = 9;

/// By how much a note overlaps the one that it slides into, in ticks: what synthesizers take for legato.
const LEGATO_TICKS: i64 = 10;

/// What a chunk says of its track's pattern: its length, and whether notes are cut at the end of their step.
const STEPS: &str = " steps";
const GATED: &str = ", gated";

/// Volume and pan of a channel.
const VOLUME_CONTROLLER: u8 = 7;
const PAN_CONTROLLER: u8 = 10;

#[cfg(test)]
mod tests;
