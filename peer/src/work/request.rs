//! What a process may ask of whoever owns the home, and what it hears back.

use score::Score;
use score::id::SessionId;
use serde::{Deserialize, Serialize};
use view::{Command, View, ViewPatch};

/// One piece of work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Which sessions are here? Answered by [`Reply::Sessions`].
    List,
    /// Found a session with this name. [`Reply::Session`], once it is durable.
    Create {
        /// At most 100 characters.
        name: String,
    },
    /// Found a session that begins as this score. [`Reply::Session`], once it is durable.
    CreateFrom(Box<Score>),
    /// What does a session hold? [`Reply::Score`].
    Score(SessionId),
    /// A session's document in Automerge's own format. [`Reply::Automerge`].
    Automerge(SessionId),
    /// Carry commands out, one after another until one is refused. [`Reply::Done`], once all are durable.
    Edit {
        /// Which session.
        session: SessionId,
        /// What to do.
        commands: Vec<Command>,
    },
    /// Be there for others until whoever asks leaves. [`Reply::Ticket`], then [`Reply::View`] and patches.
    Host {
        /// Which session.
        session: SessionId,
        /// Whether to hear it on this machine.
        play: bool,
    },
    /// Take part in somebody's session until whoever asks leaves. [`Reply::Session`], [`Reply::Synced`] once all of it
    /// is here and durable, then [`Reply::View`] and patches.
    Join {
        /// The invitation.
        ticket: String,
        /// Fail when the inviter cannot be reached at once, and end when all is here.
        once: bool,
        /// Whether to hear it on this machine.
        play: bool,
    },
}

/// A session of a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its id.
    pub session: SessionId,
    /// What it is called, as far as is known without opening it.
    pub name: Option<String>,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reply {
    /// The sessions of the home, in the order of their ids.
    Sessions(Vec<Listing>),
    /// Which session it is.
    Session(SessionId),
    /// The session as plain data.
    Score(Box<Score>),
    /// A document.
    Automerge(Vec<u8>),
    /// All has been carried out, and would survive a power cut.
    Done,
    /// An invitation.
    Ticket(String),
    /// The session agrees with a peer, and would survive a power cut.
    Synced,
    /// All that an interface shows. Sent anew to one that has lagged behind.
    View(Box<View>),
    /// One change of it.
    Patch(ViewPatch),
    /// It could not be done; why, in words for the player. Nothing follows.
    Failed(String),
}
