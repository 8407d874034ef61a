//! See ARCHITECTURE.md.

pub mod clock;
pub mod home;
pub mod net;
pub mod session;
pub mod sound;
pub mod store;
pub mod work;

pub use work::{Peer, PeerError};
