//! What the interface looks like, against pictures that somebody has looked at (`tests/pictures`, an eighth as large). With
//! `OFFBEAT_RENEW_PICTURES=1` they are taken anew.

use anyhow::{Context, Result};
use tests::{Page, Player, Screen, Server, Sound, Theme, examples};

const SCREENS: [(Screen, &str); 4] = [
    (Screen::Desktop, "desktop"),
    (Screen::Laptop, "laptop"),
    (Screen::Tablet, "tablet"),
    (Screen::Phone, "phone"),
];
const THEMES: [(Theme, &str); 2] = [(Theme::Dark, "dark"), (Theme::Light, "light")];

/// Whoever has seen the hints of the first minute.
const NO_HINTS: &str = "localStorage.setItem('offbeat-hints', '7')";

/// A page that shows no hints.
fn page(name: &str) -> Result<Page> {
    let page = Page::chromium(name, Sound::Off)?;
    page.runs_first(NO_HINTS)?;
    page.is_on(Screen::Desktop)?;
    page.prefers(Theme::Dark)?;
    Ok(page)
}

/// Opens a session and waits until all of its interface is there.
fn opens(page: &Page, link: &str) -> Result<()> {
    page.opens(link)?;
    page.is_live()?;
    page.sees("tab", "^mixer$").map(drop)
}

/// A session whose name is the same in every run, kept by the server; its id and its link.
fn kept(server: &Server, player: &Player, session: &str) -> Result<(String, String)> {
    let session = session.lines().last().context("its id is said last")?.to_owned();
    let link = player.says(&["archive", &session, "--server", server.url()])?;
    Ok((session, link.lines().last().context("its link is said last")?.to_owned()))
}

/// On every screen, in both themes.
fn everywhere(page: &Page, state: &str) -> Result<()> {
    let mut wrong = Vec::new();
    for (screen, on) in SCREENS {
        page.is_on(screen)?;
        for (theme, called) in THEMES {
            page.prefers(theme)?;
            wrong.extend(page.looks_as_kept(&format!("{state}-{on}-{called}")).err());
        }
    }
    // All that is different is told at once.
    let wrong: Vec<String> = wrong.iter().map(|error| format!("{error:#}")).collect();
    anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn a_new_session_looks_as_it_did() -> Result<()> {
    let (server, player, page) = (Server::starts()?, Player::arrives()?, page("new")?);
    let (_, link) = kept(&server, &player, &player.says(&["new", "Fuzzy Penguin", "--beat"])?)?;
    opens(&page, &link)?;
    everywhere(&page, "new")
}

#[test]
fn a_busy_session_looks_as_it_did() -> Result<()> {
    let (server, player, page) = (Server::starts()?, Player::arrives()?, page("busy")?);
    let dense =
        examples().into_iter().find(|path| path.ends_with("dense.json")).context("the busy example")?;
    let session = player.says(&["import", dense.to_str().context("a path is text")?])?;
    let (_, link) = kept(&server, &player, &session)?;
    opens(&page, &link)?;
    page.sees("gridcell", "^kick, step 64 of 64")?;
    everywhere(&page, "busy")
}

#[test]
fn an_empty_session_an_offline_one_and_a_beat_look_as_they_did() -> Result<()> {
    let (mut server, player, page) = (Server::starts()?, Player::arrives()?, page("states")?);
    let (empty, link) = kept(&server, &player, &player.says(&["new", "Empty Room"])?)?;
    opens(&page, &link)?;
    page.sees("button", "^add a track$")?;
    page.looks_as_kept("empty-desktop-dark")?;
    player.says(&["edit", &empty, "add-track kick; pattern kick X...X...X...X..."])?;
    player.says(&["archive", &empty, "--server", server.url()])?;
    page.step("kick", 13).becomes(true)?;
    // Nobody edits a beat.
    let beat = player.says(&["publish", &empty])?;
    page.opens(beat.lines().last().context("its link is said last")?)?;
    page.step("kick", 13).becomes(true)?;
    page.sees("tab", "^mixer$")?;
    page.looks_as_kept("beat-desktop-dark")?;
    opens(&page, &link)?;
    server.dies()?;
    page.is_offline(0)?;
    page.looks_as_kept("offline-desktop-dark")
}

#[test]
fn a_session_of_five_players_looks_as_it_did() -> Result<()> {
    let (server, player, page) = (Server::starts()?, Player::arrives()?, page("five")?);
    let (_, link) = kept(&server, &player, &player.says(&["new", "Full House", "--beat"])?)?;
    opens(&page, &link)?;
    let others: Vec<Page> =
        ["Ada", "Ben"].map(|name| Page::chromium(name, Sound::Off)).into_iter().collect::<Result<_>>()?;
    for (other, step) in others.iter().zip([3, 10]) {
        opens(other, &link)?;
        other.step("clap", step).clicks()?;
        page.step("clap", step).becomes(true)?;
    }
    let guests = [Player::arrives()?, Player::arrives()?];
    let _joined = guests.iter().map(|guest| guest.joins(&link, &[])).collect::<Result<Vec<_>>>()?;
    page.sees("button", "^players: ([^,]+, ){4}[^,]+$")?;
    page.awaits("two cursors", "return document.querySelectorAll('.cursors .here').length === 2", &[])?;
    page.looks_as_kept("five-desktop-dark")
}
