//! The interface: the same in a browser's page and in the desktop's window.
//!
//! It draws a session and sends what the player does; it holds no document, no network and no engine of its own. Those are the
//! [`host`]'s, which is a web worker behind a page and a process behind a window: the interface asks ([`view::Ask`]) and is told
//! ([`view::Tell`]), and only `host` knows by which carrier.
//!
//! - [`model`] is what it knows as pure functions: how a step looks and is called, what a pointer's stroke means, which key does
//!   what, which places a patch touches.
//! - [`state`] holds a signal for each place that is drawn by itself, and turns what a player does into edits. An edit is shown
//!   at once; the session confirms it or it is taken back.
//! - [`parts`] are what is seen. A step that changes repaints its cell, never its row.
//! - [`playhead`] moves the light by the engine's clock, once a frame.
//!
//! What a page shows first comes with the page itself ([`view::Ready`]): the grid stands and plays before the session's worker
//! has loaded.

mod browser;
mod flashes;
mod host;
mod later;
mod log;
mod model;
mod parts;
mod playhead;
mod state;

use leptos::mount::mount_to_body;
use leptos::prelude::*;
use view::{Ask, Page, ViewPatch};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use state::{App, Ui};

/// Shows the interface; the page's script calls it.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    mount_to_body(interface);
}

fn interface() -> impl IntoView {
    let mut ready = host::ready();
    // A page that was kept on this machine is any session's.
    if ready.page == Page::Home
        && let Some(path) = browser::path()
    {
        ready.page = model::address::page_at(&path);
    }
    let app = App::new(Ui::new(ready.page.clone(), browser::now));
    host::begin(ready.program, move |tell| app.told(tell));
    if let Some(view) = ready.view {
        app.session.apply(ViewPatch::Reset(view));
    }
    begin(app, &ready.page);
    app.remember_metronome();
    playhead::begin(app);
    parts::keys::listen(app);
    parts::pointing::listen(app);
    parts::frame::frame(app)
}

/// Asks for what the page is about, once the first picture is painted.
fn begin(app: App, page: &Page) {
    match page {
        Page::Session(id) => match browser::path().filter(|path| path.ends_with("/remix")) {
            Some(path) => app.ask(&Ask::Join(path)),
            None => app.ask(&Ask::Open(*id)),
        },
        Page::Home => app.ask(&Ask::Sessions),
        Page::Beat { .. } | Page::Missing { .. } => {}
    }
    browser::reload_on_back();
    browser::before_next_paint(move || browser::after(0, move || after_first_paint(app)));
}

/// What nobody waits for, one after the other: what is seen and heard comes before what is opened and what edits.
fn after_first_paint(app: App) {
    spawn_local(async move {
        host::load_engine().await;
        later::load(app).await;
        host::load_session();
    });
}
