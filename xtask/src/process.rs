//! Starting other programs, so that a failure names the command line that failed.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, bail};

/// The cargo that started this program, in the workspace's folder.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// The command line as one would type it.
pub(crate) fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs the command with our own input and output; fails when it fails.
pub(crate) fn run(mut command: Command) -> anyhow::Result<()> {
    let line = command_line(&command);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// What the command prints on standard output; its errors go to ours. Fails when it fails.
pub(crate) fn read(mut command: Command) -> anyhow::Result<String> {
    let line = command_line(&command);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something else than text"))
}

/// Runs the command, shows all it prints while it runs, and returns those lines, without their colours.
///
/// The two streams are shown in the order they arrive and returned one after the other, standard output
/// first.
pub(crate) fn run_and_keep(mut command: Command) -> (Vec<String>, anyhow::Result<()>) {
    if std::io::stdout().is_terminal() {
        // The pipe hides the terminal from cargo and nextest; this tells them of it.
        command.env("CARGO_TERM_COLOR", "always");
    }
    let line = command_line(&command);
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return (Vec::new(), Err(error).with_context(|| format!("cannot start `{line}`"))),
    };
    let errors = child.stderr.take().map(|stream| thread::spawn(|| show(stream, std::io::stderr())));
    let mut lines = child.stdout.take().map(|stream| show(stream, std::io::stdout())).unwrap_or_default();
    lines.extend(errors.and_then(|reader| reader.join().ok()).unwrap_or_default());
    let outcome = match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(anyhow::anyhow!("`{line}` failed ({status})")),
        Err(error) => Err(error).with_context(|| format!("lost sight of `{line}`")),
    };
    (lines, outcome)
}

fn show(from: impl Read, mut to: impl Write) -> Vec<String> {
    let mut lines = Vec::new();
    // Bytes, not text: a test may print anything, and the reader must drain the pipe whatever it is.
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // Nobody left to read our own output is no reason to stop the tests.
        let _ = writeln!(to, "{line}");
        lines.push(without_colours(&line));
    }
    lines
}

/// Drops the escape sequences that set colours: from ESC to the letter that ends them.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "exit 3"]);
        let error = run(command).unwrap_err().to_string();
        assert!(error.contains("`sh -c exit 3` failed"), "{error}");
    }

    #[test]
    fn both_streams_are_kept_and_a_failure_is_still_a_failure() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo one; echo two >&2; exit 1"]);
        let (lines, outcome) = run_and_keep(command);
        assert_eq!(lines, ["one", "two"]);
        assert!(outcome.is_err());
    }

    #[test]
    fn colours_are_dropped_and_text_is_kept() {
        assert_eq!(without_colours("\u{1b}[32;1m Summary\u{1b}[0m 3 tests"), " Summary 3 tests");
    }
}
