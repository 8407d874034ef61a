//! The desktop app's window, on a display that nobody sees.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::json;

use super::Page;
use super::browsers::{Sound, settle};
use super::http::Http;
use crate::hosting::Running;
use crate::installed::installed;
use crate::player::Outcome;
use crate::process::Process;
use crate::program;

/// Someone's desktop: a home folder in which the app keeps what is theirs.
pub struct Desktop {
    home: tempfile::TempDir,
}

impl Desktop {
    /// One on which Offbeat was never used.
    ///
    /// # Errors
    /// When no temporary folder can be made.
    pub fn arrives() -> Result<Self> {
        Ok(Self { home: tempfile::Builder::new().prefix("offbeat-desktop").tempdir()? })
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Starts the app once more, as opening a link does, on no display at all: it hands its arguments to the window that is
    /// open, or says why it cannot do anything.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn starts_again(&self, arguments: &[&str]) -> Result<Outcome> {
        let mut app = Command::new(program::desktop());
        app.args(arguments).stdin(Stdio::null());
        settle(&mut app, self.home(), Sound::Off);
        app.env("OFFBEAT_HOME", self.home().join("offbeat"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        let output = app.output().context("the app starts")?;
        Ok(Outcome::of(&output))
    }

    /// Starts the app with these arguments, in a window of a display of its own.
    ///
    /// # Errors
    /// When a program that it takes is not installed, or the app does not open a window.
    pub fn starts(&self, arguments: &[&str], sound: Sound<'_>) -> Result<Page> {
        let folder = tempfile::Builder::new().prefix("offbeat-window").tempdir()?;
        let (display, number) = display()?;
        let port = free_port()?;
        let mut driver = Command::new(installed("WebKitWebDriver", "webkit2gtk-driver")?);
        driver.arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        settle(&mut driver, self.home(), sound);
        driver.env("DISPLAY", format!(":{number}")).env("OFFBEAT_HOME", self.home().join("offbeat"));
        // What tauri-driver sets; besides, it only gives WebKit's options another name.
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true").env_remove("WAYLAND_DISPLAY");
        let driver = Process::start(&mut driver)?;
        let options = json!({"binary": program::desktop(), "args": arguments});
        let wire = Http::open(port, &json!({"webkitgtk:browserOptions": options}))?;
        Page::new("desktop", wire, vec![driver, display], folder)
    }
}

/// A display of its own, and its number: the server picks one that is free.
fn display() -> Result<(Process, u16)> {
    let mut server = Command::new(installed("Xvfb", "xvfb")?);
    server.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
    let server = Running::start(server)?;
    let number = server.line("")?.parse().context("a display has a number")?;
    Ok((server.into_process(), number))
}

/// A port where nobody listens; WebKit's driver takes none by itself.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
