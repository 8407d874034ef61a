//! See ARCHITECTURE.md.

pub mod home;
pub mod net;
pub mod store;
