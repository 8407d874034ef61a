//! A link opened in a browser that has nothing of it: how soon the grid is there, how soon it sounds, how much that takes to load.

use anyhow::{Context, Result};
use tests::{Page, Server, Sound, figure};

/// Each figure is the median of so many openings, each in a browser of its own.
const OPENINGS: usize = 5;

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

/// Opens a session again and again.
pub(crate) fn measure(server: &Server, session: &str) -> Result<()> {
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
