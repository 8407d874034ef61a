//! The dock under the grid, as a player uses it: a melody by Keys, a knob that the others hear, patterns as text, the way back.

use std::ops::ControlFlow;

use anyhow::{Context, Result, ensure};
use score::program::Program;
use score::{Beats, program_image};
use serde_json::json;
use tests::{Key, Page, Server, Sound, eventually};

/// One bar of four quarters.
const BAR: Beats = Beats::from_beats(4);

/// A page of a session that was just founded, and the session.
fn founded(server: &Server, name: &str) -> Result<(Page, String)> {
    let page = Page::chromium(name, Sound::Off)?;
    page.keeps_programs()?;
    let session = server.founds()?;
    page.opens(&server.page_of(&session))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    Ok((page, session))
}

/// Somebody else's page of the same session.
fn joined(server: &Server, session: &str) -> Result<Page> {
    let page = Page::chromium("other", Sound::Off)?;
    page.keeps_programs()?;
    page.opens(&server.page_of(session))?;
    page.is_live()?;
    Ok(page)
}

/// The first bar of what a page plays, as the native engine renders it.
fn sound(page: &Page) -> Result<Vec<f32>> {
    let mut program = Program::with_full_capacity();
    program_image::read_image(&mut program, &page.program()?).context("what the page plays is a program")?;
    Ok(audio_engine::render(program, Beats::ZERO..BAR, |_| ControlFlow::Continue(()))?)
}

/// The track of this name as the server holds it.
fn track(server: &Server, session: &str, name: &str) -> Result<serde_json::Value> {
    let state = server.session(session)?;
    let tracks = state["state"]["tracks"].as_array().cloned().unwrap_or_default();
    tracks.into_iter().find(|track| track["name"] == name).with_context(|| format!("no {name} in {state}"))
}

#[test]
fn a_melody_with_a_chord_is_made_by_keys() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    page.clicks("tab", "^keys$")?;
    page.sees("grid", "^notes$")?;
    page.clicks("combobox", "track of the dock")?;
    page.presses(&[Key::Character('b'), Key::Enter])?;
    page.step("bass", 2).becomes(false)?;
    // The middle of the grid: one click, one note; then its octave by the keyboard, and the note after it.
    page.clicks("grid", "^notes$")?;
    let drawn = page.sees("gridcell", "^[A-G]♯?[0-9], step 9 of 16, on")?;
    page.presses(&[Key::Right, Key::Up, Key::Enter, Key::Up, Key::Up, Key::Enter])?;
    page.sees("gridcell", "^[A-G]♯?[0-9], step 10 of 16, on, velocity 70 percent")?;
    let other = joined(&server, &session)?;
    other.step("bass", 9).becomes(true)?;
    other.step("bass", 10).becomes(true)?;
    other.sees("gridcell", "^bass, step 10 of 16, on.*(chord|notes)")?;
    // What was drawn is erased where it stands.
    page.clicks("button", "^undo$")?;
    other.sees_no("gridcell", "^bass, step 10 of 16, on.*(chord|notes)")?;
    ensure!(drawn.contains("step 9"));
    Ok(())
}

#[test]
fn a_knob_reaches_the_others_and_what_they_hear() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    let other = joined(&server, &session)?;
    other.clicks("button", "^play$")?;
    let dry = sound(&other)?;
    page.clicks("tab", "^effects$")?;
    page.writes("spinbutton", "^reverb wet$", "40")?;
    eventually("the reverb on the server", || {
        Ok((track(&server, &session, "kick")?["effects"]["reverb.wet"].as_f64() == Some(0.4)).then_some(()))
    })?;
    other.clicks("tab", "^effects$")?;
    let shows =
        "const [knob] = seen('spinbutton', '^reverb wet$'); return knob?.ariaValueText === '40 %' || null";
    other.awaits("the knob at 40 %", shows, &[])?;
    eventually("another sound", || Ok((sound(&other)? != dry).then_some(())))?;
    // My ears are mine: the same knob, turned for one player alone.
    page.clicks("radio", "my ears")?;
    page.writes("spinbutton", "^reverb wet$", "90")?;
    page.clicks("radio", "shared mix")?;
    page.awaits("the shared value", shows, &[])?;
    ensure!(
        track(&server, &session, "kick")?["effects"]["reverb.wet"].as_f64() == Some(0.4),
        "it stays as it is shared"
    );
    Ok(())
}

#[test]
fn a_fader_and_an_instrument_are_set_from_the_dock() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    page.clicks("tab", "^mixer$")?;
    page.sees("group", "^master$")?;
    page.writes("spinbutton", "^level$", "35 %")?;
    eventually("the level on the server", || {
        let volume = track(&server, &session, "kick")?["volume"].as_f64();
        Ok(volume.is_some_and(|volume| (volume - 0.35).abs() < 1e-6).then_some(()))
    })?;
    page.clicks("tab", "^sound$")?;
    page.clicks("button", "^808 kick$")?;
    page.writes("spinbutton", "^tune$", "-5")?;
    eventually("the sound on the server", || {
        let kick = track(&server, &session, "kick")?;
        let is_set =
            kick["instrument"] == "sampled:808-kick" && kick["params"]["tune"].as_f64() == Some(-5.0);
        Ok(is_set.then_some(()))
    })
}

#[test]
fn patterns_are_text_both_ways_and_a_mistake_is_underlined() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    let other = joined(&server, &session)?;
    page.clicks("tab", "^text$")?;
    ensure!(page.reads("textbox", "^pattern of kick$")? == "X...x...X..ox...");
    page.writes("textbox", "^pattern of kick$", "xX..")?;
    other.sees("gridcell", "^kick, step 2 of 4, on, velocity 100 percent")?;
    page.sees("gridcell", "^kick, step 2 of 4, on, velocity 100 percent")?;
    other.step("kick", 4).clicks()?;
    let becomes =
        "const [line] = seen('textbox', '^pattern of kick$'); return line?.value === given[0] || null";
    page.awaits("the other's step in the text", becomes, &[json!("xX.x")])?;
    page.writes("textbox", "^pattern of kick$", "x.Q.")?;
    page.sees("status", "`Q` is not a step")?;
    let marked = "return document.querySelector('.line-marks u')?.textContent || null";
    ensure!(page.awaits("an underlined mistake", marked, &[])? == json!("Q"));
    // What was typed before the mistake is what plays.
    other.sees("gridcell", "^kick, step 1 of 2, on")?;
    Ok(())
}

#[test]
fn a_version_is_heard_and_restored_and_one_players_acts_are_taken_back() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    let other = joined(&server, &session)?;
    page.clicks("button", "^play$")?;
    let good = sound(&page)?;
    page.clicks("tab", "^history$")?;
    page.writes("textbox", "name of the version", "Good")?;
    page.sees("button", "^restore good$")?;
    other.step("kick", 2).clicks()?;
    other.step("kick", 3).clicks()?;
    page.step("kick", 3).becomes(true)?;
    eventually("another sound", || Ok((sound(&page)? != good).then_some(())))?;
    page.clicks("button", "^hear good$")?;
    eventually("the past in the engine", || Ok((sound(&page)? == good).then_some(())))?;
    page.step("kick", 3).is_on()?.then_some(()).context("what is heard is not shown")?;
    page.clicks("button", "^hear good$")?;
    eventually("the session in the engine again", || Ok((sound(&page)? != good).then_some(())))?;
    page.clicks("button", "^restore good$")?;
    other.step("kick", 3).becomes(false)?;
    page.clicks("button", "^undo$")?;
    other.step("kick", 3).becomes(true)?;
    other.step("kick", 4).clicks()?;
    page.step("kick", 4).becomes(true)?;
    page.sees("listitem", "^steps of kick")?;
    page.clicks("button", "^take back from here$")?;
    other.step("kick", 4).becomes(false)
}

#[test]
fn the_masters_effects_may_be_mine_alone() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    page.clicks("tab", "^effects$")?;
    page.chooses("combobox", "track of the dock", "master")?;
    page.clicks("radio", "my ears")?;
    page.writes("spinbutton", "^delay wet$", "30")?;
    let shows =
        "const [knob] = seen('spinbutton', '^delay wet$'); return knob?.ariaValueText === given[0] || null";
    page.awaits("my own", shows, &[json!("30 %")])?;
    page.clicks("radio", "shared mix")?;
    page.awaits("everybody's", shows, &[json!("0 %")])?;
    page.clicks("radio", "my ears")?;
    page.clicks("button", "^hear it as shared$")?;
    page.awaits("mine no longer", shows, &[json!("0 %")])?;
    let master = &server.session(&session)?["state"]["master"];
    ensure!(!master.to_string().contains("delay.wet"), "nobody is told: {master}");
    Ok(())
}

#[test]
fn a_track_is_gated_choked_and_coloured_from_its_menu() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = founded(&server, "player")?;
    page.clicks("button", "^more for kick$")?;
    page.clicks("switch", "^cut one-shots")?;
    page.writes("spinbutton", "^choke group$", "3")?;
    page.clicks("button", "^teal$")?;
    eventually("gate, choke and colour on the server", || {
        let kick = track(&server, &session, "kick")?;
        let is_all = kick["gate"] == json!(true) && kick["choke"] == json!(3) && kick["colour"] == "teal";
        Ok(is_all.then_some(()))
    })?;
    let has_tint = "const [row] = seen('row', '^kick'); return row?.parentElement.getAttribute('style') === given[0] || null";
    page.awaits("a teal row", has_tint, &[json!("--tint:var(--fx)")])?;
    page.clicks("button", "^teal$")?;
    page.awaits("the drums' own", has_tint, &[json!("--tint:var(--drums)")]).map(drop)
}

#[test]
fn how_late_a_machine_is_heard_is_told_and_trimmed_and_the_trim_stays() -> Result<()> {
    let server = Server::starts()?;
    let (page, _) = founded(&server, "player")?;
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    page.clicks("button", "^live [0-9]+$")?;
    page.awaits(
        "what the device says",
        "return /heard [0-9.]+ ms after/.test(document.body.textContent)",
        &[],
    )?;
    page.writes("spinbutton", "^trim of this machine's sound$", "12.5")?;
    page.reloads()?;
    page.is_live()?;
    page.clicks("button", "^live [0-9]+$")?;
    ensure!(page.reads("spinbutton", "^trim of this machine's sound$")? == "12.5");
    Ok(())
}
