//! `offbeat-server`: keeps sessions for everyone. All of it is in the library; this reads the configuration, says where the server
//! listens, and waits until it is to stop.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use signal_server::config::Config;
use signal_server::logging;
use signal_server::server::Server;
use tokio::signal;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "offbeat-server: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let config = Config::read()?;
    logging::start(&config.log, config.logs_json).with_context(|| {
        format!("`{}` are no levels such as `info` or `warn,signal_server=debug`", config.log)
    })?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime does not start")?;
    runtime.block_on(async {
        // From here on a request to stop is heard, however early it comes.
        let stopped = asked_to_stop()?;
        let server = Server::start(config).await?;
        let mut out = io::stdout();
        writeln!(out, "listening on {}", server.url())
            .and_then(|()| out.flush())
            .context("cannot write to stdout")?;
        stopped.await;
        tracing::info!("stopping");
        server.stop().await.context("not everything could be saved")
    })
}

#[cfg(unix)]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async { signal::ctrl_c().await.unwrap_or_default() })
}
