//! How a session is connected.

use score::PlayerKey;
use serde::{Deserialize, Serialize};

/// The way that a link's bytes take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkPath {
    /// From machine to machine.
    Direct,
    /// Through a relay, which cannot read it.
    Relayed,
    /// Through a server that is a peer itself.
    Server,
}

/// One link to another replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Who is at the other end.
    pub key: PlayerKey,
    /// How the bytes travel.
    pub path: LinkPath,
    /// Last measured round trip in microseconds, if any.
    pub round_trip_micros: Option<u32>,
    /// What is known of the clock at the other end; `None` while it was not read often enough.
    pub clock: Option<LinkClock>,
    /// Whether both ends hold the same state as far as this one knows.
    pub in_sync: bool,
}

/// What is known of the clock at the other end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkClock {
    /// How much more it reads than ours, in microseconds. Each counts from a moment of its own, so this may be anything.
    pub ahead_micros: i64,
    /// How far off the other clock may be from what is thought of it (one standard deviation), in microseconds, but for what a
    /// path adds that takes longer one way than the other: that is half of `least_delay_micros` at most.
    pub uncertainty_micros: u32,
    /// The quickest answer that it gave, in microseconds, there and back.
    pub least_delay_micros: u32,
    /// How much faster it runs than ours, in parts per billion.
    pub rate_ppb: i32,
}

/// How the session is connected, for the one calm chip that shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Every link, by key.
    pub links: Vec<Link>,
    /// Changes of this player that nobody else has acknowledged.
    pub unacknowledged: u32,
    /// Changes that are not durable on this machine.
    pub unsaved: u32,
    /// How well the time that all players share is known here; `None` before anybody played.
    pub time: Option<SharedClock>,
}

/// How well this machine knows the time that all players share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedClock {
    /// The player or server whose clock is followed; `None` where it is this machine's own.
    pub follows: Option<PlayerKey>,
    /// Links between that clock and this machine; 0 where it is its own.
    pub hops: u8,
    /// How far off shared time may be here (one standard deviation), in microseconds, but for what paths add that take longer one
    /// way than the other.
    pub uncertainty_micros: u32,
    /// How far what plays is behind what it should be, in microseconds: it is caught up with by a thousandth of the time that
    /// passes, which nobody hears.
    pub behind_micros: i32,
    /// How much faster shared time runs than this machine's clock, in parts per billion.
    pub rate_ppb: i32,
}
