//! The session server.

pub mod carriers;
pub mod config;
pub mod data_folder;
pub mod discovery;
pub mod http;
pub mod limits;
pub mod listener;
pub mod logging;
pub mod metrics;
pub mod relay;
pub mod rooms;
pub mod server;
pub mod storage;
pub mod tls;
