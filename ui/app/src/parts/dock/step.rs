//! The locks of the step under the grid's cursor.

use leptos::prelude::*;

use crate::parts::step_editor::step_editor;
use crate::state::App;

/// The tab.
pub(super) fn step(app: App) -> AnyView {
    (move || match app.ui.cursor.get() {
        Some((track, number)) => {
            let name = app.session.row(track).map(|row| row.name.clone());
            let title =
                move || format!("{}, step {}", name.as_ref().map(Get::get).unwrap_or_default(), number + 1);
            view! { <div class="dock-step"><h3>{title}</h3>{step_editor(app, track, number)}</div> }
                .into_any()
        }
        None => view! { <p class="hint">"Choose a step in the grid."</p> }.into_any(),
    })
    .into_any()
}
