//! A page whose server is gone: it opens, plays and edits from what this machine has kept, and catches up when the server is back.

use anyhow::{Context, Result, ensure};
use tests::{Page, Server, Sound, eventually, plays};

/// Waits until the service worker has kept the interface, and speaks for the page.
fn is_kept(page: &Page) -> Result<()> {
    page.awaits(
        "service worker",
        "return navigator.serviceWorker.controller?.state === 'activated' || null",
        &[],
    )?;
    Ok(())
}

#[test]
fn a_session_opens_plays_and_is_edited_without_its_server_and_catches_up() -> Result<()> {
    let (mut server, page) = (Server::starts()?, Page::chromium("traveller", Sound::Off)?);
    let session = server.founds()?;
    page.opens(&server.page_of(&session))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    page.step("kick", 2).clicks()?;
    page.step("kick", 2).becomes(true)?;
    eventually("the step on the server", || {
        Ok(plays(&server.session(&session)?["state"], "kick", 2).then_some(()))
    })?;
    is_kept(&page)?;
    server.dies()?;

    page.reloads()?;
    page.step("kick", 2).becomes(true)?;
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    page.step("kick", 3).clicks()?;
    page.step("kick", 3).becomes(true)?;
    page.is_offline(1)?;
    // What opens over the grid was kept too.
    page.clicks("button", "^offline")?;
    page.sees("dialog", "^connection$")?;
    // And so was the edit.
    page.reloads()?;
    page.step("kick", 3).becomes(true)?;

    server.returns()?;
    page.is_live()?;
    eventually("what was edited without the server", || {
        Ok(plays(&server.session(&session)?["state"], "kick", 3).then_some(()))
    })
}

#[test]
fn the_first_page_and_a_beat_open_without_their_server() -> Result<()> {
    let (mut server, page) = (Server::starts()?, Page::chromium("traveller", Sound::Off)?);
    page.opens(server.url())?;
    page.clicks("button", "^new session$")?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    let grid = page.steps()?;
    page.clicks("button", "^publish$")?;
    let beat = page.reads("textbox", "^link$")?;
    page.opens(&beat)?;
    page.shows_steps(&grid)?;
    is_kept(&page)?;
    // The worker keeps the beat that brought it when it takes over.
    let script = "caches.open('offbeat pages').then(pages => pages.match(location.href)).then(kept => arguments[0](!!kept))";
    eventually("the beat in the cache", || {
        Ok(page.asynchronously(script, &[])?.as_bool().filter(|kept| *kept))
    })?;
    server.dies()?;

    page.reloads()?;
    page.shows_steps(&grid)?;
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    page.opens(server.url())?;
    page.sees("heading", "^my sessions$")?;
    page.sees("link", "/s/|.")?;
    page.opens(&format!("{}/b/unheard", server.url()))?;
    page.sees("heading", "^nothing plays here$").map(drop)
}

#[test]
fn the_manifest_names_icons_that_are_there_and_the_service_worker_is_asked_for_each_time() -> Result<()> {
    let server = Server::starts()?;
    let (_, home) = server.gets("/")?;
    let manifest = home.split("rel=\"manifest\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let manifest = server.json(manifest.context("the page names a manifest")?)?;
    ensure!(manifest["start_url"] == "/" && manifest["display"] == "standalone", "{manifest}");
    let icons = manifest["icons"].as_array().context("a manifest has icons")?;
    for size in ["192x192", "512x512"] {
        ensure!(
            icons.iter().any(|icon| icon["sizes"] == size && icon["type"] == "image/png"),
            "no icon of {size}"
        );
    }
    let page = Page::chromium("visitor", Sound::Off)?;
    page.opens(server.url())?;
    for icon in icons {
        let script = "const image = new Image(); image.onload = () => arguments[1](image.width); image.onerror = () => arguments[1](0);
            image.src = arguments[0];";
        ensure!(page.asynchronously(script, &[icon["src"].clone()])? != 0, "{icon} is not there");
    }
    let script =
        "fetch('/service-worker.js').then(answer => arguments[0](answer.headers.get('cache-control')))";
    ensure!(page.asynchronously(script, &[])? == "no-cache");
    Ok(())
}
