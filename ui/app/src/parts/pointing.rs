//! What the others are told of this player: on which step the pointer or the keyboard is.

use std::cell::RefCell;

use leptos::prelude::*;
use view::{Ask, AskId, Command, Cursor, Page};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::cells::cell_of_id;
use crate::model::pace::{Pace, Turn};
use crate::state::App;
use crate::{browser, host};

/// No answer to it is waited for: the next word takes its place.
const UNANSWERED: AskId = AskId(0);

thread_local! {
    static PACE: RefCell<Pace<Option<Cursor>>> = const { RefCell::new(Pace::new(None)) };
}

/// Tells it for as long as the page lives.
pub(crate) fn listen(app: App) {
    let note = move |event: &Event| {
        if let Some(cell) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
            && let Ok(Some(cell)) = cell.closest("[role=gridcell]")
            && let Some(cell) = cell_of_id(&cell.id())
            && app.ui.pointed.get_untracked() != Some(cell)
        {
            app.ui.pointed.set(Some(cell));
        }
    };
    let listeners = (
        window_event_listener(leptos::ev::pointerover, move |event| note(&event)),
        window_event_listener(leptos::ev::focusin, move |event| note(&event)),
        window_event_listener(leptos::ev::visibilitychange, move |_| {
            if browser::document().hidden() {
                app.ui.pointed.set(None);
            }
        }),
    );
    // Never removed: the page is the interface.
    let _ = listeners;
    // Another session's players know nothing of this one yet.
    Effect::new(move |_| {
        app.session.id.track();
        app.ui.pointed.set(None);
        PACE.set(Pace::new(None));
    });
    Effect::new(move |_| tell(app, app.own_cursor()));
}

fn tell(app: App, cursor: Option<Cursor>) {
    let is_session = app.ui.page.with_untracked(|page| matches!(page, Page::Session(_)));
    if !is_session || !app.ui.is_open.get_untracked() {
        return;
    }
    match PACE.with_borrow_mut(|pace| pace.turn(browser::now(), &cursor)) {
        Turn::Now => {
            // Where there is no room for it, the next movement is told.
            host::ask(&Ask::Command { id: UNANSWERED, command: Command::Point(cursor) });
        }
        Turn::Later(millis) => browser::after(millis.ceil() as i32, move || {
            PACE.with_borrow_mut(Pace::waited);
            tell(app, untrack(|| app.own_cursor()));
        }),
        Turn::Never => {}
    }
}
