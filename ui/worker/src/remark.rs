//! What a player is told when something cannot be done: what, why, and what to do.

/// A link leads to a session that neither this browser nor the server has.
pub(crate) const UNKNOWN_SESSION: &str = "This link leads to a session that the server does not have. Check that all of it was copied, or start a \
     session of your own.";

/// A ticket leads to a session that neither this browser nor the server has.
pub(crate) const PLAYERS_TICKET: &str = "This ticket leads to a player's own machine, which a page cannot reach. Join with the desktop app or \
     `offbeat join`, or ask for a link: whoever has the session gets one by archiving it.";

/// Something of the server is wanted while it cannot be reached.
pub(crate) const OFFLINE_PUBLISH: &str =
    "The server cannot be reached, so the beat was not published. Try again when the page is connected.";

/// No session is open.
pub(crate) const NOTHING_OPEN: &str = "No session is open; open one or start one first.";

/// A page archives with its own server alone.
pub(crate) fn other_server(server: &str, own: &str) -> String {
    format!(
        "A page speaks with its own server ({own}) alone. To keep the session at {server}, use the desktop app or `offbeat archive`."
    )
}

/// A server that cannot be reached while a session is being joined.
pub(crate) fn still_trying(server: &str) -> String {
    format!("{server} cannot be reached at the moment. The page keeps trying; you need not reload it.")
}

/// What the server said against it.
pub(crate) fn refused(what: &str, reason: &str) -> String {
    format!("{what}: {reason}.")
}
