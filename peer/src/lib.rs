//! See ARCHITECTURE.md.

pub mod home;
pub mod store;
