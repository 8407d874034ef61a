//! Chromium and Firefox without a window, as the packages of Debian and Ubuntu install them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Page;
use super::http::Http;
use super::marionette::Marionette;
use crate::installed::installed;
use crate::process::Process;
use crate::pulse::Pulse;
use crate::wait::eventually;
use crate::{browser, hosting::Running};

/// Whether sound of a browser is to be heard.
#[derive(Clone, Copy)]
pub enum Sound<'pulse> {
    /// By nobody.
    Off,
    /// By this device.
    At(&'pulse Pulse),
}

/// What is unusual about a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// Its owner lets no site keep anything.
    KeepsNothing,
    /// Its window forgets everything when it closes.
    Private,
    /// The server at `offbeat.test` is neither on this machine, as far as it knows, nor behind TLS.
    FarFromServer,
}

/// No calls home, no questions, no sound server of the machine's.
const FIREFOX_SETTINGS: &str = r#"
user_pref("marionette.port", 0);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("app.update.disabledForTesting", true);
user_pref("app.normandy.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.startup.page", 0);
"#;

impl Page {
    /// A page in Chromium.
    ///
    /// # Errors
    /// When Chromium or its driver is not installed, or does not start.
    pub fn chromium(name: &str, sound: Sound<'_>) -> Result<Self> {
        Self::chromium_with(name, sound, &[], &json!({}))
    }

    /// A page in a Chromium that is unusual.
    ///
    /// # Errors
    /// As [`chromium`](Self::chromium).
    pub fn odd_chromium(name: &str, odd: Odd) -> Result<Self> {
        let (flag, settings) = match odd {
            // What it calls cookies is everything that a site keeps.
            Odd::KeepsNothing => (None, json!({"profile.default_content_setting_values.cookies": 2})),
            Odd::Private => (Some("--incognito"), json!({})),
            Odd::FarFromServer => (Some("--host-resolver-rules=MAP offbeat.test 127.0.0.1"), json!({})),
        };
        Self::chromium_with(name, Sound::Off, flag.as_slice(), &settings)
    }

    fn chromium_with(name: &str, sound: Sound<'_>, more: &[&str], settings: &Value) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("offbeat-chromium").tempdir()?;
        let mut driver = Command::new(installed("chromedriver", "chromium-driver")?);
        driver.arg("--port=0").stdin(Stdio::null());
        settle(&mut driver, folder.path(), sound);
        let driver = Running::start(driver)?;
        let port = driver.line("ChromeDriver was started successfully on port ")?;
        let port = port.trim_end_matches('.').parse().context("a port is a number")?;
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let mut flags: Vec<&str> = browser::FLAGS.to_vec();
        flags.extend([profile.as_str(), "--window-size=1400,1000"]);
        flags.extend(more);
        let wire = Http::open(
            port,
            &json!({
                "browserName": "chrome",
                "goog:chromeOptions": {"binary": browser::chromium()?, "args": flags, "prefs": settings},
            }),
        )?;
        Self::new(name, wire, vec![driver.into_process()], folder)
    }

    /// A page in Firefox.
    ///
    /// # Errors
    /// When Firefox is not installed or does not start.
    pub fn firefox(name: &str, sound: Sound<'_>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("offbeat-firefox").tempdir()?;
        let profile = folder.path().join("profile");
        std::fs::create_dir(&profile)?;
        std::fs::write(profile.join("user.js"), FIREFOX_SETTINGS)?;
        let program =
            installed("firefox-esr", "firefox-esr").or_else(|_| installed("firefox", "firefox-esr"))?;
        let mut firefox = Command::new(program);
        firefox.args([
            "--headless",
            "--marionette",
            "--no-remote",
            "--width=1400",
            "--height=1000",
            "--profile",
        ]);
        firefox.arg(&profile).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        settle(&mut firefox, folder.path(), sound);
        let firefox = Process::start(&mut firefox)?;
        let port = eventually("the port of Firefox", || Ok(port_in(&profile.join("MarionetteActivePort"))))?;
        let wire = eventually("an answer of Firefox", || Ok(Marionette::open(port, &json!({})).ok()))?;
        Self::new(name, wire, vec![firefox], folder)
    }
}

/// The port that Firefox writes down when it listens.
fn port_in(file: &Path) -> Option<u16> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// A home of its own, and the sound device that is asked for.
pub(super) fn settle(program: &mut Command, home: &Path, sound: Sound<'_>) {
    let nobody: PathBuf = home.join("nobody");
    program.env("HOME", home).env("XDG_RUNTIME_DIR", home).env_remove("DBUS_SESSION_BUS_ADDRESS");
    match sound {
        Sound::At(pulse) => program.env("PULSE_SERVER", pulse.address()),
        Sound::Off => program.env("PULSE_SERVER", format!("unix:{}", nobody.display())),
    };
}
