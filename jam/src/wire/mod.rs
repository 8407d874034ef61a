//! What two replicas say to each other, as bytes.
//!
//! A link carries *frames*: on a byte stream each is preceded by its length ([`length_prefix`], [`frame_length`]); where the
//! carrier keeps boundaries (WebSocket, datagram) the frame stands alone. A frame is one byte that says its kind and a
//! [`postcard`] body:
//!
//! | kind | message | | kind | message |
//! |---|---|---|---|---|
//! | 0 | `Hello` | | 9 | `Part` |
//! | 1 | `Bye` | | 10 | `Peers` |
//! | 2 | `Change` | | 11 | `Proof` |
//! | 3 | `Ack` | | 12 | `Lineage` |
//! | 4 | `Heads` | | 13 | `Presence` of protocol 1 |
//! | 5 | `Have` | | 14 | `Ping` |
//! | 6 | `Changes` | | 15 | `Pong` |
//! | 7 | `Vouchers` | | 16, 18 | reserved: charter, launch |
//! | 8 | `Document` | | 17 | `Timeline` |
//! | | | | 19 | `Clock` |
//! | | | | 20 | `Linked` |
//! | | | | 21 | `More` |
//! | | | | 22 | `Others` of protocol 1 |
//! | | | | 23 | `Presence` |
//! | | | | 24 | `Others` |
//!
//! **Growing the protocol.** A body never changes its meaning under one protocol version. `Hello` and `Bye` are read by every
//! version: their fields stay, later versions append, and readers skip what follows the fields they know. A kind that the
//! negotiated version does not have is refused by name, so it is sent only where [`negotiate`] gave a version that has it.
//!
//! **Hostile bytes.** A frame's length is checked before it is read, and every list and text in it is bounded by a constant
//! ([`crate::limits`]) and by the bytes that are really there, before room is made for it. Bytes after a body are refused.

mod bounded;
mod clock;
mod error;
mod frame;
mod message;
mod parts;
mod presence;
mod version;

pub use clock::{Clock, Root, SharedClockState};
pub use error::WireError;
pub use frame::{LENGTH_PREFIX_BYTES, decode, encode, encode_as, frame_length, length_prefix};
pub use message::{Address, Bye, Changes, Heads, Hello, Kind, Message, Parting};
pub use parts::{Assembly, Part, split};
pub use presence::{Others, Person, Presence};
pub use version::{PROTOCOLS, Protocols, negotiate};
