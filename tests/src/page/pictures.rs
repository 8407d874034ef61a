//! What a page looked like when a test failed.

use std::path::PathBuf;

use anyhow::{Context, Result};
use data_encoding::BASE64;
use serde_json::json;

use super::Page;
use super::wire::Command;

impl Page {
    /// Keeps a picture of the page; a word on where it is.
    pub(super) fn picture(&self) -> String {
        match self.take_picture() {
            Ok(path) => format!("a picture is in {}", path.display()),
            Err(error) => format!("no picture could be taken: {error:#}"),
        }
    }

    fn take_picture(&self) -> Result<PathBuf> {
        let image = self.wire.call(Command::TakeScreenshot, json!({"full": false}))?;
        let image = BASE64.decode(image.as_str().context("a picture is text")?.as_bytes())?;
        let folder = folder()?;
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}-{}.png", self.name, std::process::id()));
        std::fs::write(&path, image)?;
        Ok(path)
    }
}

/// In the target folder, beside what was compiled.
pub(super) fn folder() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    // target/<profile>/deps/<test>
    Ok(test.ancestors().nth(3).context("tests lie in target/<profile>/deps")?.join("pictures"))
}
