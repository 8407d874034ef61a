//! Servers that keep sessions for everyone, as a player's program meets them.
//!
//! A server is asked over HTTP what it is and what it has ([`ServerClient`]); the music itself goes over a link like any
//! other, for a server is a peer that is always on. A session remembers where it is kept. For as long as it is online it stays
//! linked with that server ([`keep_linked`]), and with everybody who has told the server that they play it ([`keep_announced`]).
//! Nothing waits for a server: while one is away the session is played and edited as ever, and what was made meanwhile arrives
//! there later.

mod address;
mod announcing;
mod answer;
mod client;
mod error;
mod invitation;
mod keeper;

pub use address::ServerAddress;
pub(crate) use announcing::keep_announced;
pub use answer::{Description, KeptSession};
pub use client::ServerClient;
pub use error::ServerError;
pub use invitation::{Invitation, InvitationError};
pub(crate) use keeper::keep_linked;
