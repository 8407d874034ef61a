//! The session server.

pub mod limits;
pub mod listener;
pub mod metrics;
pub mod relay;
pub mod tls;
