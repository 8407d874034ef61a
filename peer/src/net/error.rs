//! What can go wrong between peers, in words for the player.

use std::net::SocketAddr;

use super::link::MAX_FRAME_BYTES;

/// Why the network did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The endpoint could not be opened.
    #[error("could not open the network{}: {reason}", addr.map_or_else(String::new, |addr| format!(" on {addr}")))]
    Bind {
        /// The address asked for, if any.
        addr: Option<SocketAddr>,
        /// What stood in the way.
        reason: String,
    },
    /// A peer could not be reached.
    #[error("could not reach {peer}: {reason}")]
    Unreachable {
        /// The peer's key, shortened.
        peer: String,
        /// What stood in the way.
        reason: String,
    },
    /// A server cannot be used to find peers.
    #[error("cannot use the server {url}: {reason}")]
    Server {
        /// Its address.
        url: String,
        /// What stands in the way.
        reason: String,
    },
    /// A peer's key is no key.
    #[error("`{0}` is no peer's key; ask for another invitation")]
    Key(String),
    /// A peer announced a frame past the bound.
    #[error("the peer announced a frame of {bytes} bytes; at most {MAX_FRAME_BYTES} are taken")]
    FrameTooLong {
        /// The length it announced.
        bytes: usize,
    },
    /// The peer reads so slowly that its queue is full; the link is given up, and catching up does the rest.
    #[error("the peer is too slow: {frames} frames and {bytes} bytes wait for it")]
    TooSlow {
        /// Frames waiting.
        frames: usize,
        /// Bytes waiting.
        bytes: usize,
    },
    /// The link has ended.
    #[error("the link has ended: {0}")]
    Ended(String),
}
