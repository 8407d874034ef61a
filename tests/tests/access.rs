//! Nobody is kept out: every state of the interface is checked for barriers, and a beat is made without a pointer.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{Key, Page, Player, Screen, Server, Sound, Theme, examples};

/// All that opens something, by role and name, in the page's order.
const OPENERS: &str = r#"
return seen("button|tab", "").filter(element => !element.disabled && element.matches("[aria-haspopup], [role=tab]"))
  .map(element => [roleOf(element), nameOf(element)]);"#;

fn page_of_a_session(server: &Server) -> Result<Page> {
    let page = Page::chromium("visitor", Sound::Off)?;
    page.prefers(Theme::Dark)?;
    page.opens(&server.page_of(&server.founds()?))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    Ok(page)
}

fn in_both_themes(page: &Page, state: &str) -> Result<()> {
    for theme in [Theme::Dark, Theme::Light] {
        page.prefers(theme)?;
        page.is_open_to_everyone(&format!("{state}, {theme:?}"))?;
    }
    Ok(())
}

/// Opens everything that opens, and checks what is then seen.
fn everything_that_opens(page: &Page, screen: Screen) -> Result<usize> {
    let openers: Vec<(String, String)> = serde_json::from_value(page.looks(OPENERS, &[])?)?;
    // Each track has the same.
    let openers =
        openers.iter().filter(|(_, name)| !["clap", "hat", "bass"].iter().any(|other| name.contains(other)));
    let mut opened = 0;
    for (role, name) in openers {
        let pattern = format!("^{}$", name.replace(['(', ')', '+', '?', '.', '*'], "."));
        page.clicks(role, &pattern)?;
        if role == "button" {
            page.sees("dialog", ".")?;
        }
        in_both_themes(page, &format!("{name}, {screen:?}"))?;
        if role == "button" {
            page.presses(&[Key::Escape])?;
            page.sees_no("dialog", ".")?;
        }
        opened += 1;
    }
    Ok(opened)
}

#[test]
fn a_session_and_all_that_opens_over_it_has_no_barriers() -> Result<()> {
    let server = Server::starts()?;
    let page = page_of_a_session(&server)?;
    in_both_themes(&page, "a session")?;
    let opened = everything_that_opens(&page, Screen::Desktop)?;
    ensure!(opened >= 6, "only {opened} things open");
    Ok(())
}

#[test]
fn a_session_on_a_phone_and_all_that_opens_over_it_has_no_barriers() -> Result<()> {
    let server = Server::starts()?;
    let page = page_of_a_session(&server)?;
    page.is_on(Screen::Phone)?;
    in_both_themes(&page, "a session on a phone")?;
    let opened = everything_that_opens(&page, Screen::Phone)?;
    ensure!(opened >= 4, "only {opened} things open");
    Ok(())
}

#[test]
fn the_first_page_and_a_wrong_link_have_no_barriers() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("visitor", Sound::Off)?);
    page.opens(server.url())?;
    page.sees("heading", "my sessions")?;
    in_both_themes(&page, "the first page")?;
    page.opens(&format!("{}/s/aaaaaaaaaaaaaaaaaaaaaaaaaa", server.url()))?;
    page.sees("heading", "^nothing plays here$")?;
    in_both_themes(&page, "a wrong link")?;
    page.opens(server.url())?;
    page.clicks("button", "^new session$")?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.clicks("link|button", "^offbeat$")?;
    page.sees("link", ".")?;
    in_both_themes(&page, "the first page with a session")
}

#[test]
fn a_busy_session_and_an_empty_one_have_no_barriers() -> Result<()> {
    let (server, player) = (Server::starts()?, Player::arrives()?);
    let dense = examples().into_iter().find(|path| path.ends_with("dense.json")).context("an example")?;
    let session = player.says(&["import", dense.to_str().context("a path is text")?])?;
    let session = session.lines().last().context("an import says the session's id")?.to_owned();
    let link = player.says(&["archive", &session, "--server", server.url()])?;
    let page = Page::chromium("visitor", Sound::Off)?;
    page.opens(&link)?;
    page.sees("gridcell", "^kick, step 64 of 64")?;
    page.is_live()?;
    in_both_themes(&page, "a busy session")?;
    for screen in [Screen::Laptop, Screen::Phone] {
        page.is_on(screen)?;
        page.is_open_to_everyone(&format!("a busy session, {screen:?}"))?;
    }
    let shown: Value = player.shown(&session)?;
    let tracks = shown["tracks"].as_array().context("a session has tracks")?;
    let removals: Vec<String> =
        tracks.iter().filter_map(|track| Some(format!("remove-track {}", track["id"].as_str()?))).collect();
    player.says(&["edit", &session, &removals.join("; ")])?;
    player.says(&["archive", &session, "--server", server.url()])?;
    page.sees_no("gridcell", ".")?;
    page.is_open_to_everyone("an empty session")
}

/// Which element has the focus, in a reader's words.
const FOCUS: &str = "return `${roleOf(document.activeElement)} ${nameOf(document.activeElement)}`";

#[test]
fn a_beat_is_made_and_heard_by_keyboard_alone() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("typist", Sound::Off)?);
    page.opens(server.url())?;
    page.sees("button", "^new session$")?;
    reaches(&page, "button New session")?;
    page.presses(&[Key::Enter])?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    // Another track.
    page.presses(&[Key::Character('a')])?;
    page.sees("dialog", "^add a track$")?;
    page.presses(&"snare".chars().map(Key::Character).collect::<Vec<_>>())?;
    reaches(&page, "button Snare")?;
    page.presses(&[Key::Enter])?;
    page.sees("gridcell", "^snare, step 1 of 16, off")?;
    // Its steps: the grid's cursor goes down to it.
    page.presses(&[Key::Escape, Key::Character('g')])?;
    page.presses(&[Key::Down; 4])?;
    for _ in 0..2 {
        page.presses(&[Key::Right; 4])?;
        page.presses(&[Key::Enter])?;
        page.presses(&[Key::Right; 4])?;
    }
    page.step("snare", 5).becomes(true)?;
    page.step("snare", 13).becomes(true)?;
    page.presses(&[Key::Character('4'), Key::Character('+')])?;
    page.sees("gridcell", "^snare, step (13|16) of 16, ")?;
    page.presses(&[Key::Escape])?;
    // And it is heard.
    reaches(&page, "button Play")?;
    page.presses(&[Key::Enter])?;
    page.plays_on()
}

/// Goes from one thing to the next until this one has the focus.
fn reaches(page: &Page, wanted: &str) -> Result<()> {
    let mut seen = Vec::new();
    for _ in 0..80 {
        let focus = page.looks(FOCUS, &[])?;
        let focus = focus.as_str().context("a name is text")?.to_owned();
        if focus.eq_ignore_ascii_case(wanted) {
            return Ok(());
        }
        seen.push(focus);
        page.presses(&[Key::Tab])?;
    }
    anyhow::bail!("Tab never leads to {wanted}, but to {seen:#?}")
}
