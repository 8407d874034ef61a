//! The real program, in homes that last as long as a test.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tempfile::TempDir;

/// A player's home.
pub(crate) struct Home {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A home with one session, called `House`, of a kick and an acid bass.
    pub(crate) fn with_house() -> Self {
        let home = Self::empty();
        home.says(&["new", "House"]);
        home.says(&[
            "edit",
            "house",
            "add-track kick; add-track synth:acid; pattern kick X...x...; pattern acid x..o",
        ]);
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("OFFBEAT_HOME", self.path("home")).env_remove("OFFBEAT_LOG");
        command
    }

    /// Runs a command to its end.
    pub(crate) fn tries(&self, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed; what it printed.
    #[track_caller]
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let ended = self.tries(arguments);
        assert_eq!(ended.code, Some(0), "offbeat {}: {}", arguments.join(" "), ended.err);
        ended.out
    }

    /// Runs a command that must fail with this code, in one sentence that holds these words.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) {
        self.tries(arguments).failed(code, words);
    }

    /// Starts a command that stays on.
    pub(crate) fn starts(&self, arguments: &[&str]) -> Staying {
        Staying::start(self.command(arguments))
    }
}

impl Ended {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    #[track_caller]
    pub(crate) fn failed(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.starts_with("offbeat: ") && !self.err.contains('\n'), "one sentence: {}", self.err);
        assert!(!self.err.contains("bug in Offbeat"), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in: {}", self.err);
        }
    }
}

/// A program that stays on; killed when dropped.
pub(crate) struct Staying {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    /// Reads what it says, so that it never waits for a reader.
    err: Option<JoinHandle<()>>,
    said: Arc<Mutex<String>>,
}

impl Staying {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut stream = child.stderr.take().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&said);
        let err = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        Self { child, out, err: Some(err), said }
    }

    /// The next line it prints; `None` at the end.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.out.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
    }

    /// The ticket that a host prints.
    #[track_caller]
    pub(crate) fn ticket(&mut self) -> String {
        let line = self.line().unwrap_or_else(|| panic!("no ticket: {}", self.errors()));
        line.strip_prefix("ticket ").unwrap_or_else(|| panic!("`{line}` is no ticket line")).to_owned()
    }

    /// Asks it to end as the system does, and waits.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// What it said on stderr, once it has ended.
    pub(crate) fn errors(&mut self) -> String {
        self.child.wait().ok();
        self.err.take().into_iter().for_each(|err| err.join().unwrap());
        self.said()
    }

    /// What it has said on stderr so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }
}

impl Drop for Staying {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An example session of the project.
pub(crate) fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name).to_str().unwrap().to_owned()
}
