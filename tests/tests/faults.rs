//! Names that want to be more than text, and machines that lack something: the page says it in one calm line, and what is left works.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{Key, Page, Player, Server, Sound, eventually, plays};

/// Markup that would run, and controls that turn the text around them.
const HOSTILE: &str = "<img src=x onerror=document.title=1>\u{202e}\u{2066}live";

/// The same for a track, whose name is shorter.
const HOSTILE_TRACK: &str = "<s>kick</s>\u{202e}live";

/// How the first begins where it is shown.
const SHOWN: &str = "<img src=x onerror=document.title=1>";

/// Elements that a name has made, and places where a control turns what is not the name: one between the marks of an isolate turns nothing
/// else.
const INTRUDERS: &str = "const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const turned = [];
    for (let node; node = walker.nextNode();)
      if (/[\\u202a-\\u202e\\u2066-\\u2069]/.test(node.data.replace(/\\u2068[^\\u2066-\\u2069]*\\u2069/g, ''))
          && !node.parentElement.closest('bdi, [role=status]')
          && !['isolate', 'plaintext'].includes(getComputedStyle(node.parentElement).unicodeBidi)) turned.push(node.data);
    return [...document.querySelectorAll('img, s, script:not([src], #ready)')].map(element => element.outerHTML).concat(turned)";

fn is_text_alone(page: &Page, place: &str) -> Result<()> {
    let intruders = page.looks(INTRUDERS, &[])?;
    ensure!(intruders.as_array().is_some_and(Vec::is_empty), "{place}: {intruders}");
    ensure!(page.looks("return document.title === '1'", &[])? == json!(false), "{place}: a name was run");
    Ok(())
}

/// A page of a session that was just founded.
fn founded(server: &Server, page: &Page) -> Result<String> {
    let session = server.founds()?;
    page.opens(&server.page_of(&session))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    Ok(session)
}

#[test]
fn names_with_markup_and_controls_are_text_wherever_they_are_shown() -> Result<()> {
    let (server, player) = (Server::starts()?, Player::arrives()?);
    let session = player.says(&["new", HOSTILE, "--beat"])?;
    player.says(&["edit", &session, "rename", "kick", HOSTILE_TRACK])?;
    let link = player.says(&["archive", &session, "--server", server.url()])?;
    let page = Page::chromium("reader", Sound::Off)?;
    page.opens(link.lines().last().context("a link")?)?;
    page.is_live()?;
    page.sees("gridcell", "^<s>kick</s>.*, step 16 of 16")?;
    ensure!(page.reads("textbox", "^session name$")?.starts_with(SHOWN), "the session's name");
    is_text_alone(&page, "the grid")?;
    page.clicks("button", "^more for <s>kick</s>")?;
    page.sees("dialog", "^<s>kick</s>")?;
    is_text_alone(&page, "a track's panel")?;
    page.presses(&[Key::Escape])?;
    for tab in page.names("tab", ".")? {
        page.clicks("tab", &format!("^{tab}$"))?;
        page.sees("tabpanel", &format!("^{tab}"))?;
        is_text_alone(&page, &tab)?;
    }
    page.clicks("link", "^offbeat$")?;
    page.sees("link", "onerror=document.title=1")?;
    is_text_alone(&page, "the list of sessions")
}

#[test]
fn a_page_whose_engine_does_not_load_says_so_and_edits_on() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("silent", Sound::Off)?);
    page.refuses("*/assets/engine*")?;
    let session = founded(&server, &page)?;
    page.clicks("button", "^play$")?;
    page.sees("status", "^there is no sound.*press play to try again")?;
    one_line(&page)?;
    edits(&server, &session, &page)
}

#[test]
fn a_browser_without_a_sound_device_says_so_and_edits_on_in_firefox() -> Result<()> {
    let server = Server::starts()?;
    let page = Page::firefox("deaf", Sound::Off)?;
    let session = founded(&server, &page)?;
    page.clicks("button", "^play$")?;
    page.sees("status", "^there is no sound")?;
    one_line(&page)?;
    page.sees("button", "^play$")?;
    edits(&server, &session, &page)
}

/// Only one line is shown of what is wrong.
fn one_line(page: &Page) -> Result<()> {
    let lines = page.looks("return document.querySelectorAll('.toast').length", &[])?;
    ensure!(lines == json!(1), "{lines} lines");
    Ok(())
}

fn edits(server: &Server, session: &str, page: &Page) -> Result<()> {
    page.step("kick", 2).clicks()?;
    page.step("kick", 2).becomes(true)?;
    eventually("the step on the server", || {
        Ok(plays(&server.session(session)?["state"], "kick", 2).then_some(()))
    })
}
