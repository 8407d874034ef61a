//! What a process may ask of whoever owns the home, and what it hears back.

use score::Score;
use score::id::{SessionId, TrackId};
use score::time::UnixMillis;
use serde::{Deserialize, Serialize};
use view::{Command, Past, PastAct, SessionListing, Transport, View, ViewPatch};

use crate::sound::Trim;

/// One piece of work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Which sessions are here? Answered by [`Reply::Sessions`].
    List,
    /// Which sessions are on the player's list, and how do the first of them look? [`Reply::Gallery`].
    Gallery,
    /// Take a session off the player's list, or put it back. What is here of it stays. [`Reply::Gallery`].
    SetListed {
        /// Which session.
        session: SessionId,
        /// Whether it is to be on the list.
        listed: bool,
    },
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
    /// Carry a command out without waiting for the disk. [`Reply::Done`].
    Command {
        /// Which session.
        session: SessionId,
        /// What to do.
        command: Command,
    },
    /// Show a session until whoever asks leaves, online where that is possible. [`Reply::View`], then patches and
    /// [`Reply::Transport`].
    Show(SessionId),
    /// Hear a session on this machine, whenever it plays, until whoever asks leaves. [`Reply::Playhead`] once there is a device or it is
    /// known that there is none, then sixty times a second at most.
    Hear(SessionId),
    /// Hear a session as a private mix says, for as long as it is open. [`Reply::Done`].
    Ears {
        /// Which session.
        session: SessionId,
        /// As `score::private_mix` writes it.
        image: Vec<u8>,
    },
    /// What was done in a session? [`Reply::Acts`].
    Acts(SessionId),
    /// Have this machine play a state that a session was in, or the session again. [`Reply::Done`].
    Preview {
        /// Which session.
        session: SessionId,
        /// Which state; `None` for the session itself.
        past: Option<Past>,
    },
    /// Press a key on a track of a session that is heard, or let it go. [`Reply::Done`].
    Strike {
        /// Which session.
        session: SessionId,
        /// Whose instrument sounds.
        track: TrackId,
        /// In semitones, as a step's.
        pitch: i8,
        /// 0..=1; `None` lets the key go.
        velocity: Option<f32>,
    },
    /// Trim the sound of this machine from here on, and keep it: of every session. [`Reply::Done`].
    Trim(Trim),
    /// How can others come to a session? [`Reply::Invitation`].
    Invite(SessionId),
    /// Have a server keep a session for good. [`Reply::Invitation`], once all of it is durable there.
    Archive {
        /// Which session.
        session: SessionId,
        /// The server's address; empty for the one that is known.
        server: String,
    },
    /// Publish a session as it is, as a beat, by the server that keeps it. [`Reply::Link`].
    Publish(SessionId),
    /// Found a session that begins as this one. [`Reply::Session`], once it is durable.
    Remix(SessionId),
    /// Copy somebody's session here, unless it is here already, and keep linked with them. [`Reply::Session`], once all of it is
    /// here.
    Enter {
        /// A ticket or a link.
        invitation: String,
    },
    /// Show what somebody has started the desktop app with, a ticket, a link or nothing, in the window that is open already.
    /// [`Reply::Done`] where there is one.
    Knock(String),
    /// Be there for others until whoever asks leaves. [`Reply::Ticket`], then [`Reply::View`] and patches.
    Host {
        /// Which session.
        session: SessionId,
        /// Whether to hear it on this machine, and to start it unless it plays.
        play: bool,
    },
    /// Take part in somebody's session until whoever asks leaves. [`Reply::Session`], [`Reply::Synced`] once all of it
    /// is here and durable, then [`Reply::View`] and patches.
    Join {
        /// The invitation: a ticket or a link.
        ticket: String,
        /// Fail when the inviter cannot be reached at once, and end when all is here.
        once: bool,
        /// Whether to hear it on this machine, and to start it unless it plays.
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
    /// When it was last written to.
    pub touched_at: UnixMillis,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reply {
    /// The sessions of the home, in the order of their ids.
    Sessions(Vec<Listing>),
    /// The sessions of the player's list, those written to last first.
    Gallery(Vec<SessionListing>),
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
    /// How others come to a session.
    Invitation {
        /// A link that opens in a browser, where a server keeps the session.
        link: Option<String>,
        /// A ticket, where this machine can be dialled.
        ticket: Option<String>,
    },
    /// Where what was made can be found.
    Link(String),
    /// What was done, the newest first.
    Acts(Vec<PastAct>),
    /// Where the session's music is, by a clock that reads 0 as this is sent; `None` before anybody played. Comes with each view, and
    /// whenever it changes.
    Transport(Option<Transport>),
    /// What is heard here.
    Playhead(view::host::Playhead),
    /// The session agrees with a peer, and would survive a power cut.
    Synced,
    /// All that an interface shows. Sent anew to one that has lagged behind.
    View(Box<View>),
    /// One change of it.
    Patch(ViewPatch),
    /// It could not be done; why, in words for the player. Nothing follows.
    Failed(String),
}
