//! The grid of a page, by mouse and by keys: what is selected, drawn, repeated and locked arrives with everybody, and is taken
//! back as one act.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::{Key, Page, Player, Point, Server, Sound, eventually};

/// A page of a session that was just founded, with the session's id.
fn page(server: &Server, name: &str) -> Result<(Page, String)> {
    let page = Page::chromium(name, Sound::Off)?;
    let session = server.founds()?;
    page.opens(&server.page_of(&session))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    Ok((page, session))
}

/// The names of a track's steps, without the track's name and the number.
fn row(page: &Page, track: &str) -> Result<Vec<String>> {
    let names = page.names("gridcell", &format!("^{track}, step"))?;
    Ok(names.iter().filter_map(|name| Some(name.split_once(" of ")?.1.to_owned())).collect())
}

/// Waits until a track's steps are so.
fn shows_row(page: &Page, track: &str, steps: &[String]) -> Result<()> {
    let script =
        "const now = seen('gridcell', `^${given[0]}, step`).map(nameOf).map(name => name.split(' of ')[1]);
        return now.length === given[1].length && now.every((name, at) => name === given[1][at])";
    page.awaits(&format!("{track} as expected"), script, &[json!(track), json!(steps)]).map(drop)
}

/// Waits until so many steps are selected.
fn selects(page: &Page, steps: usize) -> Result<()> {
    let script =
        "return document.querySelectorAll('[role=gridcell][aria-selected=true]').length === given[0]";
    page.awaits(&format!("{steps} selected steps"), script, &[json!(steps)]).map(drop)
}

/// A track as the server holds it.
fn track_at(server: &Server, session: &str, name: &str) -> Result<Value> {
    let state = server.session(session)?["state"].take();
    let tracks = state["tracks"].as_array().context("a session has tracks")?;
    tracks.iter().find(|track| track["name"] == name).cloned().context("the track is there")
}

#[test]
fn a_selection_is_copied_to_another_track_moved_and_taken_back_act_by_act() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = page(&server, "selecting")?;
    let other = Page::chromium("watching", Sound::Off)?;
    other.opens(&server.page_of(&session))?;
    let (kick, clap) = (row(&page, "kick")?, row(&page, "clap")?);
    // The first five steps of the kick, put on the clap.
    page.presses(&[Key::Character('g'), Key::Shift(&Key::Right), Key::Shift(&Key::Right)])?;
    page.presses(&[Key::Shift(&Key::Right), Key::Shift(&Key::Right)])?;
    selects(&page, 5)?;
    page.presses(&[
        Key::Control('c'),
        Key::Down,
        Key::Left,
        Key::Left,
        Key::Left,
        Key::Left,
        Key::Control('v'),
    ])?;
    let pasted: Vec<String> = kick[..5].iter().chain(&clap[5..]).cloned().collect();
    shows_row(&page, "clap", &pasted)?;
    shows_row(&other, "clap", &pasted)?;
    // What was pasted is selected, and moves as one.
    selects(&page, 5)?;
    page.presses(&[Key::Alt(&Key::Right)])?;
    let mut moved = pasted.clone();
    moved[1..6].clone_from_slice(&pasted[..5]);
    "16, off".clone_into(&mut moved[0]);
    shows_row(&other, "clap", &moved)?;
    page.presses(&[Key::Delete])?;
    page.step("clap", 2).becomes(false)?;
    // Each of the three was one act.
    for steps in [&moved, &pasted, &clap] {
        page.presses(&[Key::Control('z')])?;
        shows_row(&page, "clap", steps)?;
        shows_row(&other, "clap", steps)?;
    }
    shows_row(&other, "kick", &kick)
}

#[test]
fn steps_are_selected_by_the_mouse_and_change_together() -> Result<()> {
    let server = Server::starts()?;
    let (page, _) = page(&server, "mouse")?;
    let hat = row(&page, "hat")?;
    page.clicks_holding(Key::Control(' '), "gridcell", "^hat, step 1 of")?;
    page.clicks_holding(Key::Control(' '), "gridcell", "^hat, step 3 of")?;
    selects(&page, 2)?;
    page.clicks_holding(Key::Control(' '), "gridcell", "^hat, step 3 of")?;
    selects(&page, 1)?;
    page.clicks_holding(Key::Shift(&Key::Tab), "gridcell", "^hat, step 9 of")?;
    // With Alt a drag selects a rectangle, over several tracks too.
    let from = page.point("gridcell", "^clap, step 2 of", 0.5, 0.5)?;
    let to = page.point("gridcell", "^hat, step 8 of", 0.5, 0.5)?;
    page.draws(&[from, to], Some(Key::Alt(&Key::Tab)))?;
    selects(&page, 14)?;
    ensure!(row(&page, "hat")? == hat, "selecting has changed a step");
    // A velocity for all of them that play, and one undo.
    page.presses(&[Key::Character('3')])?;
    page.sees("gridcell", "^hat, step 3 of 16, on, velocity 30")?;
    page.sees("gridcell", "^clap, step 5 of 16, on, velocity 30")?;
    page.presses(&[Key::Control('z')])?;
    shows_row(&page, "hat", &hat)?;
    page.presses(&[Key::Escape])?;
    selects(&page, 0)
}

#[test]
fn a_quick_hand_paints_every_step_that_it_crosses() -> Result<()> {
    let server = Server::starts()?;
    let (page, _) = page(&server, "quick")?;
    // Twelve movements over fifteen steps: some are not told of.
    let at = |step: u16| page.point("gridcell", &format!("^clap, step {step} of"), 0.5, 0.5);
    page.draws(&[at(1)?, at(16)?], None)?;
    page.sees_no("gridcell", "^clap, step [0-9]+ of 16, off")?;
    page.presses(&[Key::Control('z')])?;
    page.step("clap", 1).becomes(false)
}

#[test]
fn a_lane_is_drawn_by_one_movement_and_by_keys() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = page(&server, "lanes")?;
    let hat = row(&page, "hat")?;
    page.clicks("button", "^lane of hat")?;
    let bar =
        |number: u16, height: f64| page.point("gridcell", &format!("^hat, .*, step {number}$"), 0.5, height);
    page.draws(&[bar(1, 0.5)?, bar(16, 0.5)?], None)?;
    page.sees("gridcell", "^hat, step 15 of 16, on, velocity 5[0-9] percent")?;
    let drawn = row(&page, "hat")?;
    let plays = |steps: &[String]| steps.iter().map(|step| step.contains(", on")).collect::<Vec<_>>();
    ensure!(plays(&drawn) == plays(&hat), "drawing has switched steps");
    page.presses(&[Key::Control('z')])?;
    shows_row(&page, "hat", &hat)?;
    // Any parameter, by keys alone.
    page.chooses("combobox", "^lane of hat", "filter.cutoff")?;
    page.sees("gridcell", "^hat, cutoff 1000 Hz, step 1$")?;
    page.looks("seen('gridcell', '^hat, cutoff .*, step 1$')[0].focus()", &[])?;
    page.presses(&[Key::Up, Key::Right, Key::Right, Key::Down])?;
    page.sees("gridcell", "^hat, step 1 of 16, on, .*1 lock")?;
    eventually("the locks on the server", || {
        let steps = &track_at(&server, &session, "hat")?["steps"];
        let cutoff = |step: usize| steps[step]["locks"]["filter.cutoff"].as_f64();
        Ok((cutoff(0) == Some(1_001.0) && cutoff(2) == Some(999.0)).then_some(()))
    })
}

#[test]
fn a_stretch_repeats_for_everyone_and_no_longer() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = page(&server, "looping")?;
    let looped = |expected: Value| {
        eventually("the loop on the server", || {
            Ok((server.session(&session)?["state"]["loop"] == expected).then_some(()))
        })
    };
    // A drag over the second and third beat of the ruler.
    let beats = page.looks("return [...document.querySelectorAll('.beat')].map(beat => beat.getBoundingClientRect()).map(({x, y}) => [x, y])", &[])?;
    let beat = |number: usize| Point {
        x: beats[number][0].as_f64().unwrap_or_default() + 10.0,
        y: beats[number][1].as_f64().unwrap_or_default() + 8.0,
    };
    page.draws(&[beat(1), beat(2)], None)?;
    looped(json!([4, 11]))?;
    ensure!(page.reads("spinbutton", "^first step of the loop")? == "5");
    page.writes("spinbutton", "^last step of the loop", "16")?;
    looped(json!([4, 15]))?;
    page.clicks("button", "^loop$")?;
    looped(Value::Null)?;
    // The bar of the cursor, by a key; the same key again plays on.
    page.presses(&[Key::Character('g'), Key::Character('o')])?;
    looped(json!([0, 15]))?;
    page.presses(&[Key::Character('o')])?;
    looped(Value::Null)
}

#[test]
fn patterns_are_turned_filled_and_carried_to_other_tracks() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = page(&server, "patterns")?;
    let clap = row(&page, "clap")?;
    page.clicks("button", "^more for clap")?;
    page.clicks("button", "rotate →")?;
    let mut turned = clap.clone();
    turned.rotate_right(1);
    shows_row(&page, "clap", &turned)?;
    page.clicks("button", "^copy pattern")?;
    page.presses(&[Key::Escape])?;
    page.clicks("button", "^more for hat")?;
    page.clicks("button", "^paste pattern")?;
    shows_row(&page, "hat", &turned)?;
    // Five hits over sixteen steps, two steps later.
    page.writes("spinbutton", "^euclidean hits", "5")?;
    page.writes("spinbutton", "^euclidean rotation", "2")?;
    let spread: Vec<bool> = (0..16).map(|step| [2, 5, 8, 11, 14].contains(&step)).collect();
    eventually("the rhythm on the server", || {
        let steps = track_at(&server, &session, "hat")?["steps"].take();
        Ok(((0..16).all(|step| (steps[step]["on"] == true) == spread[step])).then_some(()))
    })?;
    page.clicks("button", "^clear$")?;
    page.sees_no("gridcell", "^hat, step [0-9]+ of 16, on")?;
    page.presses(&[Key::Escape])?;
    // A usual length, and any other.
    page.clicks("button", "^lengths for clap")?;
    page.clicks("button", "^64 steps")?;
    page.sees("gridcell", "^clap, step 64 of 64")?;
    page.sees("slider", "^part of the pattern that is seen")?;
    page.presses(&[Key::Escape])?;
    page.writes("spinbutton", "^steps of clap", "7")?;
    page.sees("gridcell", "^clap, step 7 of 7")?;
    page.sees_no("slider", "^part of the pattern that is seen")
}

#[test]
fn whatever_a_step_may_carry_arrives_at_a_page_and_a_terminal() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = page(&server, "editing")?;
    let (other, player) = (Page::chromium("watching", Sound::Off)?, Player::arrives()?);
    other.opens(&server.page_of(&session))?;
    page.presses(&[Key::Character('g'), Key::Character('e')])?;
    for (lock, value) in [
        ("velocity", "35"),
        ("gate", "40"),
        ("chance", "60"),
        ("ratchet", "3"),
        ("nudge", "-20"),
        ("of every so many loops", "4"),
        ("loop in which it plays", "2"),
    ] {
        page.writes("spinbutton", &format!("^{lock}$"), value)?;
    }
    page.clicks("button", "^minor$")?;
    page.clicks("switch", "^tie to the step before")?;
    page.chooses("combobox", "^lock a parameter", "delay.wet")?;
    page.writes("spinbutton", "^delay wet$", "45")?;
    other.sees(
        "gridcell",
        "^kick, step 1 of 16, on, velocity 35 percent, tied, chance 60 percent, 3 hits, loop 2 of 4, gate 40 percent, \
         early 20 percent, chord of 3, 1 lock$",
    )?;
    player.says(&["join", &server.page_of(&session), "--once"])?;
    let line = player.says(&["show", &session, "--json"])?;
    let state: Value = serde_json::from_str(&line)?;
    let tracks = state["tracks"].as_array().context("tracks")?;
    let kick = tracks.iter().find(|track| track["name"] == "kick").context("kick")?;
    let step = &kick["steps"][0];
    ensure!(step["locks"]["delay.wet"].as_f64().is_some_and(|wet| (wet - 0.45).abs() < 1e-6), "{step}");
    ensure!(step["condition"] == "2:4" && step["nudge"] == -20 && step["gate"] == 40, "{step}");
    ensure!(step["notes"].as_array().is_some_and(|notes| notes.len() == 3), "{step}");
    Ok(())
}

#[test]
fn an_edit_of_another_player_repaints_its_step_and_no_other() -> Result<()> {
    let server = Server::starts()?;
    let (page, session) = page(&server, "painted")?;
    let other = Page::chromium("painting", Sound::Off)?;
    other.opens(&server.page_of(&session))?;
    other.step("hat", 2).becomes(false)?;
    page.looks(
        "window.repainted = [];
         const cells = records => records.map(({ target }) => target).filter(target => roleOf(target) === 'gridcell');
         const note = records => window.repainted.push(...cells(records).map(nameOf));
         new MutationObserver(note).observe(document.getElementById('grid'),
             { subtree: true, childList: true, attributeFilter: ['class', 'aria-label', 'data-pitch'] })",
        &[],
    )?;
    other.step("hat", 2).clicks()?;
    page.step("hat", 2).becomes(true)?;
    let repainted = page.looks("return [...new Set(window.repainted)]", &[])?;
    let names: Vec<&str> = repainted.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    ensure!(names.len() == 1 && names[0].starts_with("hat, step 2 of 16, on"), "{names:?}");
    Ok(())
}
