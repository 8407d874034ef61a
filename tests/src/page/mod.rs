//! A page in a real browser, and what a person does and sees there.
//!
//! Everything is found by its role and its name, as a screen reader would say them: what a test can use, a person without
//! eyes or without a mouse can use too. Clicks and keys are the browser's own, so that its rules (sound only after a click)
//! hold here as well.

mod barriers;
mod browsers;
mod desktop;
mod devices;
mod grid;
mod hand;
mod http;
mod keys;
mod likeness;
mod marionette;
mod pictures;
mod wire;
mod work;
mod worklet;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

pub use browsers::{Odd, Sound};
pub use desktop::Desktop;
pub use devices::{Screen, Theme};
pub use grid::Step;
pub use hand::Point;
pub use keys::Key;
pub use work::Work;

use crate::footprint::Footprint;
use crate::process::Process;
use wire::{Command, Wire};

/// How long anything may take to appear. Far above anything seen, so that a slow machine does not fail a right program.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long one script waits in a page: a page that goes may take it along without a word.
const GLANCE: Duration = Duration::from_secs(5);

/// How long a script may take; longer than any that does something.
const SCRIPT_MILLIS: u64 = 20_000;

/// What a person makes out on a page, as functions for scripts.
const SEEN: &str = include_str!("seen.js");
const WAITING: &str = include_str!("waiting.js");

/// A page in a browser of its own, with a profile that nobody has used; closed when dropped.
pub struct Page {
    /// What pictures of it are called.
    name: String,
    wire: Box<dyn Wire>,
    patience: Duration,
    /// What runs it, in the order in which it ends.
    programs: Vec<Process>,
    _folder: tempfile::TempDir,
}

impl Page {
    /// The same page, for someone who waits so long for anything.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Follows a link.
    ///
    /// # Errors
    /// When the browser cannot load it at all.
    pub fn opens(&self, link: &str) -> Result<()> {
        self.wire.call(Command::Navigate, json!({"url": link}))?;
        Ok(())
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn reloads(&self) -> Result<()> {
        self.wire.call(Command::Refresh, json!({}))?;
        Ok(())
    }

    /// Where the page is.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn link(&self) -> Result<String> {
        let link = self.looks("return location.href", &[])?;
        Ok(link.as_str().context("an address is text")?.to_owned())
    }

    /// Waits until the page is at an address that contains this.
    ///
    /// # Errors
    /// When it is not.
    pub fn link_with(&self, part: &str) -> Result<String> {
        let script = "return location.href.includes(given[0]) ? location.href : null";
        let link = self.awaits(&format!("address with {part}"), script, &[json!(part)])?;
        Ok(link.as_str().context("an address is text")?.to_owned())
    }

    /// Waits until something with this role (or one of several, `link|button`) is there, whose name has the pattern (a regular expression, case ignored); its
    /// whole name.
    ///
    /// # Errors
    /// When it does not appear.
    pub fn sees(&self, role: &str, pattern: &str) -> Result<String> {
        let script = "const [found] = seen(...given); return found ? nameOf(found) : null";
        let name = self.awaits(&format!("{role} `{pattern}`"), script, &[json!(role), json!(pattern)])?;
        Ok(name.as_str().context("a name is text")?.to_owned())
    }

    /// Waits until nothing with this role and name is there.
    ///
    /// # Errors
    /// When it stays.
    pub fn sees_no(&self, role: &str, pattern: &str) -> Result<()> {
        let script = "return seen(...given).length === 0";
        self.awaits(&format!("no {role} `{pattern}`"), script, &[json!(role), json!(pattern)]).map(drop)
    }

    /// What stands in a field, as soon as something does.
    ///
    /// # Errors
    /// When the field does not appear, or stays empty.
    pub fn reads(&self, role: &str, pattern: &str) -> Result<String> {
        let script = "const [found] = seen(...given); return found?.value || null";
        let text =
            self.awaits(&format!("text in {role} `{pattern}`"), script, &[json!(role), json!(pattern)])?;
        Ok(text.as_str().context("a field holds text")?.to_owned())
    }

    /// The names of all that has this role, in the page's order, at this moment.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn names(&self, role: &str, pattern: &str) -> Result<Vec<String>> {
        let names = self.looks("return seen(...given).map(nameOf)", &[json!(role), json!(pattern)])?;
        Ok(serde_json::from_value(names)?)
    }

    /// Clicks something, as soon as it is there and nothing lies over it.
    ///
    /// # Errors
    /// When it does not appear, or stays covered.
    pub fn clicks(&self, role: &str, pattern: &str) -> Result<()> {
        let script = "const [found] = seen(...given); return found && !found.disabled ? reach(found) : null";
        let what = format!("{role} `{pattern}` within reach");
        let place = self.awaits(&what, script, &[json!(role), json!(pattern)])?;
        let pointer = |kind: &str| json!({"type": kind, "button": 0});
        let moves = json!({"type": "pointerMove", "duration": 0, "x": place["x"], "y": place["y"]});
        self.acts(&json!({
            "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
            "actions": [moves, pointer("pointerDown"), pointer("pointerUp")],
        }))
    }

    /// Presses keys one after the other, wherever the focus is.
    ///
    /// # Errors
    /// When the browser does not take them.
    pub fn presses(&self, keys: &[Key]) -> Result<()> {
        self.acts(&json!({"type": "key", "id": "keyboard", "actions": keys::actions(keys)}))
    }

    /// Writes into a field in place of what stands there, and presses Enter.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn writes(&self, role: &str, pattern: &str, text: &str) -> Result<()> {
        self.clicks(role, pattern)?;
        let mut keys = vec![Key::Control('a')];
        keys.extend(text.chars().map(Key::Character));
        keys.push(Key::Enter);
        self.presses(&keys)
    }

    /// What a script returns that looks at the page; it finds its arguments in `given`.
    ///
    /// # Errors
    /// When it fails.
    pub fn looks(&self, script: &str, given: &[Value]) -> Result<Value> {
        let script = format!("{SEEN}\nconst given = [...arguments];\n{script}");
        self.wire.call(Command::ExecuteScript, json!({"script": script, "args": given}))
    }

    /// What a script returns as soon as that is something; it is asked again whenever the page changes.
    ///
    /// # Errors
    /// When it fails, or there is nothing for too long: a picture of the page is kept then.
    pub fn awaits(&self, what: &str, script: &str, given: &[Value]) -> Result<Value> {
        let script = format!("{SEEN}\nconst ask = (...given) => {{ {script} }};\n{WAITING}");
        let glance = GLANCE.min(self.patience);
        let mut arguments = vec![json!(glance.as_millis() as u64)];
        arguments.extend_from_slice(given);
        let started = Instant::now();
        let mut found = loop {
            let found = self.asynchronously(&script, &arguments);
            let is_late = started.elapsed() >= self.patience;
            match found {
                // The page before this one has gone, and what waited there with it.
                Err(error) if is_departure(&error) && !is_late => {}
                Ok(found) if found["everything"].is_array() && !is_late => {}
                found => break found.with_context(|| format!("{}: looking for {what}", self.name))?,
            }
        };
        if let Some(error) = found["error"].as_str() {
            bail!("{}: looking for {what}: {error}", self.name);
        }
        if let Some(everything) = found["everything"].as_array() {
            let everything: Vec<&str> = everything.iter().filter_map(Value::as_str).collect();
            bail!(
                "{}: no {what} within {} s; {}; what there is:\n{}",
                self.name,
                self.patience.as_secs_f32(),
                self.picture(),
                everything.join("\n"),
            );
        }
        Ok(found["answer"].take())
    }

    /// What a script hands to its last argument, a function.
    ///
    /// # Errors
    /// When it fails, or never calls it.
    pub fn asynchronously(&self, script: &str, given: &[Value]) -> Result<Value> {
        self.wire.call(Command::ExecuteAsyncScript, json!({"script": script, "args": given}))
    }

    /// What the browser takes of the machine, or the window's app with all its processes.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn footprint(&self) -> Result<Footprint> {
        let below = self.programs.first().map(Process::below).unwrap_or_default();
        Footprint::of(&below)
    }

    /// Has a script run before those of every page that is opened from here on; Chromium's alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn runs_first(&self, script: &str) -> Result<()> {
        self.wire.chromium("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).map(drop)
    }

    /// Loads nothing from addresses like this one (`*` stands for anything); Chromium's alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn refuses(&self, address: &str) -> Result<()> {
        self.wire.chromium("Network.enable", json!({}))?;
        self.wire.chromium("Network.setBlockedURLs", json!({"urls": [address]})).map(drop)
    }

    /// Leaves the pages of an address so little room that nothing more can be kept; Chromium's alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn fills_up(&self, origin: &str) -> Result<()> {
        let room = json!({"origin": origin, "quotaSize": 1});
        self.wire.chromium("Storage.overrideQuotaForOrigin", room).map(drop)
    }

    fn acts(&self, input: &Value) -> Result<()> {
        self.wire.call(Command::PerformActions, json!({"actions": [input]})).map(drop)
    }

    fn new(
        name: &str,
        wire: impl Wire + 'static,
        programs: Vec<Process>,
        folder: tempfile::TempDir,
    ) -> Result<Self> {
        let page = Self {
            name: name.to_owned(),
            wire: Box::new(wire),
            patience: PATIENCE,
            programs,
            _folder: folder,
        };
        let millis = 2 * PATIENCE.as_millis() as u64;
        page.wire.call(Command::SetTimeouts, json!({"script": SCRIPT_MILLIS, "pageLoad": millis}))?;
        Ok(page)
    }
}

/// Whether a script ended because another page was opened, in the words of each driver.
fn is_departure(error: &anyhow::Error) -> bool {
    let text = format!("{error:#}").to_lowercase();
    ["unload", "navigat", "detached", "context", "timed out", "timeout"]
        .iter()
        .any(|word| text.contains(word))
}

impl Drop for Page {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: {}", self.name, self.picture());
        }
        // One that has crashed cannot be asked; its programs are killed right after this.
        let _ = self.wire.quit();
    }
}
