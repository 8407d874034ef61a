//! See ARCHITECTURE.md.

pub mod clock;
pub mod home;
pub mod net;
pub mod sound;
pub mod store;
