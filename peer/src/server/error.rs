//! What can go wrong with a server, in words for the player.

use score::id::SessionId;

/// Why a server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The text is no address of a server.
    #[error("`{0}` is no address of a server; give one such as https://offbeat.example")]
    Address(String),
    /// None was named, and none is known.
    #[error("no server keeps this session yet; name a server, such as https://offbeat.example")]
    Unnamed,
    /// Nothing answers there.
    #[error(
        "the server {server} does not answer ({reason}); check the address and your network, or try again later"
    )]
    Unreachable {
        /// Its address.
        server: String,
        /// What stood in the way.
        reason: String,
    },
    /// Something answers that is no Offbeat server.
    #[error("{server} is not an Offbeat server: {what}")]
    NotOffbeat {
        /// Its address.
        server: String,
        /// What gave it away.
        what: String,
    },
    /// The server does not have the session.
    #[error("the server {server} has no session {session}; is the link whole?")]
    Unknown {
        /// Its address.
        server: String,
        /// Which.
        session: SessionId,
    },
    /// The server answers that it will not.
    #[error("the server {server} refuses: {reason}")]
    Refused {
        /// Its address.
        server: String,
        /// Why, as it says.
        reason: String,
    },
    /// The session is not kept by any server.
    #[error("no server keeps this session; archive it first")]
    Unkept,
    /// The session has as many servers as it may.
    #[error("a session is kept by at most {0} servers")]
    TooMany(usize),
    /// The server answers over HTTP, and cannot be dialled as a peer.
    #[error(
        "the server {server} answers, but no link with it comes about ({reason}); is UDP blocked on the way?"
    )]
    Unlinked {
        /// Its address.
        server: String,
        /// What stood in the way.
        reason: String,
    },
    /// The server has not got all of the session yet.
    #[error(
        "the server {server} does not have all of the session yet; it goes on for as long as the session is online"
    )]
    Behind {
        /// Its address.
        server: String,
    },
}
