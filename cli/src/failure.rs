//! How a command ends when it does not do what was asked.

use std::process::ExitCode;

/// Why a command failed; decides the program's exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line could not be understood, whatever the state of the world: exit code 2.
    Usage(anyhow::Error),
    /// It was understood, and could not be done: exit code 1.
    Failed(anyhow::Error),
    /// Whoever read our output has read enough. That is no failure.
    OutputClosed,
}

/// What commands return.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A mistake in the command line that `clap` could not see.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::Usage(error.into())
    }

    /// The exit code, after telling the player on stderr in one line.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Usage(error) => tell(error, 2),
            Self::Failed(error) => tell(error, 1),
            Self::OutputClosed => ExitCode::SUCCESS,
        }
    }
}

/// `?` on any error of a library: it could not be done.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// An error and its causes, but for those that the words before them include already.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |said, cause| match cause.to_string() {
        cause if said.contains(&cause) => said,
        cause if said.is_empty() => cause,
        cause => format!("{said}: {cause}"),
    })
}

fn tell(error: &anyhow::Error, code: u8) -> ExitCode {
    crate::output::note(&format!("offbeat: {}", sentence(error)));
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let cause = anyhow::anyhow!("the disk is full")
            .context("could not write: the disk is full")
            .context("export");
        assert_eq!(sentence(&cause), "export: could not write: the disk is full");
    }
}
