//! Logs: a line for each thing that whoever runs the server may want to know, on stderr.

use std::io;

use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::prelude::*;

/// Starts logging: these levels (`info,signal_server=debug`), for people or as JSON.
///
/// A session's id is the permission to join it, so no crate of ours logs one.
///
/// # Errors
/// When the levels are none.
pub fn start(levels: &str, json: bool) -> Result<(), ParseError> {
    let filter: Targets = levels.parse()?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    let registry = tracing_subscriber::registry();
    if json {
        registry.with(lines.json().with_filter(filter)).init();
    } else {
        registry.with(lines.with_filter(filter)).init();
    }
    Ok(())
}
