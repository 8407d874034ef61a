//! See ARCHITECTURE.md.

pub mod trust;
