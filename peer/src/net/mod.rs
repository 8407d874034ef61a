//! The network: the player's endpoint, links to peers, and invitations.
//!
//! A [`Link`] carries `jam`'s messages as frames over one bidirectional QUIC stream. The connection proves the peer's
//! key, which is the player's own identity, so nothing above has to ask who is there. Every queue is bounded: a peer
//! that sends fast is read at the session's pace, one that reads slowly loses its link and catches up on the next.
//!
//! No server has to stand in the middle: a [`Ticket`] names the inviter's addresses, and peers of one network also find each
//! other by multicast DNS. Where a server is named ([`Net::use_server`]), it relays for those who cannot reach each other
//! directly, and tells them where the other is.

mod answers;
mod datagrams;
mod endpoint;
mod error;
mod link;
mod plain_time;
mod server;
mod ticket;

pub use answers::{Answer, Answers};
pub use datagrams::Datagrams;
pub use endpoint::{ALPN, Net, NetConfig};
pub use error::NetError;
pub use link::{Incoming, Link, MAX_FRAME_BYTES, MAX_QUEUED_BYTES, MAX_QUEUED_FRAMES, Outgoing, Path};
pub use plain_time::{CLOCK_ALPN, ClockReading};
pub use server::MAX_SERVERS;
pub use ticket::{
    Address, MAX_ADDRESSES, MAX_TICKET_CHARACTERS, MAX_URL_BYTES, Ticket, TicketError, addresses_of,
    endpoint_addr,
};
