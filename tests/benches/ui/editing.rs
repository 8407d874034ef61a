//! An edit from one browser to another, through the server.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tests::{Page, Server, Sound, figure, percentile_millis};

/// Edits that are measured, and as many before them that are not.
const EDITS: usize = 200;
const WARM_UP: usize = 20;

/// The pace of a quick hand.
const PACE: Duration = Duration::from_millis(50);

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

/// Edits a session in one page and watches it in another.
pub(crate) fn measure(server: &Server, session: &str) -> Result<()> {
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
