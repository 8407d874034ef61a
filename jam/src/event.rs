//! What happens to a session from outside.

use score::{LocalTime, PlayerKey, UnixMillis};
use view::{Command, LinkPath};

use crate::wire::{Address, Parting};

/// Names a link. The host counts, and never uses a number twice in one opening of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// Names a request of the interface; its answer carries the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub u64);

/// Names something handed to the store. Tickets ascend by one from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The player asks for something.
    Command {
        /// Comes back with the answer.
        id: CommandId,
        /// What is asked for.
        command: Command,
    },
    /// A link was opened, and its other end authenticated.
    LinkUp {
        /// The link's name from here on.
        link: LinkId,
        /// Whose key the carrier has seen.
        key: PlayerKey,
        /// How the bytes travel.
        path: LinkPath,
    },
    /// The bytes of a link take another way.
    PathChanged {
        /// Which link.
        link: LinkId,
        /// How the bytes travel.
        path: LinkPath,
    },
    /// One whole frame arrived, without its length prefix.
    Frame {
        /// On which link.
        link: LinkId,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// A frame arrived by itself, see [`Effect::Datagram`](crate::Effect::Datagram), perhaps a little before this is handled.
    Datagram {
        /// On which link.
        link: LinkId,
        /// The frame.
        bytes: Vec<u8>,
        /// When it arrived.
        came: LocalTime,
    },
    /// A link is gone; what was on its way is lost.
    LinkDown {
        /// Which link.
        link: LinkId,
    },
    /// Everything handed to the store up to this ticket will survive a crash.
    Stored {
        /// The last durable ticket.
        upto: Ticket,
    },
    /// Where this peer can be reached: told to those who link from here on.
    Reachable(Option<Address>),
    /// Servers that link from here on are asked to keep the session for good, or are not.
    Archive(bool),
    /// What the calendar says: this player's changes are dated with it, and nothing else looks at it.
    Date(UnixMillis),
    /// A deadline has passed, see [`Jam::next_deadline`](crate::Jam::next_deadline).
    Tick,
    /// The session is about to be closed: every link is told so.
    Leave(Parting),
}
