//! A server, two pages, the desktop app and a terminal in one session: each sees what the others do, none loses anything.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{Desktop, Page, Player, Running, Server, Sound, eventually, plays};

/// Everyone in one session, which a server keeps.
struct Everyone {
    ada: Page,
    ben: Page,
    window: Page,
    /// Open for as long as the terminal is joined.
    _joined: Running,
    terminal: Player,
    desktop: Desktop,
    session: String,
    server: Server,
}

impl Everyone {
    /// Who founds the session does it in a page; the others follow its link.
    fn meets() -> Result<Self> {
        let server = Server::starts()?;
        let ada = Page::chromium("ada", Sound::Off)?;
        ada.opens(server.url())?;
        ada.clicks("button", "^new session$")?;
        ada.sees("gridcell", "^kick, step 16 of 16")?;
        let link = ada.link_with("/s/")?;
        let session = link.rsplit('/').next().context("a link ends with the session's id")?.to_owned();
        let ben = Page::chromium("ben", Sound::Off)?;
        ben.opens(&link)?;
        let desktop = Desktop::arrives()?;
        let window = desktop.starts(&[&link], Sound::Off)?;
        let terminal = Player::arrives()?;
        let joined = terminal.joins(&link, &[])?;
        for page in [&ada, &ben, &window] {
            page.sees("gridcell", "^kick, step 16 of 16")?;
            page.is_live()?;
        }
        let everyone = Self { ada, ben, window, _joined: joined, terminal, desktop, session, server };
        everyone.terminal_plays("kick", 1)?;
        Ok(everyone)
    }

    fn pages(&self) -> [&Page; 3] {
        [&self.ada, &self.ben, &self.window]
    }

    fn types(&self, edit: &str) -> Result<()> {
        self.terminal.says(&["edit", &self.session, edit]).map(drop)
    }

    fn terminal_plays(&self, track: &str, step: usize) -> Result<()> {
        eventually("the step in the terminal", || {
            let outcome = self.terminal.tries(&["show", &self.session, "--json"])?;
            let shown: Value = serde_json::from_str(&outcome.out).unwrap_or_default();
            Ok(plays(&shown, track, step).then_some(()))
        })
    }

    fn server_plays(&self, track: &str, step: usize) -> Result<()> {
        eventually("the step on the server", || {
            let session = self.server.session(&self.session)?;
            Ok(plays(&session["state"], track, step).then_some(()))
        })
    }

    /// Waits until all hold these steps, and then the same session.
    fn agree_on(&self, steps: &[(&str, u16)]) -> Result<()> {
        for (track, step) in steps {
            for page in self.pages() {
                page.step(track, *step).becomes(true)?;
            }
            self.terminal_plays(track, (*step).into())?;
            self.server_plays(track, (*step).into())?;
        }
        let grid = self.ada.steps()?;
        self.ben.shows_steps(&grid)?;
        self.window.shows_steps(&grid)?;
        eventually("the same session in the terminal and on the server", || {
            let typed: Value = serde_json::from_str(&self.terminal.json(&self.session)?)?;
            Ok((typed["tracks"] == self.server.session(&self.session)?["state"]["tracks"]).then_some(()))
        })
    }
}

#[test]
fn a_click_in_each_shows_in_all_others() -> Result<()> {
    let everyone = Everyone::meets()?;
    everyone.ada.step("kick", 2).clicks()?;
    everyone.agree_on(&[("kick", 2)])?;
    everyone.ben.step("clap", 3).clicks()?;
    everyone.agree_on(&[("clap", 3)])?;
    everyone.window.step("hat", 2).clicks()?;
    everyone.agree_on(&[("hat", 2)])?;
    everyone.types("step bass 3 on")?;
    everyone.agree_on(&[("kick", 2), ("clap", 3), ("hat", 2), ("bass", 3)])
}

#[test]
fn play_in_one_is_play_for_all_and_a_stop_stops_all() -> Result<()> {
    let everyone = Everyone::meets()?;
    everyone.ada.clicks("button", "^play$")?;
    everyone.ada.plays_on()?;
    // The others see that it plays, and hear it once they ask to.
    for page in [&everyone.ben, &everyone.window] {
        page.sees("button", "^join the music$")?;
        page.clicks("button", "^join the music$")?;
        page.sees("button", "^stop$")?;
        page.plays_on()?;
    }
    everyone.ben.clicks("button", "^pause$")?;
    for page in everyone.pages() {
        page.sees("button", "^back to the start$")?;
    }
    everyone.window.clicks("button", "^play$")?;
    for page in everyone.pages() {
        page.sees("button", "^stop$")?;
        page.plays_on()?;
    }
    everyone.ben.clicks("button", "^stop$")?;
    for page in everyone.pages() {
        page.sees("button", "^play$")?;
    }
    // The terminal's player starts it too, and stops it, by the process that is joined.
    everyone.types("play")?;
    for page in everyone.pages() {
        page.sees("button", "^stop$")?;
        page.plays_on()?;
    }
    everyone.types("stop")?;
    everyone.ada.sees("button", "^play$").map(drop)
}

#[test]
fn what_each_did_offline_is_with_all_when_the_server_is_back() -> Result<()> {
    let mut everyone = Everyone::meets()?;
    everyone.ada.clicks("button", "^play$")?;
    everyone.ada.plays_on()?;
    everyone.server.dies()?;
    for page in [&everyone.ada, &everyone.ben] {
        page.is_offline(0)?;
    }
    everyone.ada.step("kick", 2).clicks()?;
    everyone.ada.step("kick", 3).clicks()?;
    everyone.ben.step("clap", 3).clicks()?;
    everyone.window.step("hat", 2).clicks()?;
    everyone.types("step bass 3 on")?;
    // Each has its own at once, says what waits, and plays on.
    everyone.ada.step("kick", 3).becomes(true)?;
    everyone.ada.is_offline(2)?;
    everyone.ben.step("clap", 3).becomes(true)?;
    everyone.ben.is_offline(1)?;
    everyone.ada.sees("button", "^stop$")?;
    everyone.ada.plays_on()?;
    everyone.server.returns()?;
    everyone.agree_on(&[("kick", 2), ("kick", 3), ("clap", 3), ("hat", 2), ("bass", 3)])?;
    for page in [&everyone.ada, &everyone.ben] {
        page.is_live()?;
    }
    Ok(())
}

#[test]
fn the_session_is_there_when_all_have_gone() -> Result<()> {
    let everyone = Everyone::meets()?;
    everyone.ada.step("kick", 2).clicks()?;
    everyone.types("step bass 3 on")?;
    everyone.agree_on(&[("kick", 2), ("bass", 3)])?;
    let grid = everyone.ada.steps()?;
    let Everyone { ada, ben, window, _joined: joined, terminal, desktop, session, mut server } = everyone;
    let before = server.session(&session)?;
    drop((ada, ben, window, joined));
    let ended = server.stops()?;
    ensure!(ended.success(), "{ended}");
    server.returns()?;
    ensure!(server.session(&session)?["state"] == before["state"], "the server holds what it held");
    let cleo = Page::chromium("cleo", Sound::Off)?;
    cleo.opens(&server.page_of(&session))?;
    cleo.shows_steps(&grid)?;
    // Those who were there before have it themselves, with no server.
    server.dies()?;
    ensure!(plays(&terminal.shown(&session)?, "kick", 2), "the terminal holds it");
    let window = desktop.starts(&[], Sound::Off)?;
    window.shows_steps(&grid)
}
