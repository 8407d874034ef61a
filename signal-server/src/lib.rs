//! The session server.

pub mod config;
pub mod discovery;
pub mod http;
pub mod limits;
pub mod listener;
pub mod metrics;
pub mod relay;
pub mod storage;
pub mod tls;
