//! The desktop app on a display that nobody sees: how soon its window is painted, and what all its processes take of memory while
//! a session plays.

use anyhow::{Context, Result};
use tests::{Desktop, Sound, figure};

/// Each figure is the median of so many starts.
const STARTS: usize = 5;

/// When something was first painted in the window, by the clock of the whole machine.
const PAINTED: &str = r#"
const [paint] = performance.getEntriesByName("first-contentful-paint");
return paint ? performance.timeOrigin + paint.startTime : null;"#;

fn main() -> Result<()> {
    let desktop = Desktop::arrives()?;
    // The first start makes the home and the session that the others open.
    let window = desktop.starts(&[], Sound::Off)?;
    window.clicks("button", "^new session$")?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    drop(window);
    let mut measured: [Vec<f64>; 3] = Default::default();
    for _ in 0..STARTS {
        let window = desktop.starts(&[], Sound::Off)?;
        let painted = window.awaits("first paint", PAINTED, &[])?.as_f64().context("a time")?;
        window.sees("gridcell", "^kick, step 16 of 16")?;
        window.clicks("button", "^play$")?;
        window.plays_on()?;
        let taken = window.footprint()?;
        for (all, value) in
            measured.iter_mut().zip([painted - taken.began_millis, taken.share_mb, taken.resident_mb])
        {
            all.push(value);
        }
    }
    let [painted, share, resident] = measured.map(median);
    figure("the desktop app, from its start to a painted window", painted, "ms");
    figure("memory of the desktop app's processes while it plays, what they share counted once", share, "MB");
    figure(
        "memory of the desktop app's processes while it plays, what they share counted for each",
        resident,
        "MB",
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
