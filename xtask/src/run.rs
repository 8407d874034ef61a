//! `cargo xtask run`: from a fresh checkout to a jam that plays.

use std::path::Path;
use std::process::Command;

use crate::process;
use crate::setup::{self, Purpose};

/// Sets the machine up, builds the release binary and becomes `offbeat demo`.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<()> {
    setup::set_up(Purpose::Build)?;
    let mut demo = process::cargo(root);
    demo.args(["run", "--release", "--package", "cli", "--bin", "offbeat", "--", "demo"]).args(arguments);
    become_program(demo)
}

/// Replaces this process, so that Ctrl-C and the exit code are the demo's own.
#[cfg(unix)]
fn become_program(mut command: Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(anyhow::Error::from(error).context(format!("cannot start `{}`", process::command_line(&command))))
}

#[cfg(not(unix))]
fn become_program(command: Command) -> anyhow::Result<()> {
    process::run(command)
}
