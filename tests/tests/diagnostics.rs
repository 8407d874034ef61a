//! How everything fares, opened by its keys: true figures, in a page and in the desktop's window.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{Desktop, Key, Page, Screen, Server, Sound, Theme};

/// Ctrl-Shift-D.
const OPENS: Key = Key::Shift(&Key::Control('d'));

/// What stands beside a word in the panel; nothing yet while that is not there.
const FIGURE: &str =
    "const found = [...document.querySelectorAll('#panel dt')].find(dt => dt.textContent === given[0]);
    const figure = found?.nextElementSibling.textContent;
    return figure !== undefined && new RegExp(given[1]).test(figure) && [figure]";

/// Waits until a figure reads so, and returns it.
fn figure(page: &Page, what: &str, pattern: &str) -> Result<String> {
    let found = page.awaits(&format!("{what}: {pattern}"), FIGURE, &[json!(what), json!(pattern)])?;
    Ok(found[0].as_str().context("a figure is text")?.to_owned())
}

fn opened(server: &Server) -> Result<Page> {
    let page = Page::chromium("reporter", Sound::Off)?;
    page.opens(&server.page_of(&server.founds()?))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    Ok(page)
}

#[test]
fn a_page_tells_how_clock_links_changes_and_engine_fare() -> Result<()> {
    let server = Server::starts()?;
    let page = opened(&server)?;
    page.presses(&[OPENS])?;
    page.sees("dialog", "^diagnostics$")?;
    figure(&page, "Shared time", "^none: nobody has played yet$")?;
    figure(&page, "Server", "^server, [0-9.]+ ms there and back, in step$")?;
    figure(&page, "Plays on", "^this page$")?;
    ensure!(figure(&page, "Voices", "")? == "0", "nothing sounds yet");
    // What is done shows: an act more, and nothing that waits once the server has it.
    let before: usize = figure(&page, "Acts in the session", "^[0-9]+$")?.parse()?;
    page.presses(&[OPENS])?;
    page.sees_no("dialog", ".")?;
    page.step("kick", 2).clicks()?;
    page.step("kick", 2).becomes(true)?;
    page.presses(&[OPENS])?;
    figure(&page, "Acts in the session", &format!("^{}$", before + 1))?;
    figure(&page, "Waiting to be saved", "^0$")?;
    figure(&page, "Waiting for the others", "^0$")?;
    // The engine works as soon as it is heard, and time is shared.
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    page.presses(&[OPENS])?;
    figure(&page, "Voices", "^[1-9]")?;
    figure(&page, "Load", "^[0-9]+ %$")?;
    figure(&page, "Heard after", "^[0-9.]+ ms$")?;
    figure(&page, "Shared time", "^that of .+$")?;
    figure(&page, "Sure to", "^±[0-9.]+ ms$")?;
    Ok(())
}

#[test]
fn what_was_said_is_in_the_log_and_all_of_it_can_be_copied() -> Result<()> {
    let server = Server::starts()?;
    let page = opened(&server)?;
    page.presses(&[Key::Character('g'), Key::Shift(&Key::Delete)])?;
    page.sees("status", "kick is removed")?;
    page.presses(&[OPENS])?;
    let said = "return [...document.querySelectorAll('#panel dd')].some(dd => dd.textContent.startsWith('kick is removed.'))";
    page.awaits("what was said", said, &[])?;
    let keeps = "navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }";
    page.looks(keeps, &[])?;
    page.clicks("button", "^copy all$")?;
    page.sees("status", "^copied")?;
    let copied = page.looks("return copied", &[])?;
    let copied = copied.as_str().context("what was copied is text")?;
    for part in ["Clock\n", "Links\n  Server: server, ", "\n  Tracks: 3\n", "Engine\n", ": kick is removed."]
    {
        ensure!(copied.contains(part), "`{part}` is not in\n{copied}");
    }
    Ok(())
}

#[test]
fn the_panel_has_no_barriers_and_is_among_the_keys() -> Result<()> {
    let server = Server::starts()?;
    let page = opened(&server)?;
    for screen in [Screen::Desktop, Screen::Phone] {
        page.is_on(screen)?;
        page.presses(&[OPENS])?;
        page.sees("dialog", "^diagnostics$")?;
        for theme in [Theme::Dark, Theme::Light] {
            page.prefers(theme)?;
            page.is_open_to_everyone(&format!("diagnostics, {screen:?}, {theme:?}"))?;
        }
        page.presses(&[OPENS])?;
        page.sees_no("dialog", ".")?;
    }
    page.presses(&[Key::Character('?')])?;
    page.sees("dialog", "keyboard shortcuts")?;
    let listed = "return document.querySelector('#panel').textContent.includes('Shift Ctrl D')";
    page.awaits("the keys among the others", listed, &[]).map(drop)
}

#[test]
fn the_window_tells_the_same_of_its_own_engine() -> Result<()> {
    let desktop = Desktop::arrives()?;
    let window = desktop.starts(&[], Sound::Off)?;
    window.clicks("button", "^new session$")?;
    window.sees("gridcell", "^kick, step 16 of 16")?;
    window.step("kick", 2).clicks()?;
    window.step("kick", 2).becomes(true)?;
    window.presses(&[OPENS])?;
    figure(&window, "Shared time", "^none: no other clock is known$")?;
    figure(&window, "Links", "^none")?;
    figure(&window, "Plays on", "^no device yet$")?;
    figure(&window, "Acts in the session", "^[1-9]")?;
    figure(&window, "Waiting to be saved", "^0$").map(drop)
}
