//! See ARCHITECTURE.md.

pub mod store;
