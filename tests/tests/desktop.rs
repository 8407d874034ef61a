//! The desktop app by itself: it works and is heard with no server and no network, and keeps what was made.

use anyhow::{Result, ensure};
use tests::{Desktop, Pulse, Sound, onsets};

#[test]
fn the_desktop_plays_edits_and_keeps_a_session_with_no_server() -> Result<()> {
    let (desktop, pulse) = (Desktop::arrives()?, Pulse::start()?);
    let window = desktop.starts(&[], Sound::At(&pulse))?;
    window.clicks("button", "^new session$")?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    window.step("kick", 2).clicks()?;
    window.step("kick", 2).becomes(true)?;
    let mut recorder = pulse.recorder()?;
    window.clicks("button", "^play$")?;
    window.plays_on()?;
    // What sounds before the device runs smoothly does not count: five seconds hold more than a bar of it.
    let beats = onsets(&recorder.left(5 * 48_000)?);
    ensure!(!beats.is_empty(), "nothing was heard");
    window.clicks("button", "^stop$")?;
    let grid = window.steps()?;
    drop(window);
    let window = desktop.starts(&[], Sound::Off)?;
    window.shows_steps(&grid)?;
    // A machine without a device says so once, and plays on in silence.
    window.clicks("button", "^play$")?;
    window.plays_on()
}
