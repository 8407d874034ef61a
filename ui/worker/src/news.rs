//! Everything that can happen to the worker.

use jam::LinkId;

use crate::browser::{self, Answer};
use crate::host::Begun;
use crate::kept::Listing;
use crate::opening::Opened;
use crate::tabs::TabMessage;

/// Numbers the openings of sessions: what belongs to one that has been left is no news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Opening(pub(crate) u64);

/// A timer of an open session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// The session's own deadline.
    Session,
    /// The server is to be dialled again.
    Redial,
    /// Held frames may pass.
    Frames,
    /// The database is to be tried again.
    Keep,
}

/// What the server was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To publish the session as it is.
    Publish,
    /// To found a session that begins as this one.
    Remix,
    /// How others come to the session.
    Invite,
    /// Whether it has the session at all.
    Look,
}

/// What has happened.
#[derive(Debug)]
pub(crate) enum News {
    /// The interface asks for something: an encoded [`view::Ask`].
    Asked(Vec<u8>),
    /// The player's key and the database are there.
    Begun(Box<Begun>),
    /// The sessions that are here were read.
    Listed(Result<Vec<Listing>, String>),
    /// A session came into memory, or did not.
    Opened(Opening, Box<Result<Opened, String>>),
    /// A message of the server, or the end of its link.
    Heard(Opening, LinkId, Option<Vec<u8>>),
    /// A transaction has ended.
    Written(Opening, Result<(), String>),
    /// A timer has run out.
    Due(Opening, Due),
    /// Another tab speaks.
    Tab(Opening, TabMessage),
    /// The tab that hosted the session is gone, and its lock is ours.
    TakenOver(Opening, browser::Held),
    /// The server has answered a request, or cannot be reached.
    Answered(Opening, Wish, Result<Answer, String>),
    /// The browser says that the network is there again.
    Online,
}
