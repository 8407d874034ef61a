//! What an interface shows of a session, and what it may ask for.
//!
//! An interface never holds the session. It sends [`Command`]s and receives [`ViewPatch`]es over one channel, whose other
//! end is a native process or a web worker; nothing here knows which. A [`View`] is complete: an interface that starts late
//! is given one, and keeps it current with [`View::apply`].
//!
//! The crate knows musical facts (`score`) and nothing else: no document format, no network, no sound device.

pub mod command;
pub mod connection;
pub mod export_format;
pub mod following;
pub mod guise;
pub mod history;
pub mod host;
pub mod patch;
pub mod player;
pub mod thumbnail;
pub mod transport;

pub use command::{Command, CommandError, Gesture};
pub use connection::{Connection, Link, LinkClock, LinkPath, SharedClock};
pub use export_format::ExportFormat;
pub use following::{Cue, Follower, FrameLine, MAX_CUES};
pub use guise::{Guise, guise_among, guises};
pub use history::{About, ChangeMark, MAX_PAST_ACTS, Past, PastAct};
pub use host::{Ask, AskId, Effort, Level, Levels, Page, Playhead, Ready, SessionListing, SoundDelay, Tell};
pub use patch::{View, ViewPatch};
pub use player::{Cursor, Player, Role, Selected};
pub use thumbnail::{THUMBNAIL_STEPS, Thumbnail, ThumbnailRow};
pub use transport::{ALONE_AHEAD_NANOS, PACE_NANOS, Playing, Segment, Timeline, Transport};
