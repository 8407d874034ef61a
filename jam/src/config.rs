//! Who takes part in a session, and how.

use score::PlayerKey;
use view::Role;

use crate::limits::{LINK_BURST_MESSAGES, LINK_MESSAGES_PER_SECOND, MAX_DIRECT_PLAYERS, MAX_LINKS};

/// Who takes part, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// The player at this machine.
    pub key: PlayerKey,
    /// What the player is called; empty for the default.
    pub name: String,
    /// What this replica does in the session.
    pub role: Role,
    /// Ask servers to keep the session for good.
    pub archive: bool,
    /// When changes that arrive are passed on.
    pub relay: Relay,
    /// How much is taken from others.
    pub limits: Limits,
    /// 32 bytes from a cryptographic source, fresh for every opening.
    pub seed: [u8; 32],
}

impl Config {
    /// A player who edits, without a name.
    pub fn player(key: PlayerKey, seed: [u8; 32]) -> Self {
        Self {
            key,
            name: String::new(),
            role: Role::Editor,
            archive: false,
            relay: Relay::AtOnce,
            limits: Limits::default(),
            seed,
        }
    }

    /// A server: it keeps a copy for everyone, and links those who are not linked with each other.
    pub fn server(key: PlayerKey, seed: [u8; 32]) -> Self {
        Self { role: Role::Archive, relay: Relay::WhenDurable, ..Self::player(key, seed) }
    }
}

/// When a change is passed on to the other links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relay {
    /// As soon as it was admitted: nobody waits for this machine's disk.
    #[default]
    AtOnce,
    /// When it is durable here: nothing that this replica ever told anybody is lost by it. That goes for the changes that it
    /// sends one by one, for those that it sends to whoever catches up, and for the heads that it announces.
    WhenDurable,
}

/// How much is taken from others. The defaults suit players and servers alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most links at once; those beyond are turned away with a reason. Default [`MAX_LINKS`].
    pub links: usize,
    /// Most other players that one is linked with directly while a server is there, through which the others are heard. Default
    /// [`MAX_DIRECT_PLAYERS`].
    pub direct_players: usize,
    /// Messages that a link may send in a burst. Default [`LINK_BURST_MESSAGES`].
    pub burst_messages: u32,
    /// Messages a second that a link may keep up, at least 1. Default [`LINK_MESSAGES_PER_SECOND`].
    pub messages_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            links: MAX_LINKS,
            direct_players: MAX_DIRECT_PLAYERS,
            burst_messages: LINK_BURST_MESSAGES,
            messages_per_second: LINK_MESSAGES_PER_SECOND,
        }
    }
}
