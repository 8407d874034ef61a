//! The engine of a page: what it was given to play, and what it makes of it.

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use serde_json::json;

use super::Page;

/// Keeps the last program that the page sends to its worklet, as text.
const KEEPING: &str = r#"
const send = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (message, ...more) {
  if (message?.kind === "program") window.keptProgram = btoa(String.fromCharCode(...message.image));
  return send.call(this, message, ...more);
};"#;

const RENDERING: &str = include_str!("worklet.js");

impl Page {
    /// Keeps what the pages that are opened from here on play, for [`Page::program`]; in Chromium alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn keeps_programs(&self) -> Result<()> {
        self.runs_first(KEEPING)
    }

    /// The image of the program that the page's worklet was given last; waits for the first.
    ///
    /// # Errors
    /// When it is given none.
    pub fn program(&self) -> Result<Vec<u8>> {
        let image = self.awaits("program in the worklet", "return window.keptProgram", &[])?;
        BASE64.decode(image.as_str().context("kept as text")?.as_bytes()).context("kept as it is written")
    }

    /// The samples of a program from its first beat on, left and right in turns, as the page's own worklet renders them with
    /// the engine that the page was served: as many frames, each sample as four bytes.
    ///
    /// # Errors
    /// When the page has no engine, or that refuses the program.
    pub fn renders(&self, image: &[u8], frames: u32) -> Result<Vec<u8>> {
        let rendered = self.asynchronously(RENDERING, &[json!(BASE64.encode(image)), json!(frames)])?;
        let Some(sound) = rendered["sound"].as_str() else {
            bail!("the worklet does not render: {rendered}")
        };
        BASE64.decode(sound.as_bytes()).context("sound is written as it is read")
    }
}
