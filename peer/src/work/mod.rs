//! The work of a player's programs: whoever owns the home does it, for itself and for the others.
//!
//! A program makes a [`Peer`] and asks it [`Request`]s; whether this process carries them out or the one that owns the home
//! does is settled with the first of them, and makes no difference to what is heard back. A program that stays, and wants
//! its sessions at hand, takes the home over with [`Peer::own`].

mod error;
mod hearing;
mod joining;
mod keeping;
mod owner;
mod peer;
mod porter;
mod request;
mod serve;
mod showing;

pub use error::PeerError;
pub use owner::Owner;
pub use peer::{Peer, Replies, player_at};
pub use request::{Listing, Reply, Request};

/// How many answers may wait for a reader that is slow; then the work waits for it.
const MAX_WAITING_REPLIES: usize = 256;
