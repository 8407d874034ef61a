//! Sixteen tracks of sixty-four steps while they play.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{Page, Player, Point, Screen, Server, Sound, examples, figure, percentile_millis};

/// Clicks that are measured, and as many before them that are not.
const CLICKS: usize = 200;
const WARM_UP: usize = 20;

/// How many of a track's steps are clicked, one after the other: so many are in view.
const STEPS: usize = 32;

/// How long a hand rests on a step before it presses, and how long after the paint it goes on: longer than a frame each.
const REST: Duration = Duration::from_millis(40);

/// How long it is left alone and watched, in milliseconds.
const WATCHED_MILLIS: u64 = 8_000;

/// Keeps every task that keeps the page from answering for longer than 50 ms, and every shift of what is seen.
const WATCHING: &str = r#"
window.long = [];
window.shift = 0;
new PerformanceObserver(list => long.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration }))))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"#;

/// Keeps for each press how long it took until its cell was painted: the frame that follows the cell's change has been drawn when
/// a task that this frame itself has queued is carried out.
const PAINTS: &str = r#"
window.paints = [];
let pressed = null;
addEventListener("pointerdown", event => pressed = event.timeStamp, true);
const drawn = new MessageChannel();
drawn.port1.onmessage = ({ data }) => paints.push(performance.now() - data);
new MutationObserver(() => {
  if (pressed === null) return;
  const since = pressed;
  pressed = null;
  requestAnimationFrame(() => drawn.port2.postMessage(since));
}).observe(document.getElementById("grid"), { subtree: true, attributeFilter: ["aria-label"] });"#;

/// Counts the frames that are drawn in so many milliseconds.
const FRAMES: &str = r"
const [millis, done] = arguments;
const from = performance.now();
let frames = 0;
const next = () => { frames += 1; performance.now() - from < millis ? requestAnimationFrame(next) : done(frames); };
requestAnimationFrame(next);";

/// Opens the busiest example, plays it, and clicks in it.
pub(crate) fn measure(server: &Server) -> Result<()> {
    let page = Page::chromium("busy", Sound::Off)?;
    page.is_on(Screen::Desktop)?;
    page.runs_first(WATCHING)?;
    page.opens(&busy_session(server)?)?;
    page.sees("gridcell", "^kick, step 64 of 64")?;
    page.is_live()?;
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    let loaded = number(&page.looks("return performance.now()", &[])?)?;
    frames(&page)?;
    clicks(&page)?;
    let long =
        page.looks("return long.filter(({ startTime }) => startTime > given[0]).length", &[loaded.into()])?;
    figure("tasks over 50 ms after loading, 16 x 64 cells playing", number(&long)?, "");
    figure("layout shift of a busy session", number(&page.looks("return shift", &[])?)?, "");
    Ok(())
}

/// A session of sixteen tracks of sixty-four steps, kept by the server; its link.
fn busy_session(server: &Server) -> Result<String> {
    let player = Player::arrives()?;
    let dense =
        examples().into_iter().find(|path| path.ends_with("dense.json")).context("the busy example")?;
    let session = player.says(&["import", dense.to_str().context("a path is text")?])?;
    let session = session.lines().last().context("an import says the session's id")?.to_owned();
    player.says(&["archive", &session, "--server", server.url()])
}

fn frames(page: &Page) -> Result<()> {
    let before = page.work()?;
    let frames = number(&page.asynchronously(FRAMES, &[WATCHED_MILLIS.into()])?)?;
    let after = page.work()?;
    ensure!(frames > 0.0, "nothing was drawn");
    let per_frame = |what: fn(&tests::Work) -> Duration| {
        what(&after).saturating_sub(what(&before)).as_secs_f64() * 1e3 / frames
    };
    figure("scripts and rendering per frame, 16 x 64 cells playing", per_frame(|work| work.rendering), "ms");
    figure(
        "everything on the page's thread per frame, 16 x 64 cells playing",
        per_frame(|work| work.everything),
        "ms",
    );
    figure("frames a second, 16 x 64 cells playing", frames * 1e3 / WATCHED_MILLIS as f64, "");
    Ok(())
}

fn clicks(page: &Page) -> Result<()> {
    let places: Vec<Point> = (1..=STEPS)
        .map(|step| page.point("gridcell", &format!("^snare, step {step} of"), 0.5, 0.5))
        .collect::<Result<_>>()?;
    page.looks(PAINTS, &[])?;
    for number in 0..WARM_UP + CLICKS {
        let place = places[number % STEPS];
        page.hovers(place)?;
        std::thread::park_timeout(REST);
        page.draws(&[place], None)?;
        std::thread::park_timeout(REST);
        page.awaits("painted cell", "return paints.length > given[0]", &[number.into()])?;
    }
    let paints: Vec<f64> = serde_json::from_value(page.looks("return paints", &[])?)?;
    let mut paints: Vec<Duration> =
        paints.into_iter().map(|millis| Duration::from_secs_f64(millis / 1e3)).collect();
    let mut paints = paints.split_off(WARM_UP);
    figure(
        "a click to its painted cell, 16 x 64 cells playing, p50",
        percentile_millis(&mut paints, 50),
        "ms",
    );
    figure(
        "a click to its painted cell, 16 x 64 cells playing, p99",
        percentile_millis(&mut paints, 99),
        "ms",
    );
    Ok(())
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("{value} is no number"))
}
