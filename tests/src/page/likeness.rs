//! Whether a page looks as it did when somebody last looked at it and kept its picture.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use serde_json::json;

use super::Page;
use super::pictures::folder;
use super::wire::Command;
use crate::picture::Picture;

/// Set to look at the pages anew: each picture is then written instead of compared. Look at what changed before keeping it.
const RENEWS: &str = "OFFBEAT_RENEW_PICTURES";

/// How often a page is looked at until it is still.
const MAX_LOOKS: usize = 60;

/// What is another in every run: the player's own colour and letters, and how well clocks are known.
const PLAIN: &str = ":root, .avatar, .here, .selected { --who: #8a8f98 !important }
  .avatar { border-radius: 50% !important; color: transparent !important }
  .tag { color: transparent !important; width: 40px }
  .toasts, .chip .figure { visibility: hidden }";

impl Page {
    /// Looks at the page, made plain of what is another in every run, and compares it with the picture that is kept of it.
    ///
    /// # Errors
    /// When it looks different, or no picture is kept: a picture of what differs lies in the target folder then.
    pub fn looks_as_kept(&self, name: &str) -> Result<()> {
        let style = "document.getElementById('plain') ?? document.head.append(Object.assign(
            document.createElement('style'), { id: 'plain', textContent: given[0] }))";
        self.looks(style, &[json!(PLAIN)])?;
        let seen = self.still()?;
        let small = seen.small();
        let kept = kept_folder().join(format!("{name}.png"));
        if std::env::var_os(RENEWS).is_some() {
            std::fs::create_dir_all(kept_folder())?;
            return Ok(std::fs::write(kept, small.png()?)?);
        }
        let before = std::fs::read(&kept)
            .with_context(|| format!("no picture is kept of {name}; {RENEWS}=1 keeps one"))?;
        let Some((places, difference)) = small.compared_with(&Picture::read(&before)?) else { return Ok(()) };
        let folder = folder()?;
        std::fs::create_dir_all(&folder)?;
        let [now, difference] = [("now", seen), ("difference", difference)].map(|(what, picture)| {
            let path = folder.join(format!("{name}-{what}.png"));
            std::fs::write(&path, picture.png()?)?;
            anyhow::Ok(path)
        });
        bail!(
            "{name} looks different at {places} places: see {} and {}",
            now?.display(),
            difference?.display()
        )
    }

    /// A picture of the page once it has come to rest.
    fn still(&self) -> Result<Picture> {
        let mut before = None;
        for _ in 0..MAX_LOOKS {
            let image = self.wire.call(Command::TakeScreenshot, json!({"full": false}))?;
            if before.as_ref() == Some(&image) {
                return Picture::read(
                    &BASE64.decode(image.as_str().context("a picture is text")?.as_bytes())?,
                );
            }
            before = Some(image);
        }
        bail!("{}: the page does not come to rest", self.name)
    }
}

/// Where pictures are kept.
fn kept_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures")
}
