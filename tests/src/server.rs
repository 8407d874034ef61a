//! A running `offbeat-server`, and its folder.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use ureq::Agent;

use crate::hosting::Running;
use crate::program;

/// How long one answer may take, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server on a free port of the loopback, with a folder of its own; gone when dropped.
pub struct Server {
    running: Option<Running>,
    /// `http://127.0.0.1:<port>`, the same after each start.
    url: String,
    agent: Agent,
    data: tempfile::TempDir,
}

impl Server {
    /// Starts one that has never run, and waits until it listens.
    ///
    /// # Errors
    /// When it does not start.
    pub fn starts() -> Result<Self> {
        let data = tempfile::Builder::new().prefix("offbeat-server").tempdir()?;
        let (running, url) = start(data.path(), "127.0.0.1:0")?;
        let agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        Ok(Self { running: Some(running), url, agent, data })
    }

    /// Where it is: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder with all that it keeps.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// A command that would start another server on the same folder.
    pub fn another(&self) -> Command {
        command(self.data.path(), "127.0.0.1:0")
    }

    /// Kills it, as a power cut of the program would.
    ///
    /// # Errors
    /// When it does not run.
    pub fn dies(&mut self) -> Result<()> {
        self.running.take().context("the server runs")?.kill().map(drop)
    }

    /// Asks it to end, and waits until it has; how it ended.
    ///
    /// # Errors
    /// When it does not run.
    pub fn stops(&mut self) -> Result<ExitStatus> {
        self.running.take().context("the server runs")?.stops()
    }

    /// Starts it again, where it was before.
    ///
    /// # Errors
    /// When it does not start.
    pub fn returns(&mut self) -> Result<()> {
        let address = self.url.trim_start_matches("http://").to_owned();
        let (running, url) = start(self.data.path(), &address)?;
        ensure!(url == self.url, "it is at {url} and was at {}", self.url);
        self.running = Some(running);
        Ok(())
    }

    /// What it has logged since it started.
    pub fn log(&self) -> String {
        self.running.as_ref().map(Running::errors).unwrap_or_default()
    }

    /// A new session, founded without a player's key as a script would; its id.
    ///
    /// # Errors
    /// When it is refused.
    pub fn founds(&self) -> Result<String> {
        let mut answer = self.agent.post(format!("{}/api/sessions", self.url)).send_empty()?;
        let (status, text) = (answer.status(), answer.body_mut().read_to_string()?);
        ensure!(status == 201, "{status}: {text}");
        let answer: Value = serde_json::from_str(&text)?;
        Ok(answer["id"].as_str().context("a session has an id")?.to_owned())
    }

    /// What the server says of a session: its name, its ticket, its state.
    ///
    /// # Errors
    /// When it does not have it.
    pub fn session(&self, id: &str) -> Result<Value> {
        self.json(&format!("/api/sessions/{id}"))
    }

    /// The page of a session.
    pub fn page_of(&self, session: &str) -> String {
        format!("{}/s/{session}", self.url)
    }

    /// What stands at a path, as JSON.
    ///
    /// # Errors
    /// When there is nothing, or it is something else.
    pub fn json(&self, path: &str) -> Result<Value> {
        let (status, text) = self.gets(path)?;
        ensure!(status == 200, "{path}: {status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// What stands at a path, with the status.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn gets(&self, path: &str) -> Result<(u16, String)> {
        let mut answer = self.agent.get(format!("{}{path}", self.url)).call()?;
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }
}

fn command(data: &Path, listen: &str) -> Command {
    let mut command = Command::new(program::server());
    command.args(["--listen", listen, "--data"]).arg(data).stdin(Stdio::null());
    command
}

/// Starts it and waits until it says where it listens.
fn start(data: &Path, listen: &str) -> Result<(Running, String)> {
    let running = Running::start(command(data, listen))?;
    let url = running.line("listening on ")?;
    Ok((running, url.trim_end_matches('/').to_owned()))
}
