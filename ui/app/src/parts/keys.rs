//! The way from a key to what it does ([`keyboard`](super::keyboard)), which loads later.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::later;
use crate::state::App;

/// Listens for as long as the page lives.
pub(crate) fn listen(app: App) {
    let listeners = (
        window_event_listener(leptos::ev::keydown, move |event| pressed(app, &event)),
        window_event_listener(leptos::ev::mousedown, |event| {
            // A clicked button does not keep the focus, so that Space plays afterwards.
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.and_then(|element| element.closest("button").ok().flatten()).is_some() {
                event.prevent_default();
            }
        }),
    );
    // Never removed: the page is the interface.
    let _ = listeners;
}

/// What most press first works at once; all else once it has loaded.
fn pressed(app: App, event: &KeyboardEvent) {
    match later::now(app) {
        Some(later) => (later.key)(app, event),
        None if event.key() == " " && is_on_page(event) => {
            event.prevent_default();
            app.play_stop();
        }
        None => {}
    }
}

/// Whether a key is pressed with nothing in the page that has the focus.
fn is_on_page(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.tag_name() == "BODY")
}
