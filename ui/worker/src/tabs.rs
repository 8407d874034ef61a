//! What tabs of one browser say to each other.
//!
//! A player's key is online once in a session. The tab that holds the session's lock hosts it: it alone opens the store and
//! the link. The others pass their commands on to it and show what it shows; when it is closed, the next one takes over.

use serde::{Deserialize, Serialize};
use view::{AskId, Command, Past};

/// Names a tab; drawn at random when the worker starts.
pub(crate) type Tab = u64;

/// One message, heard by all tabs that show the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum TabMessage {
    /// This tab hosts the session from here on.
    Hosting,
    /// This tab shows the session and wants to see all of it.
    Watching(Tab),
    /// This tab's player asks for something.
    Command {
        /// Who asks.
        from: Tab,
        /// Comes back with the answer.
        id: AskId,
        /// What is asked for.
        command: Command,
    },
    /// This tab's player wants to know what was done in the session.
    Acts(Tab),
    /// This tab's player wants to hear a state that the session was in, or the session again.
    Preview(Tab, Option<Past>),
    /// For the interface of one tab, or of all that watch: an encoded [`view::Tell`].
    Tell {
        /// For whom; `None` for all.
        to: Option<Tab>,
        /// What.
        tell: Vec<u8>,
    },
}

/// The lock that a session's host holds; also the channel on which its tabs speak.
pub(crate) fn name(session: score::SessionId) -> String {
    format!("offbeat session {session}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_channel() {
        let message = TabMessage::Command { from: 7, id: AskId(3), command: Command::Undo };
        let bytes = view::host::encode(&message).unwrap();
        assert_eq!(view::host::decode::<TabMessage>(&bytes).unwrap(), message);
    }
}
