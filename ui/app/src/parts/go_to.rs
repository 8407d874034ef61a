//! Where the music goes on: a bar, and a count in it, that a player types.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlInputElement, SubmitEvent};

use crate::browser;
use crate::model::beat_clock::{beat_of, position};
use crate::playhead::{self, POSITION_ID};
use crate::state::{App, Panel};

/// Opens the field, under the position.
pub(crate) fn open(app: App) {
    let shown = browser::document().get_element_by_id(POSITION_ID);
    app.ui.toggle(Panel::Position, shown.map(|shown| browser::edges(&shown)).unwrap_or_default());
}

fn select_all(event: &FocusEvent) {
    if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
        input.select();
    }
}

/// The field.
pub(crate) fn go_to(app: App) -> impl IntoView {
    let meter = app.session.meter;
    let text = RwSignal::new(position(playhead::beat(app), meter.get_untracked()));
    let read = move || beat_of(&text.get(), meter.get());
    let go = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(beat) = untrack(read) {
            app.seek(beat);
            app.ui.panel.set(None);
        }
    };
    view! {
        <form class="copy-line" on:submit=go>
            <input class="field" type="text" autocomplete="off" inputmode="decimal" aria-label="Bar, beat, step"
                aria-invalid=move || read().is_none().to_string() aria-describedby="go-to-hint"
                prop:value=text on:input=move |event| text.set(event_target_value(&event))
                on:focus=|event| select_all(&event)/>
            <button class="plain" type="submit" disabled=move || read().is_none()>"Go"</button>
        </form>
        <p class="hint" id="go-to-hint">"5 is the fifth bar, 5.3 its third beat. Everybody hears it from there."</p>
    }
}
