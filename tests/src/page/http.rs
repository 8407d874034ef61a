//! WebDriver over HTTP, as chromedriver and WebKit's driver speak it.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ureq::Agent;

use super::wire::{Command, PATIENCE, Wire};
use crate::wait::eventually;

/// A session with a driver.
pub(super) struct Http {
    agent: Agent,
    /// Without a slash at its end.
    session: String,
}

impl Http {
    /// Opens a browser by the driver that listens on this port of the loopback.
    pub(super) fn open(port: u16, capabilities: &Value) -> Result<Self> {
        let driver = format!("http://127.0.0.1:{port}");
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // An error has a body, which says what is wrong.
            .http_status_as_error(false)
            // What the machine goes out through is no way to the loopback.
            .proxy(None)
            .build()
            .into();
        eventually("an answer of the driver", || {
            Ok(agent.get(format!("{driver}/status")).call().is_ok().then_some(()))
        })?;
        let wanted = json!({"capabilities": {"alwaysMatch": capabilities}});
        let answer = read(agent.post(format!("{driver}/session")).send_json(wanted)?)?;
        let id = answer["sessionId"].as_str().context("a session has an id")?;
        Ok(Self { session: format!("{driver}/session/{id}"), agent })
    }
}

impl Wire for Http {
    fn call(&self, command: Command, parameters: Value) -> Result<Value> {
        let address = format!("{}/{}", self.session, command.path());
        let answer = match command {
            Command::TakeScreenshot => self.agent.get(address).call()?,
            _ => self.agent.post(address).send_json(parameters)?,
        };
        read(answer).with_context(|| format!("{command:?}"))
    }

    fn chromium(&self, method: &str, parameters: Value) -> Result<Value> {
        let address = format!("{}/goog/cdp/execute", self.session);
        read(self.agent.post(address).send_json(json!({"cmd": method, "params": parameters}))?)
    }

    fn quit(&self) -> Result<()> {
        read(self.agent.delete(&self.session).call()?).map(drop)
    }
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Result<Value> {
    // A screenshot is larger than what is read by default.
    let mut answer: Value = answer.body_mut().with_config().limit(64 << 20).read_json()?;
    let value = answer["value"].take();
    if let Some(error) = value["error"].as_str() {
        bail!("{error}: {}", value["message"].as_str().unwrap_or_default());
    }
    Ok(value)
}
