//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Offbeat: a step sequencer that several people play at once, each on their own machine.
#[derive(Debug, Parser)]
#[command(name = "offbeat-desktop", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// The folder that holds your identity and your sessions [default: offbeat in your data folder]
    #[arg(long, value_name = "FOLDER", env = "OFFBEAT_HOME", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    /// The server that keeps sessions which are archived, helps to find others and relays to them
    #[arg(long, value_name = "URL", env = "OFFBEAT_SERVER")]
    pub(crate) server: Option<String>,
    /// A ticket or a link to a session to join [default: the session that was shown last]
    #[arg(value_name = "TICKET|LINK")]
    pub(crate) invitation: Option<String>,
}
