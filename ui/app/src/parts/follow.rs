//! Following a player: their step stays in view, until this player goes elsewhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::cells::cell_id;
use super::icon::{self, icon};
use crate::browser;
use crate::model::guise::colour;
use crate::state::App;

/// Where acting counts as going elsewhere.
const ELSEWHERE: &str = ".stage";
/// What does not, though it lies there.
const KEEPS: &str = ".notes";

/// Says who is followed, and keeps them in view.
pub(crate) fn follow(app: App) -> impl IntoView {
    Effect::new(move |_| {
        let followed = app.ui.following.get()?;
        let cursor = app.session.cursors.with(|cursors| cursors.get(&followed).copied())?;
        let cell = browser::document().get_element_by_id(&cell_id(cursor.track, cursor.step))?;
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        options.set_inline(ScrollLogicalPosition::Nearest);
        cell.scroll_into_view_with_scroll_into_view_options(&options);
        Some(())
    });
    let acts = move |event: &Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let lies_in = |place: &str| {
            let target = target.as_ref();
            target.is_some_and(|element| element.closest(place).ok().flatten().is_some())
        };
        if app.ui.following.with_untracked(Option::is_some) && lies_in(ELSEWHERE) && !lies_in(KEEPS) {
            app.stop_following();
        }
    };
    let listeners = (
        window_event_listener(leptos::ev::pointerdown, move |event| acts(&event)),
        window_event_listener(leptos::ev::wheel, move |event| acts(&event)),
        window_event_listener(leptos::ev::keydown, move |event| acts(&event)),
    );
    on_cleanup(move || {
        listeners.0.remove();
        listeners.1.remove();
        listeners.2.remove();
    });
    move || {
        app.ui.following.get().map(|key| {
            let guise = app.guise(key);
            let style = colour(&guise);
            view! {
                <div class="following" style=style>
                    <span>"Following "<bdi>{guise.name}</bdi></span>
                    <button class="quiet square" aria-label="Stop following" title="Stop following" on:click=move |_| app.stop_following()>
                        {icon(icon::CLOSE)}
                    </button>
                </div>
            }
        })
    }
}
