//! The musical facts of Offbeat, as plain data: what a session is, what a player may change in it, and what that sounds
//! like in terms of notes and moments.
//!
//! - [`Score`] is a session as plain data: tracks, patterns, steps, scenes. Front ends read it; `crdt-model` maintains it.
//! - [`Edit`] is the closed list of everything that a player can change.
//! - [`Program`] is a score compiled for the audio engine: complete, bounded, flat.
//! - [`mod@schedule`] turns a program and a range of [`Beats`] into onsets: swing, ties, chance, ratchets and polymeter live
//!   there, and nowhere else.
//! - [`notation`] writes a pattern as one line of text and reads it back.
//! - [`catalogue`] lists every instrument and every parameter with its unit, range and default.
//!
//! The crate does no I/O, knows no clock and no randomness of its own: the same arguments always give the same answer, on
//! every machine. It never names the document format, the network or the sound device.

#[cfg(test)]
mod arbitrary;
pub mod catalogue;
pub mod chance;
pub mod colour;
pub mod cycle;
pub mod default_name;
mod digits;
pub mod edit;
mod effect_value;
pub mod id;
pub mod lower;
pub mod meter;
pub mod notation;
pub mod patch;
pub mod pattern;
pub mod pattern_op;
pub mod private_mix;
pub mod program;
pub mod program_image;
pub mod scale;
pub mod schedule;
pub mod score;
pub mod starter;
pub mod step;
pub mod text;
pub mod time;
pub mod track;

pub use colour::TrackColour;
pub use cycle::Cycle;
pub use edit::Edit;
pub use id::{EntryId, MessageId, PlayerKey, SampleHash, SceneId, SessionId, TrackId, VersionId};
pub use lower::{Fallback, fallbacks, lower, lower_first_scene};
pub use meter::Meter;
pub use patch::ScorePatch;
pub use pattern::Pattern;
pub use private_mix::{PrivateMix, PrivateTrack};
pub use program::Program;
pub use schedule::{Onset, OnsetKind, schedule};
pub use score::Score;
pub use starter::starter;
pub use step::{Condition, Step};
pub use time::{Beats, Frames, LocalTime, SharedTime, Tempo, UnixMillis};
pub use track::Track;
