//! A link opened in a browser that has nothing of it: how soon the grid is there, how soon it sounds, how much that takes to
//! load; and how long an edit takes from one browser to another, through the server.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::{Page, Server, Sound, figure, percentile_millis};

/// Each figure of a page is the median of so many openings, each in a browser of its own.
const OPENINGS: usize = 5;

/// Edits that are measured, and as many before them that are not.
const EDITS: usize = 200;
const WARM_UP: usize = 20;

/// The pace of a quick hand.
const PACE: Duration = Duration::from_millis(50);

/// Notes when the first step is there, when Play was clicked, and when the engine's sound first left it.
const WATCHING: &str = r#"
window.times = {};
const look = () => {
  if (times.grid || !document.querySelector("[role=gridcell]")) return;
  // A frame later it is painted.
  requestAnimationFrame(() => requestAnimationFrame(() => times.grid ??= performance.now()));
};
new MutationObserver(look).observe(document, { subtree: true, childList: true });
addEventListener("click", event => times.click ??= event.timeStamp, true);
const Node = window.AudioWorkletNode;
window.AudioWorkletNode = class extends Node {
  constructor(...given) {
    super(...given);
    this.port.addEventListener("message", ({ data }) => {
      if (data.kind === "position" && data.peak > 0.001) times.sound ??= performance.now();
    });
  }
};"#;

/// What was loaded until the first sound, in bytes as they travelled.
const LOADED: &str = r#"
const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
const bytes = entries.filter(entry => entry.responseEnd <= times.sound).reduce((sum, entry) => sum + entry.transferSize, 0);
return { ...times, bytes };"#;

/// Keeps the moment of each press, by the clock that all pages of a machine share.
const PRESSES: &str = r#"
window.presses = [];
addEventListener("pointerdown", event => presses.push(performance.timeOrigin + event.timeStamp), true);"#;

/// Keeps the moment of each change of the first track's second step.
const CHANGES: &str = r#"
window.changes = [];
const cell = document.querySelectorAll("[role=gridcell]")[1];
new MutationObserver(() => changes.push(performance.timeOrigin + performance.now()))
  .observe(cell, { attributeFilter: ["aria-label"] });"#;

fn main() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    opening(&server, &session)?;
    editing(&server, &session)
}

fn opening(server: &Server, session: &str) -> Result<()> {
    let mut measured: [Vec<f64>; 3] = Default::default();
    for _ in 0..OPENINGS {
        let page = Page::chromium("opening", Sound::Off)?;
        page.runs_first(WATCHING)?;
        page.opens(&server.page_of(session))?;
        page.awaits("painted grid", "return times.grid", &[])?;
        page.clicks("button", "^play$")?;
        page.awaits("first sound", "return times.sound", &[])?;
        let times = page.looks(LOADED, &[])?;
        let number = |name: &str| times[name].as_f64().with_context(|| format!("{name} in {times}"));
        let values = [number("grid")?, number("sound")? - number("click")?, number("bytes")? / 1e3];
        for (all, value) in measured.iter_mut().zip(values) {
            all.push(value);
        }
    }
    let [grid, sound, bytes] = measured.map(median);
    figure("a link opened with nothing cached, to the painted grid", grid, "ms");
    figure("the first click on Play, to the engine's first sound", sound, "ms");
    figure("loaded until the first sound", bytes, "kB");
    Ok(())
}

fn editing(server: &Server, session: &str) -> Result<()> {
    let (one, other) = (Page::chromium("one", Sound::Off)?, Page::chromium("other", Sound::Off)?);
    for page in [&one, &other] {
        page.opens(&server.page_of(session))?;
        page.is_live()?;
    }
    one.looks(PRESSES, &[])?;
    other.looks(CHANGES, &[])?;
    for number in 0..WARM_UP + EDITS {
        let started = Instant::now();
        one.step("kick", 2).clicks()?;
        // Before the next press, or two would be seen as one.
        other.awaits("edit in the other page", "return changes.length > given[0]", &[json!(number)])?;
        std::thread::park_timeout(PACE.saturating_sub(started.elapsed()));
    }
    let (made, seen) = (moments(&one, "presses")?, moments(&other, "changes")?);
    ensure!(made.len() == seen.len(), "{} edits were made and {} seen", made.len(), seen.len());
    let late =
        made.iter().zip(&seen).map(|(made, seen)| Duration::from_secs_f64((seen - made).max(0.0) / 1e3));
    let mut late: Vec<Duration> = late.skip(WARM_UP).collect();
    figure("an edit from one browser to another, p50", percentile_millis(&mut late, 50), "ms");
    figure("an edit from one browser to another, p99", percentile_millis(&mut late, 99), "ms");
    Ok(())
}

fn moments(page: &Page, name: &str) -> Result<Vec<f64>> {
    let moments: Value = page.looks(&format!("return {name}"), &[])?;
    Ok(serde_json::from_value(moments)?)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
