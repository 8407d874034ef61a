//! What an interface and its host say to each other.
//!
//! The host is whatever holds the sessions: a native process behind the desktop's window, or a web worker behind a page. The
//! interface sends [`Ask`]s and is sent [`Tell`]s over one ordered channel; nothing in it knows which host it talks to. Both
//! travel as postcard ([`encode`], [`decode`]); the two ends are always of one build, so there is no version to negotiate.

use score::{Beats, PlayerKey, SessionId, TrackId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::export_format::ExportFormat;
use crate::history::{Past, PastAct};
use crate::patch::{View, ViewPatch};
use crate::thumbnail::Thumbnail;
use crate::transport::Transport;

/// Names a request of the interface; its answer carries the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AskId(pub u32);

/// What an interface asks of its host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Which sessions are here? [`Tell::Sessions`].
    Sessions,
    /// Take a session off the list, or put it back. What is kept of it stays. [`Tell::Sessions`].
    List {
        /// Which.
        session: SessionId,
        /// Whether it is to be on the list.
        listed: bool,
    },
    /// Found a session and show it. [`Tell::Opened`], then patches.
    Create {
        /// At most 100 characters; empty for a name that the host makes up.
        name: String,
    },
    /// Show a session that is here, or that the host's server has. [`Tell::Opened`], then patches.
    Open(SessionId),
    /// Join by a link or a ticket. [`Tell::Opened`], then patches.
    Join(String),
    /// Carry out a command in the session that is shown. [`Tell::Answer`].
    Command {
        /// Comes back with the answer.
        id: AskId,
        /// What to do.
        command: Command,
    },
    /// Hear the session that is shown on this machine from here on, and have it play for everybody unless it does.
    /// [`Tell::Playhead`] follows for as long as it is heard.
    Play,
    /// Hear the session as this private mix says (as `score::private_mix` writes it; empty for the shared one), level and metronome
    /// included, for as long as it is shown. It is told to nobody else.
    Ears(Vec<u8>),
    /// Press a key on a track, or let it go, for this player alone. The first key has the session heard on this machine from here
    /// on.
    Strike {
        /// Whose instrument sounds.
        track: TrackId,
        /// In semitones, as a step's.
        pitch: i8,
        /// 0..=1; `None` lets the key go.
        velocity: Option<f32>,
    },
    /// What is played on this machine is heard so many microseconds later than its device says, as the player hears it: it is played
    /// so much earlier from here on, in every session; negative plays it later. A native host keeps it
    /// ([`SoundDelay::trim_micros`] tells what is kept) and bounds it to [`MAX_TRIM_MICROS`] either way.
    Trim(i32),
    /// What was done in the session? [`Tell::Acts`].
    Acts,
    /// Play a state that the session was in in place of the session, at the tempo that it had, for this player alone; `None` plays
    /// the session again. It has the session heard on this machine from here on. Nothing of it is shown.
    Preview(Option<Past>),
    /// How can others come to this session? [`Tell::Invitation`].
    Invite,
    /// Publish the session as it is now, as a beat. [`Tell::Published`].
    Publish,
    /// Found a session that begins as the one shown, and show that. [`Tell::Opened`], then patches.
    Remix,
    /// Write the session as a file where this machine keeps downloads. [`Tell::Exported`]. A page makes its files itself.
    Export(ExportFormat),
    /// Have a server keep the session for good. [`Tell::Invitation`] when it has it.
    Archive {
        /// The server's address; empty for the one that is known.
        server: String,
    },
}

/// A session that is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionListing {
    /// Its id.
    pub session: SessionId,
    /// What it is called; empty where that is not known without opening it.
    pub name: String,
    /// What its grid looked like last; empty where that is not known without opening it.
    pub picture: Thumbnail,
}

/// How loud something is, 1.0 being full scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Largest magnitude, falling.
    pub peak: f32,
    /// Root of the mean square.
    pub rms: f32,
}

/// What the engine's meters show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// What leaves the engine.
    pub master: Level,
    /// Each track after its fader, in the shared mix.
    pub tracks: Vec<(TrackId, Level)>,
}

/// The most that a player may trim when their sound is heard, in microseconds, either way: half a second, more than any radio takes.
pub const MAX_TRIM_MICROS: i32 = 500_000;

/// The trim that is nearest to so many microseconds.
pub fn bounded_trim(micros: i32) -> i32 {
    micros.clamp(-MAX_TRIM_MICROS, MAX_TRIM_MICROS)
}

/// How many keys wait for an engine that is on its way: two hands, down and up, and a rest of doubt.
pub const MAX_EARLY_STRIKES: usize = 32;

/// How late what an engine renders is heard. All of it is made up for: what is to be heard at a moment is rendered so much earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoundDelay {
    /// What the device says passes from the engine to its output, in microseconds; `None` while there is none, or it has not played
    /// for a second.
    pub device_micros: Option<u32>,
    /// What the player adds to that by ear, in microseconds; within [`MAX_TRIM_MICROS`].
    pub trim_micros: i32,
}

/// How hard an engine works, and whether it keeps up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Notes that sound.
    pub voices: u32,
    /// How much of the time goes into rendering, in percent: the mean of about a second.
    pub load_percent: u32,
    /// How often it was too slow: gaps that a sound device counted, or blocks of a page that took longer than they last.
    pub late: u32,
}

/// Where the music is, for an interface to draw.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Playhead {
    /// Whether this player hears the session when it plays, or would if there were a device.
    pub is_heard: bool,
    /// Whether it plays.
    pub is_playing: bool,
    /// The beat that is heard at this moment.
    pub beat: Beats,
    /// How loud it is.
    pub levels: Levels,
    /// The device that plays; `None` while there is none.
    pub device: Option<String>,
    /// How late it is heard.
    pub delay: SoundDelay,
    /// How the engine fares.
    pub effort: Effort,
}

/// What a host tells its interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    /// The sessions on the list, those opened last first.
    Sessions(Vec<SessionListing>),
    /// This session is shown from here on; a [`ViewPatch::Reset`] follows.
    Opened {
        /// Which.
        session: SessionId,
        /// The player at this machine.
        me: PlayerKey,
    },
    /// The view changed.
    Patch(ViewPatch),
    /// A command was carried out, or why not.
    Answer {
        /// The request.
        id: AskId,
        /// `Ok` means done here: neither durable nor delivered.
        result: Result<(), String>,
    },
    /// What to play, as the image that `score::program_image` writes: for a host without an engine of its own.
    Program(Vec<u8>),
    /// Where the music is: for an interface that has the engine, or draws by itself. `None` where nobody ever played. Follows
    /// [`Tell::Opened`], and comes whenever it changes. A page's worker goes by the clock of the page; a process, whose clock is
    /// another, by one that reads 0 as this is told.
    Transport(Option<Transport>),
    /// What was done in the session, the newest first; at most [`MAX_PAST_ACTS`](crate::MAX_PAST_ACTS).
    Acts(Vec<PastAct>),
    /// Where the music is.
    Playhead(Playhead),
    /// How others come to this session.
    Invitation {
        /// A link that opens in a browser; `None` while no server has the session.
        link: Option<String>,
        /// A line of text that joins directly; `None` where the host cannot be dialled.
        ticket: Option<String>,
    },
    /// A beat was published.
    Published {
        /// Where everyone can hear it.
        link: String,
    },
    /// A file was written.
    Exported {
        /// Where it is, to read.
        place: String,
    },
    /// Something that was asked for could not be done: what, why, and what to do.
    Failed(String),
}

/// What a page is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    /// A player's sessions, and a new one.
    #[default]
    Home,
    /// A session to play.
    Session(SessionId),
    /// A beat to listen to.
    Beat {
        /// Its id.
        id: String,
        /// What it was made from.
        source: SessionId,
    },
    /// A link that leads nowhere.
    Missing {
        /// What is wrong with it, to read.
        reason: String,
    },
}

/// What a server writes into a page, so that it shows and plays before anything else has loaded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// What the page is about.
    pub page: Page,
    /// The session or beat as it is.
    pub view: Option<Box<View>>,
    /// What to play at once, as the image that `score::program_image` writes.
    pub program: Vec<u8>,
}

/// A message as bytes.
///
/// # Errors
/// Never for the types of this module; postcard's signature asks for it.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_allocvec(message)
}

/// The message that these bytes are.
///
/// # Errors
/// When they are none, or something follows it.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    let (message, rest) = postcard::take_from_bytes(bytes)?;
    if rest.is_empty() { Ok(message) } else { Err(postcard::Error::DeserializeBadEncoding) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_channel() {
        let ask = Ask::Command { id: AskId(7), command: Command::Undo };
        assert_eq!(decode::<Ask>(&encode(&ask).unwrap()).unwrap(), ask);
        let tell = Tell::Answer { id: AskId(7), result: Err("nothing to undo".to_owned()) };
        assert_eq!(decode::<Tell>(&encode(&tell).unwrap()).unwrap(), tell);
    }

    #[test]
    fn what_is_cut_or_too_long_is_refused() {
        let mut bytes = encode(&Ask::Join("offbeat1".to_owned())).unwrap();
        assert!(decode::<Ask>(&bytes[..bytes.len() - 1]).is_err());
        bytes.push(0);
        assert!(decode::<Ask>(&bytes).is_err());
    }
}
