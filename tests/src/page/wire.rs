//! The commands of WebDriver that a test gives, whichever way they travel.
//!
//! Chromium and WebKit take them by HTTP from a driver; Firefox takes the same ones itself, over a socket (Marionette).

use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

/// How long a driver may take over one command: above the longest wait within a page, below what ends a whole test.
pub(super) const PATIENCE: Duration = Duration::from_mins(3);

/// A command of the standard, with parameters as it names them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Command {
    SetTimeouts,
    Navigate,
    Refresh,
    ExecuteScript,
    ExecuteAsyncScript,
    PerformActions,
    TakeScreenshot,
}

impl Command {
    /// Its end of the address, over HTTP.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::SetTimeouts => "timeouts",
            Self::Navigate => "url",
            Self::Refresh => "refresh",
            Self::ExecuteScript => "execute/sync",
            Self::ExecuteAsyncScript => "execute/async",
            Self::PerformActions => "actions",
            Self::TakeScreenshot => "screenshot",
        }
    }
}

/// A browser at the other end.
pub(super) trait Wire: Send + Sync {
    /// Has a command carried out; its answer.
    fn call(&self, command: Command, parameters: Value) -> Result<Value>;

    /// What no standard covers, in Chromium's own protocol.
    fn chromium(&self, method: &str, parameters: Value) -> Result<Value>;

    /// Closes the browser.
    fn quit(&self) -> Result<()>;
}
