//! `offbeat-desktop`: the interface in a window, and sound, network and disk in the process behind it.
//!
//! A composition root. What the interface asks for is carried out by [`peer::desk`]; this program carries the messages
//! ([`bridge`]), opens the window ([`window`]), and remembers what it showed last ([`last_session`]).
//!
//! - It works without a server, a network or a sound device, and says which of them is missing.
//! - It opens what it is given as its argument: a ticket, a link to a session, either behind `offbeat://`. A second start hands
//!   its argument to the window that is open already, and ends.
//! - Whichever Offbeat owns the player's home, a terminal's included, does the work on it; when that one ends, this one does.

// A console window beside the app's own is of no use.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod arguments;
mod bridge;
mod last_session;
mod logging;
mod outside;
mod pace;
mod painting;
mod window;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    if let Some(code) = peer::samples::decode_if_asked() {
        return code;
    }
    let done = app::run(arguments::Arguments::parse());
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr().lock(), "offbeat-desktop: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}
