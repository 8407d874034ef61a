//! Browsers that keep nothing, have no room, or may do less than others; and invitations that lead elsewhere.

use anyhow::{Context, Result, ensure};
use tests::{Odd, Page, Player, Server, Sound, eventually, plays};

/// A page of a session that was just founded, on its own copy of it.
fn page_of_a_session(server: &Server, address: &str, page: &Page) -> Result<String> {
    let session = server.founds()?;
    page.opens(&format!("{address}/s/{session}"))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    Ok(session)
}

fn edits_reach_the_server(server: &Server, session: &str, page: &Page, step: u16) -> Result<()> {
    page.step("kick", step).clicks()?;
    page.step("kick", step).becomes(true)?;
    eventually("the step on the server", || {
        Ok(plays(&server.session(session)?["state"], "kick", step.into()).then_some(()))
    })
}

#[test]
fn a_browser_that_keeps_nothing_says_so_and_its_session_lives_at_the_server() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::odd_chromium("forgetful", Odd::KeepsNothing)?);
    let session = page_of_a_session(&server, server.url(), &page)?;
    page.sees("status", "keeps nothing for this page")?;
    page.is_live()?;
    edits_reach_the_server(&server, &session, &page, 2)?;
    page.reloads()?;
    page.step("kick", 2).becomes(true)?;
    page.clicks("button", "^play$")?;
    page.plays_on()
}

#[test]
fn a_browser_without_room_says_so_and_goes_on() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("hoarder", Sound::Off)?);
    page.fills_up(server.url())?;
    let session = page_of_a_session(&server, server.url(), &page)?;
    page.sees("status", "keeps nothing for this page")?;
    page.is_live()?;
    edits_reach_the_server(&server, &session, &page, 2)
}

#[test]
fn a_private_window_is_used_as_any_other() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::odd_chromium("private", Odd::Private)?);
    let session = page_of_a_session(&server, server.url(), &page)?;
    edits_reach_the_server(&server, &session, &page, 2)?;
    page.reloads()?;
    page.step("kick", 2).becomes(true)?;
    // Whoever it was has made that: it can be taken back.
    page.clicks("button", "^undo$")?;
    page.step("kick", 2).becomes(false)
}

#[test]
fn a_page_far_from_its_server_and_without_tls_edits_and_says_why_it_is_silent() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::odd_chromium("far", Odd::FarFromServer)?);
    let port = server.url().rsplit(':').next().context("a port")?;
    let session = page_of_a_session(&server, &format!("http://offbeat.test:{port}"), &page)?;
    // Neither locks nor worklets are given to such a page.
    ensure!(page.looks("return isSecureContext", &[])? == false, "the page counts as near");
    page.is_live()?;
    edits_reach_the_server(&server, &session, &page, 2)?;
    page.clicks("button", "^play$")?;
    page.sees("status", "no sound.*https")?;
    page.reloads()?;
    page.step("kick", 2).becomes(true)
}

#[test]
fn a_ticket_in_a_page_leads_to_the_session_or_says_where_to_go() -> Result<()> {
    let (server, elsewhere, player) = (Server::starts()?, Server::starts()?, Player::arrives()?);
    let page = Page::chromium("invited", Sound::Off)?;
    page.opens(server.url())?;
    let ticket_of = |session: &str| -> Result<String> {
        let mut hosting = player.hosts(session, &[])?;
        let ticket = hosting.ticket()?;
        hosting.stops()?;
        Ok(ticket)
    };
    let alone = player.says(&["new", "Alone", "--beat"])?;
    page.writes("textbox", "^link or ticket$", &ticket_of(&alone)?)?;
    page.sees("status|alert", "which a page cannot reach.*archiving")?;

    page.opens(server.url())?;
    let other = player.says(&["new", "Elsewhere", "--beat"])?;
    player.says(&["archive", &other, "--server", elsewhere.url()])?;
    page.writes("textbox", "^link or ticket$", &ticket_of(&other)?)?;
    page.sees("status|alert", &format!("open {}/s/", elsewhere.url()))?;

    let ours = player.says(&["new", "Ours", "--beat"])?;
    player.says(&["archive", &ours, "--server", server.url()])?;
    page.writes("textbox", "^link or ticket$", &ticket_of(&ours)?)?;
    page.link_with(&format!("/s/{ours}"))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()
}

#[test]
fn a_page_that_edits_while_its_server_starts_again_loses_nothing() -> Result<()> {
    let (mut server, page) = (Server::starts()?, Page::chromium("busy", Sound::Off)?);
    let session = page_of_a_session(&server, server.url(), &page)?;
    page.is_live()?;
    page.step("kick", 2).clicks()?;
    let ended = server.stops()?;
    ensure!(ended.success(), "{ended}");
    page.step("kick", 3).clicks()?;
    page.step("kick", 3).becomes(true)?;
    server.returns()?;
    page.step("kick", 4).clicks()?;
    page.is_live()?;
    eventually("all that was made on the server", || {
        let state = &server.session(&session)?["state"];
        Ok((2..5).all(|step| plays(state, "kick", step)).then_some(()))
    })
}
