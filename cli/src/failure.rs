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

fn tell(error: &anyhow::Error, code: u8) -> ExitCode {
    crate::output::note(&format!("offbeat: {error:#}"));
    ExitCode::from(code)
}
