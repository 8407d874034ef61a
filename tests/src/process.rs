//! A started program that ends with the value that stands for it, and all that it has started with it.

use std::io;
use std::process::{Child, Command, ExitStatus};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

/// A running program; killed when dropped, with the programs that it has started.
///
/// A browser is a dozen processes below a driver: those that a killed driver leaves behind would stay for ever.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        Ok(Self(command.spawn().with_context(|| format!("`{name}` cannot be started"))?))
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Asks it to end, as a person does with Ctrl-C or a machine that shuts down.
    pub(crate) fn terminate(&self) -> Result<()> {
        Ok(kill_process(pid(self.id())?, Signal::TERM)?)
    }

    /// The programs that it has started, and those below them.
    pub(crate) fn below(&self) -> Vec<u32> {
        descendants(self.id())
    }

    /// Gives it and those below it no chance to do anything more.
    pub(crate) fn kill(&mut self) -> Result<ExitStatus> {
        let below = descendants(self.id());
        self.0.kill()?;
        for process in below {
            // It may have ended by itself.
            let _ = pid(process).map(|process| kill_process(process, Signal::KILL));
        }
        Ok(self.0.wait()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that was waited for has an id that may be another's now.
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = self.kill();
        }
    }
}

fn pid(id: u32) -> Result<Pid> {
    Pid::from_raw(id.cast_signed()).context("process ids are positive")
}

/// The processes below one, as Linux lists them; none where there is no such list.
fn descendants(of: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = processes().unwrap_or_default();
    let mut found = vec![of];
    let mut looked_at = 0;
    while let Some(&parent) = found.get(looked_at) {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(process, _)| process));
        looked_at += 1;
    }
    found.split_off(1)
}

/// Each process with its parent.
fn processes() -> io::Result<Vec<(u32, u32)>> {
    let folders = std::fs::read_dir("/proc")?.filter_map(Result::ok);
    let one = |folder: std::fs::DirEntry| {
        let process = folder.file_name().to_str()?.parse().ok()?;
        // `12 (its name) S 11 …`: the name may hold anything, a parenthesis as well.
        let line = std::fs::read_to_string(folder.path().join("stat")).ok()?;
        let parent = line.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        Some((process, parent))
    };
    Ok(folders.filter_map(one).collect())
}
