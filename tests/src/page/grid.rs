//! The grid of a session's page, in a player's words.

use anyhow::{Context, Result};

use super::Page;

/// One step of a track, counted from 1.
pub struct Step<'page> {
    page: &'page Page,
    track: String,
    number: u16,
}

impl Page {
    /// A step of the track with this name, counted from 1.
    pub fn step(&self, track: &str, number: u16) -> Step<'_> {
        Step { page: self, track: track.to_owned(), number }
    }

    /// All steps as they are named now: "kick, step 5 of 16, on, velocity 70 percent".
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn steps(&self) -> Result<Vec<String>> {
        self.names("gridcell", "step [0-9]+ of [0-9]+")
    }

    /// Waits until the grid shows these steps, by their names.
    ///
    /// # Errors
    /// When it does not.
    pub fn shows_steps(&self, steps: &[String]) -> Result<()> {
        let script = "const now = seen('gridcell', 'step [0-9]+ of [0-9]+').map(nameOf);
            return now.length === given[0].length && now.every((name, at) => name === given[0][at])";
        self.awaits("grid like the other", script, &[serde_json::json!(steps)]).map(drop)
    }

    /// Waits until the session is linked with others.
    ///
    /// # Errors
    /// When it is not.
    pub fn is_live(&self) -> Result<()> {
        self.sees("button", "^live [0-9]+$").map(drop)
    }

    /// Waits until the session is linked with nobody, and says how many changes wait for others.
    ///
    /// # Errors
    /// When it is not, or says something else.
    pub fn is_offline(&self, changes: u32) -> Result<()> {
        let waiting = match changes {
            0 => String::new(),
            1 => r" \(1 change waiting\)".to_owned(),
            more => format!(r" \({more} changes waiting\)"),
        };
        self.sees("button", &format!("^offline{waiting}$")).map(drop)
    }

    /// Waits until the music has moved on from where it is.
    ///
    /// # Errors
    /// When it stands still.
    pub fn plays_on(&self) -> Result<()> {
        let position = self.looks("return seen('timer', 'position')[0]?.textContent", &[])?;
        let script = "const [now] = seen('timer', 'position'); return now && now.textContent !== given[0]";
        self.awaits("moving position", script, &[position]).map(drop)
    }
}

impl Step<'_> {
    /// Clicks it.
    ///
    /// # Errors
    /// When there is no such step within reach.
    pub fn clicks(&self) -> Result<()> {
        self.page.clicks("gridcell", &self.pattern(""))
    }

    /// Waits until it plays, or does not.
    ///
    /// # Errors
    /// When it stays as it was.
    pub fn becomes(&self, on: bool) -> Result<()> {
        self.page.sees("gridcell", &self.pattern(if on { ", on\\b" } else { ", off\\b" })).map(drop)
    }

    /// Whether it plays.
    ///
    /// # Errors
    /// When there is no such step.
    pub fn is_on(&self) -> Result<bool> {
        let names = self.page.names("gridcell", &self.pattern(""))?;
        let name = names.first().with_context(|| format!("no step {} of {}", self.number, self.track))?;
        Ok(name.contains(", on"))
    }

    fn pattern(&self, state: &str) -> String {
        format!("^{}, step {} of [0-9]+{state}", self.track, self.number)
    }
}
