//! Logs, for those who look for a fault: off unless `OFFBEAT_LOG` asks for them.

use std::io;

use anyhow::Context;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Starts logging to stderr as `OFFBEAT_LOG` says (`debug`, `peer=trace,warn`, …).
pub(crate) fn start() -> anyhow::Result<()> {
    let Some(wanted) = std::env::var_os("OFFBEAT_LOG").filter(|wanted| !wanted.is_empty()) else {
        return Ok(());
    };
    let wanted = wanted.to_string_lossy();
    let filter: Targets = wanted
        .parse()
        .with_context(|| format!("OFFBEAT_LOG is `{wanted}`, not levels such as `debug` or `peer=trace`"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
    Ok(())
}
