//! A program that stays on, and what it has printed so far.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;

use crate::process::Process;

/// How long a line may take to appear. Far above anything seen, so that a slow machine does not fail a right program.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program; killed when dropped.
pub struct Running {
    process: Process,
    lines: Receiver<String>,
    errors: Arc<Mutex<String>>,
}

impl Running {
    /// Starts a command and listens to what it prints.
    ///
    /// # Errors
    /// When it cannot be started.
    ///
    /// # Panics
    /// Never: the threads that read its output do not panic while they hold the lock.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let (sender, lines) = channel();
        let out = process.child().stdout.take().context("its output is piped")?;
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let errors = Arc::new(Mutex::new(String::new()));
        let (mut stream, kept) =
            (process.child().stderr.take().context("its errors are piped")?, Arc::clone(&errors));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                kept.lock().expect("no reader panics").push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        Ok(Self { process, lines, errors })
    }

    /// The rest of the next line that starts with a word.
    ///
    /// # Errors
    /// When the program ends or stays silent, with its errors.
    pub fn line(&self, start: &str) -> anyhow::Result<String> {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.with_context(|| format!("no line `{start}`; errors: {}", self.errors()))?;
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.trim().to_owned());
            }
        }
    }

    /// The next line of figures that a player with `--stats` prints.
    ///
    /// # Errors
    /// As [`Running::line`], and when it is no JSON.
    pub fn stats(&self) -> anyhow::Result<serde_json::Value> {
        Ok(serde_json::from_str(&format!("{{{}", self.line("{")?))?)
    }

    /// The ticket that a host prints.
    ///
    /// # Errors
    /// As [`Running::line`].
    pub fn ticket(&self) -> anyhow::Result<String> {
        self.line("ticket ")
    }

    /// What it has said on standard error.
    ///
    /// # Panics
    /// When the thread that reads it has panicked.
    pub fn errors(&self) -> String {
        self.errors.lock().expect("no reader panics").clone()
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills it as a power cut of the program would: no chance to clean up.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.kill()
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn stops(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.terminate()?;
        self.ends()
    }

    /// The program alone, whoever listens to it.
    pub(crate) fn into_process(self) -> Process {
        self.process
    }

    /// Waits for its own end.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn ends(&mut self) -> anyhow::Result<ExitStatus> {
        Ok(self.process.child().wait()?)
    }
}
