//! What the program says: results on stdout, for people and scripts; everything else on stderr.

use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::failure::{Failure, Outcome};

/// Prints lines to stdout and hands them on at once, so that a script that waits for a line gets it.
pub(crate) fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(not_printed)
}

/// Prints one line.
pub(crate) fn print_line(line: &str) -> Outcome {
    print(&format!("{line}\n"))
}

/// Prints a value as one line of JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Outcome {
    print_line(&serde_json::to_string(value)?)
}

/// Says something that is no result on stderr. A closed stderr is nobody's failure.
pub(crate) fn note(line: &str) {
    let one_line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    writeln!(io::stderr().lock(), "{one_line}").ok();
}

/// Says several things on stderr, a line each.
pub(crate) fn notes(lines: &[String]) {
    for line in lines {
        note(line);
    }
}

fn not_printed(error: io::Error) -> Failure {
    if error.kind() == ErrorKind::BrokenPipe {
        return Failure::OutputClosed;
    }
    Failure::Failed(anyhow::Error::new(error).context("could not write to standard output"))
}
