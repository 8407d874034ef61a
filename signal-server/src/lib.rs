//! The session server: a peer that is always on.
//!
//! It keeps sessions for everyone, lets browsers join them by a link, and helps players find and reach each other. To the session
//! it is one more replica around a [`jam::Jam`]: it passes changes on and keeps them, and cannot forge any.
//!
//! ```text
//!   browsers ── WebSocket ──▶┌──────────┐   ┌───────┐ rows  ┌─────────┐
//!   peers ───── QUIC ───────▶│ carriers │──▶│ rooms │──────▶│ storage │
//!                            └──────────┘   └───────┘◀──────└─────────┘
//!   anybody ─── HTTP ─ listener ─▶ http ───────┘     receipts
//!                               ├▶ discovery   who is where: /pkarr, session peers
//!                               ├▶ relay       packets between players who cannot reach each other
//!                               └▶ metrics
//! ```
//!
//! - [`server`] puts the parts together: a [`Server`](server::Server) is a value that binds, serves and stops, in a test or in the program.
//! - [`rooms`] are the open sessions, one task each; [`carriers`] bring links to them, each with its key proven.
//! - [`storage`] is a trait with one suite of tests. *Durable* means that the disk has said so, and nothing is acknowledged,
//!   relayed or announced before.
//! - [`http`] is the interface for programs and the pages, [`listener`] the door before it, [`limits`] what one stranger may take.
//! - [`config`] and [`data_folder`] are what whoever runs it decides and owns.
//!
//! # What it does not do
//! It has no accounts: a session's id is the permission to join it, and so stands in no log. It plays nothing, and never sees a
//! player's secret. It does not split one session among several machines.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use signal_server::config::Config;
//! use signal_server::server::Server;
//!
//! let server = Server::start(Config::for_folder("data".as_ref())).await?;
//! println!("listening on {}", server.url());
//! server.stop().await?; // says farewell to every link, saves everything
//! # Ok(())
//! # }
//! ```

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
