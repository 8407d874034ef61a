//! One person with a home folder, who types commands.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::hosting::Running;
use crate::program::offbeat;

/// One person: a home of their own, gone when the person is dropped.
pub struct Player {
    home: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output, without the last line's end.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Outcome {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).trim_end().to_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Player {
    /// A person who has never used Offbeat on this machine.
    ///
    /// # Errors
    /// When no temporary folder can be made.
    pub fn arrives() -> anyhow::Result<Self> {
        Ok(Self { home: tempfile::Builder::new().prefix("offbeat-test").tempdir()? })
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// `offbeat` with this home, ready for arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(offbeat());
        command.env("OFFBEAT_HOME", self.home()).current_dir(self.home()).stdin(Stdio::null());
        command
    }

    /// Types a command and waits for its end.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn tries(&self, arguments: &[&str]) -> anyhow::Result<Outcome> {
        let output = self.command().args(arguments).output().context("offbeat starts")?;
        Ok(Outcome::of(&output))
    }

    /// Types a command that must succeed; what it printed.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub fn says(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let outcome = self.tries(arguments)?;
        if outcome.code != Some(0) {
            bail!("`offbeat {}` ended with {:?}: {}", arguments.join(" "), outcome.code, outcome.err);
        }
        Ok(outcome.out)
    }

    /// The session as canonical JSON.
    ///
    /// # Errors
    /// When it cannot be shown.
    pub fn json(&self, session: &str) -> anyhow::Result<String> {
        self.says(&["show", session, "--json"])
    }

    /// The session as a value to look into.
    ///
    /// # Errors
    /// When it cannot be shown.
    pub fn shown(&self, session: &str) -> anyhow::Result<serde_json::Value> {
        serde_json::from_str(&self.json(session)?).context("a session is shown as JSON")
    }

    /// The hash of a session's rendered sound.
    ///
    /// # Errors
    /// When it cannot be rendered, or no hash was printed.
    pub fn sound(&self, session: &str, bars: u32) -> anyhow::Result<String> {
        let wav = self.home().join("render.wav");
        let wav = wav.to_str().context("temporary folders have plain names")?;
        let out = self.says(&["render", session, "--out", wav, "--bars", &bars.to_string()])?;
        let hash =
            out.lines().find_map(|line| line.strip_prefix("blake3 ")).context("a render prints its hash")?;
        Ok(hash.to_owned())
    }

    /// Hosts a session until the result is dropped.
    ///
    /// # Errors
    /// When the program cannot be started or prints no ticket.
    pub fn hosts(&self, session: &str, more: &[&str]) -> anyhow::Result<Running> {
        let mut command = self.command();
        command.args(["host", session]).args(more);
        Running::start(command)
    }

    /// Joins a session and stays until the result is dropped.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn joins(&self, ticket: &str, more: &[&str]) -> anyhow::Result<Running> {
        let mut command = self.command();
        command.args(["join", ticket]).args(more);
        Running::start(command)
    }
}
