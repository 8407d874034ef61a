//! What the tests of pages stand on: browsers that are driven as a person drives them, and waits that can fail.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{Key, Page, Sound};

/// A step that a click switches a moment later, a name to write, and a box that covers a button for a moment.
const PAGE: &str = r#"data:text/html,<!doctype html><title>A page</title>
<h1>Fuzzy Penguin</h1>
<label>Session name <input id="name"></label>
<button>Play</button>
<div role="gridcell" tabindex="0" aria-label="kick, step 5 of 16, off" style="width:40px;height:40px"></div>
<div id="cover" style="position:fixed;inset:0"></div>
<script>
  setTimeout(() => document.getElementById("cover").remove(), 50);
  const cell = document.querySelector("[role=gridcell]");
  const switches = event => setTimeout(() => {
    if (!event.isTrusted) document.title = "A page that a script uses";
    const on = cell.getAttribute("aria-label").endsWith("off");
    cell.setAttribute("aria-label", "kick, step 5 of 16, " + (on ? "on, velocity 70 percent" : "off"));
  }, 20);
  cell.onclick = switches;
  cell.onkeydown = event => event.key === " " && switches(event);
  document.getElementById("name").onchange = event => document.querySelector("h1").textContent = event.target.value;
</script>"#;

fn is_used(page: &Page) -> Result<()> {
    page.opens(PAGE)?;
    page.sees("heading", "^fuzzy penguin$")?;
    page.step("kick", 5).clicks()?;
    page.step("kick", 5).becomes(true)?;
    page.presses(&[Key::Character(' ')])?;
    page.step("kick", 5).becomes(false)?;
    ensure!(!page.step("kick", 5).is_on()?);
    ensure!(page.looks("return document.title", &[])? == json!("A page"), "clicks and keys are a person's");
    page.writes("textbox", "session name", "Rainy Tuesday")?;
    page.sees("heading", "^Rainy Tuesday$")?;
    page.shows_steps(&["kick, step 5 of 16, off".to_owned()])?;
    page.sees_no("button", "stop")
}

#[test]
fn chromium_is_used_as_by_a_person() -> Result<()> {
    is_used(&Page::chromium("person", Sound::Off)?)
}

#[test]
fn firefox_is_used_as_by_a_person() -> Result<()> {
    is_used(&Page::firefox("person", Sound::Off)?)
}

#[test]
fn what_does_not_come_is_an_error_with_a_picture() -> Result<()> {
    let page = Page::chromium("impatient", Sound::Off)?.with_patience(std::time::Duration::from_millis(200));
    page.opens(PAGE)?;
    let error = page.step("kick", 5).becomes(true).err().context("nobody has clicked")?.to_string();
    ensure!(error.contains("impatient") && error.contains("Fuzzy Penguin"), "{error}");
    let picture =
        error.split(" is in ").nth(1).and_then(|rest| rest.split(';').next()).context(error.clone())?;
    ensure!(std::fs::metadata(picture)?.len() > 1_000, "{picture} is empty");
    Ok(std::fs::remove_file(picture)?)
}
