//! Two players at two pages: each sees where the other is, what the other has selected, who comes, goes and is followed; sessions are found
//! again by their pictures and taken elsewhere as files.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::{Key, Page, Player, Point, Server, Sound};

/// Finds the tag with a player's name over the grid.
const TAG: &str =
    "const tag = [...document.querySelectorAll('.cursors .tag')].find(tag => tag.textContent === given[0]);";

/// A page of a session whose player has taken a name.
fn player(server: &Server, session: &str, name: &str) -> Result<Page> {
    let page = Page::chromium(name, Sound::Off)?;
    page.opens(&server.page_of(session))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    page.clicks("button", "^players:")?;
    page.writes("textbox", "^your name$", name)?;
    page.presses(&[Key::Escape])?;
    Ok(page)
}

/// Waits until a player's cursor stands on a step.
fn sees_at(page: &Page, name: &str, cell: &str) -> Result<()> {
    let script = format!(
        "{TAG} if (!tag) return null;
        const [cell] = seen('gridcell', given[1]);
        const [here, there] = [tag.parentElement, cell].map(element => element.getBoundingClientRect());
        return Math.abs(here.x - there.x) < 2 && Math.abs(here.y - there.y) < 2 && Math.abs(here.width - there.width) < 2"
    );
    page.awaits(&format!("{name} at {cell}"), &script, &[json!(name), json!(cell)]).map(drop)
}

#[test]
fn each_sees_where_the_other_is_and_what_is_selected() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    let (ada, ben) = (player(&server, &session, "Ada")?, player(&server, &session, "Ben")?);
    ada.step("clap", 6).clicks()?;
    sees_at(&ben, "Ada", "^clap, step 6 of")?;
    // By keys as well, and with a rectangle of four steps on two tracks.
    let shift = [Key::Shift(&Key::Right), Key::Shift(&Key::Right), Key::Shift(&Key::Right)];
    ada.presses(&[Key::Down])?;
    sees_at(&ben, "Ada", "^hat, step 6 of")?;
    ada.presses(&shift)?;
    let selected = "const [from] = seen('gridcell', '^hat, step 6 of'); const [to] = seen('gridcell', '^hat, step 9 of');
        const [frame] = document.querySelectorAll('.cursors .selected'); if (!frame) return null;
        const [box, first, last] = [frame, from, to].map(element => element.getBoundingClientRect());
        return Math.abs(box.left - first.left) < 2 && Math.abs(box.right - last.right) < 2";
    ben.awaits("what Ada has selected", selected, &[])?;
    // Nobody sees a cursor of their own, and both have faces with names.
    let own =
        ada.looks("return [...document.querySelectorAll('.cursors .tag')].map(tag => tag.textContent)", &[])?;
    ensure!(!own.to_string().contains("Ada"), "{own}");
    ada.sees("button", "^players: Ada \\(you\\), Ben$")?;
    Ok(())
}

#[test]
fn what_another_plays_lights_up_in_their_colour_and_a_name_with_markup_is_text() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    let hostile = "<b>Eve</b>\u{202e}evil";
    let (eve, ben) = (player(&server, &session, hostile)?, player(&server, &session, "Ben")?);
    ben.looks("window.flashes = []; new MutationObserver(all => all.forEach(one => one.target.dataset.flash && flashes.push(one.target.ariaLabel ?? one.target.getAttribute('aria-label')))).observe(document.querySelector('[role=grid]'), { subtree: true, attributeFilter: ['data-flash'] })", &[])?;
    eve.step("kick", 2).clicks()?;
    ben.awaits("a flash of the step", "return flashes.some(name => name.startsWith('kick, step 2 '))", &[])?;
    // The control that turns text around is gone; the rest is text.
    sees_at(&ben, "<b>Eve</b>evil", "^kick, step 2 of")?;
    ensure!(ben.looks("return document.querySelectorAll('.cursors b').length", &[])? == json!(0));
    Ok(())
}

#[test]
fn who_comes_and_goes_is_announced_without_taking_the_focus() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    let ada = player(&server, &session, "Ada")?;
    ada.step("kick", 3).clicks()?;
    let focus = ada.looks("return document.activeElement.id", &[])?;
    let said =
        "const text = document.querySelector('[role=status]').textContent.replace(/[\\u2068\\u2069]/g, '');
        return new RegExp(given[0]).test(text)";
    // Who comes later than with the page is announced.
    ada.awaits(
        "three seconds",
        "window.since ??= performance.now(); return performance.now() - since > 3000",
        &[],
    )?;
    let ben = player(&server, &session, "Ben")?;
    ada.awaits("who joined", said, &[json!("joined$")])?;
    ada.sees("button", "^players: Ada \\(you\\), Ben$")?;
    ben.step("clap", 2).clicks()?;
    drop(ben);
    ada.awaits("that Ben left", said, &[json!("^Ben left")])?;
    ensure!(ada.looks("return document.activeElement.id", &[])? == focus, "the focus has moved");
    ada.awaits("no cursor of Ben's", "return document.querySelectorAll('.cursors .here').length === 0", &[])?;
    Ok(())
}

#[test]
fn a_followed_player_stays_in_view_until_one_goes_elsewhere() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    let (ada, ben) = (player(&server, &session, "Ada")?, player(&server, &session, "Ben")?);
    // A pattern longer than the window is wide.
    ada.writes("spinbutton", "^steps of kick", "96")?;
    ben.sees("gridcell", "^kick, step 96 of 96")?;
    ben.clicks("button", "^players:")?;
    ben.clicks("button", "^follow Ada$")?;
    ben.presses(&[Key::Escape])?;
    ben.sees("button", "^stop following$")?;
    ada.step("kick", 90).clicks()?;
    let visible = "const [cell] = seen('gridcell', given[0]); const box = cell.getBoundingClientRect();
        return box.left > 0 && box.right <= innerWidth";
    ben.awaits("the step in view", visible, &[json!("^kick, step 90 of")])?;
    ben.step("clap", 1).clicks()?;
    ben.sees_no("button", "^stop following$")?;
    Ok(())
}

#[test]
fn sessions_are_listed_with_their_pictures_and_come_back_when_they_were_taken_off() -> Result<()> {
    let server = Server::starts()?;
    let page = Page::chromium("home", Sound::Off)?;
    page.opens(server.url())?;
    page.clicks("button", "^new session$")?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    page.writes("textbox", "^session name$", "Rainy Tuesday")?;
    page.step("kick", 3).clicks()?;
    page.step("kick", 3).becomes(true)?;
    page.clicks("link", "^offbeat$")?;
    page.sees("link", "^Rainy Tuesday$")?;
    let rows = page.looks("return document.querySelectorAll('.card .thumb path').length", &[])?;
    ensure!(rows == json!(4), "{rows} rows");
    let kick = page.looks("return document.querySelector('.card .thumb path').getAttribute('d')", &[])?;
    ensure!(kick.as_str().is_some_and(|path| path.contains("M2 0.5h1")), "{kick}");
    page.clicks("button", "^take .*Rainy Tuesday.* off the list$")?;
    page.sees_no("link", "^Rainy Tuesday$")?;
    page.clicks("button", "^undo$")?;
    page.sees("link", "^Rainy Tuesday$")?;
    Ok(())
}

#[test]
fn a_page_writes_the_files_that_the_command_line_writes() -> Result<()> {
    let (server, terminal) = (Server::starts()?, Player::arrives()?);
    let session = server.founds()?;
    terminal.says(&["join", &server.page_of(&session), "--once"])?;
    for (name, format) in [("WAV", "wav"), ("MIDI", "midi"), ("JSON", "json"), ("Text", "text")] {
        let page = Page::chromium("exporter", Sound::Off)?;
        // What a download holds, without a folder for downloads.
        page.runs_first("window.made = []; const create = URL.createObjectURL; URL.createObjectURL = blob => { made.push(blob); return create(blob); };")?;
        page.opens(&server.page_of(&session))?;
        page.sees("gridcell", "^kick, step 16 of 16")?;
        page.is_live()?;
        page.clicks("button", "^more$")?;
        page.clicks("button", "^export$")?;
        page.clicks("button", &format!("^{name} "))?;
        page.awaits(&format!("a {name} file"), "return made.length > 0", &[])?;
        let script = "const [done] = arguments;
            const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(made[0])";
        let theirs = page.asynchronously(script, &[])?;
        let theirs = theirs.as_str().and_then(|url| url.split(',').nth(1)).context("a file is a data URL")?;
        let out = terminal.home().join(format!("out-{format}"));
        let out = out.to_str().context("a path is text")?;
        if format == "wav" {
            terminal.says(&["render", &session, "--loop", "--format", "wav32f", "--out", out])?;
        } else {
            terminal.says(&["export", &session, "--format", format, "--out", out])?;
        }
        let ours = data_encoding::BASE64.encode(&std::fs::read(out)?);
        ensure!(ours == theirs, "{name}: the page's file is another");
    }
    Ok(())
}

#[test]
fn three_hints_end_by_what_they_say_and_stay_away() -> Result<()> {
    let server = Server::starts()?;
    let page = Page::chromium("newcomer", Sound::Off)?;
    page.opens(server.url())?;
    page.clicks("button", "^new session$")?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    let hint = "const hint = document.querySelector('.hint-line'); return given[0] ? hint?.textContent.includes(given[0]) : !hint";
    page.awaits("the first hint", hint, &[json!("Press Space")])?;
    page.clicks("button", "^play$")?;
    page.awaits("the second hint", hint, &[json!("Click a step")])?;
    page.step("kick", 2).clicks()?;
    page.awaits("the third hint", hint, &[json!("Invite")])?;
    page.clicks("button", "^dismiss the hint$")?;
    page.awaits("no hint", hint, &[Value::Null])?;
    page.reloads()?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    page.awaits("no hint", hint, &[Value::Null])?;
    Ok(())
}

#[test]
fn whoever_goes_elsewhere_takes_everybody_along() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    let (ada, ben) = (player(&server, &session, "Ada")?, player(&server, &session, "Ben")?);
    let both_are_at = |place: &str| -> Result<()> {
        let is_at = "return seen('timer', 'position')[0]?.textContent === given[0]";
        for page in [&ada, &ben] {
            page.awaits(&format!("the music at {place}"), is_at, &[json!(place)])?;
        }
        Ok(())
    };
    // A beat that the bar does not have leads nowhere.
    ada.presses(&[Key::Character('b')])?;
    ada.writes("textbox", "^bar, beat, step$", "9.5")?;
    ada.writes("textbox", "^bar, beat, step$", "9.2")?;
    both_are_at("9.2.1")?;
    ben.presses(&[Key::Character('>')])?;
    both_are_at("10.1.1")?;
    ada.step("kick", 7).clicks()?;
    ada.presses(&[Key::Character('p')])?;
    both_are_at("1.2.3")?;
    let places = "return [...document.querySelectorAll('.beat')].map(beat => beat.getBoundingClientRect()).map(({x, y}) => [x, y])";
    let beats = ben.looks(places, &[])?;
    let of = |axis: usize| beats[2][axis].as_f64().context("a beat on the ruler");
    ben.draws(&[Point { x: of(0)? + 10.0, y: of(1)? + 8.0 }], None)?;
    both_are_at("1.3.1")?;
    ensure!(server.session(&session)?["state"]["loop"] == Value::Null, "a click is no loop");
    Ok(())
}
