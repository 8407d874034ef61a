//! The desktop app by itself: it works and is heard with no server and no network, and keeps what was made.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{Desktop, Key, Page, Player, Pulse, Recorder, Server, Sound, onsets};

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

/// Waits until the window shows the session of this name.
fn shows(window: &Page, name: &str) -> Result<()> {
    let script = "return seen('textbox', '^session name$')[0]?.value === given[0]";
    window.awaits(&format!("session `{name}`"), script, &[json!(name)]).map(drop)
}

#[test]
fn a_link_and_a_ticket_that_are_opened_while_the_app_runs_are_shown_in_its_window() -> Result<()> {
    let (server, desktop, player) = (Server::starts()?, Desktop::arrives()?, Player::arrives()?);
    let window = desktop.starts(&[], Sound::Off)?;
    window.clicks("button", "^new session$")?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    let session = server.founds()?;
    let link = server.page_of(&session).replacen("http://", "offbeat://", 1);
    let again = desktop.starts_again(&[&link])?;
    ensure!(again.code == Some(0), "{again:?}");
    shows(&window, server.session(&session)?["name"].as_str().context("a name")?)?;
    let hers = player.says(&["new", "By ticket", "--beat"])?;
    let hosting = player.hosts(&hers, &[])?;
    let again = desktop.starts_again(&[&format!("offbeat://{}", hosting.ticket()?)])?;
    ensure!(again.code == Some(0), "{again:?}");
    shows(&window, "By ticket")?;
    // What leads nowhere is told in the window, and changes nothing there.
    desktop.starts_again(&["offbeat1damaged"])?;
    window.sees("status", "damaged")?;
    shows(&window, "By ticket")
}

#[test]
fn without_a_display_the_app_says_what_to_use_instead() -> Result<()> {
    let ended = Desktop::arrives()?.starts_again(&[])?;
    ensure!(ended.code == Some(1), "{ended:?}");
    ensure!(ended.err.contains("no display") && ended.err.lines().count() == 1, "{ended:?}");
    Ok(())
}

#[test]
fn a_server_that_does_not_answer_is_named_and_holds_nobody_up() -> Result<()> {
    let (mut server, desktop) = (Server::starts()?, Desktop::arrives()?);
    let session = server.founds()?;
    let window = desktop.starts(&[&server.page_of(&session)], Sound::Off)?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    window.is_live()?;
    drop(window);
    server.dies()?;
    // The session is opened again with its server gone.
    let window = desktop.starts(&["--server", server.url()], Sound::Off)?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    window.sees("status", &format!("{} does not answer.*Play on", server.url()))?;
    window.step("kick", 2).clicks()?;
    window.step("kick", 2).becomes(true)?;
    server.returns()?;
    window.is_live()
}

/// Waits until the loudest of half a second is so loud.
fn becomes_as_loud(recorder: &mut Recorder, what: &str, is_it: impl Fn(f32) -> bool) -> Result<()> {
    for _ in 0..40 {
        let half = recorder.left(24_000)?;
        if is_it(half.iter().fold(0.0, |most: f32, sample| most.max(sample.abs()))) {
            return Ok(());
        }
    }
    anyhow::bail!("{what}: it never was in twenty seconds")
}

#[test]
fn what_one_player_alone_hears_reaches_the_windows_engine() -> Result<()> {
    let (desktop, pulse) = (Desktop::arrives()?, Pulse::start()?);
    let window = desktop.starts(&[], Sound::At(&pulse))?;
    window.clicks("button", "^new session$")?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    // The first sound of the window is a key, while nothing plays.
    let mut recorder = pulse.recorder()?;
    window.clicks("tab", "^keys$")?;
    window.clicks("button", "^C[0-9]$")?;
    becomes_as_loud(&mut recorder, "a key", |peak| peak > 0.01)?;
    // A track without notes, alone; then nothing but the metronome, and that at no level.
    window.clicks("tab", "^keys$")?;
    window.clicks("button", "^add a track$")?;
    window.clicks("button", "^tom$")?;
    window.sees("gridcell", "^tom, step 16 of 16")?;
    window.clicks("button", "^play$")?;
    window.plays_on()?;
    window.clicks("button", "^solo tom$")?;
    becomes_as_loud(&mut recorder, "an empty track alone", |peak| peak < 1e-4)?;
    window.clicks("button", "^metronome$")?;
    becomes_as_loud(&mut recorder, "the metronome", |peak| peak > 0.1)?;
    window.looks(
        "const [level] = seen('slider', '^master level$'); level.value = 0; level.dispatchEvent(new Event('input', { bubbles: true }))",
        &[],
    )?;
    becomes_as_loud(&mut recorder, "no level", |peak| peak < 1e-4)
}

#[test]
fn the_window_shows_where_everybodys_music_is_and_moves_it() -> Result<()> {
    let (desktop, player) = (Desktop::arrives()?, Player::arrives()?);
    let hers = player.says(&["new", "Shared", "--beat"])?;
    let hosting = player.hosts(&hers, &[])?;
    let window = desktop.starts(&[&hosting.ticket()?], Sound::Off)?;
    shows(&window, "Shared")?;
    window.is_live()?;
    player.says(&["edit", &hers, "play"])?;
    window.sees("button", "^join the music$")?;
    window.plays_on()?;
    player.says(&["edit", &hers, "pause"])?;
    window.sees("button", "^back to the start$")?;
    // Who listens to nothing moves it all the same, and sees where others move it.
    window.presses(&[Key::Character('b')])?;
    window.writes("textbox", "^bar, beat, step$", "7.3")?;
    let is_at = "return seen('timer', 'position')[0]?.textContent === given[0]";
    window.awaits("bar 7, beat 3", is_at, &[json!("7.3.1")])?;
    player.says(&["edit", &hers, "go", "12"])?;
    window.awaits("bar 12", is_at, &[json!("12.1.1")])?;
    window.presses(&[Key::Character('<')])?;
    window.awaits("the bar before", is_at, &[json!("11.1.1")]).map(drop)
}
