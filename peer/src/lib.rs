//! The native shell of a session: network, disk and sound device around one `jam`.
//!
//! `jam` decides everything that happens in a session and does no I/O; this crate does the I/O and decides nothing about
//! the music. A player's programs meet it as a [`Peer`]: a process at its home folder that asks for work to be done,
//! whether this process does it or the one that owns the home.
//!
//! ```text
//! work      requests and answers; the owner of a home, its open sessions, its network
//! session   one task per open session: letters, frames, news of the disk and time go in, effects come out
//! home      identity, names, who owns the folder, the socket by which others reach the owner
//! net       the iroh endpoint, links, tickets
//! server    servers that keep sessions: asked over HTTP, remembered, kept in touch with
//! desk      what an interface asks of the process that holds its sessions
//! sound     the device, and when each frame is heard
//! store     the log of a session: what is durable, and the proof that it is
//! samples   files brought in, decoded in a process of their own, kept by their hash
//! ```
//!
//! Who owns what: a session's task owns its `jam`, its links and the engine's control half; the store's writer owns the
//! log; the device's audio thread owns the engine's processor half. They speak over bounded channels and never wait for
//! each other, but for one rule: *saved* means that the disk has said so.
//!
//! Two processes on one home:
//!
//! ```no_run
//! # async fn offbeat() -> Result<(), peer::PeerError> {
//! use peer::Peer;
//! use peer::net::NetConfig;
//! use peer::work::{Reply, Request};
//!
//! let peer = Peer::at("ada", NetConfig::default());
//! if let Reply::Session(session) = peer.ask_one(Request::Create { name: "Fuzzy Penguin".into() }).await? {
//!     let mut hosting = peer.ask(Request::Host { session, play: true }).await?;
//!     while let Some(reply) = hosting.next().await? {
//!         println!("{reply:?}"); // the ticket, the view, and every change of it
//!     }
//! }
//! peer.close().await
//! # }
//! ```

pub mod clock;
pub mod desk;
pub mod home;
pub mod net;
pub mod samples;
pub mod server;
pub mod session;
pub mod sound;
pub mod store;
pub mod work;

pub use work::{Peer, PeerError};
