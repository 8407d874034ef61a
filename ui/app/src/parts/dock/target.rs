//! Which track the dock is about: the one under the grid's cursor.

use std::sync::Arc;

use leptos::prelude::*;
use score::TrackId;

use crate::parts::cursor::set_cursor;
use crate::state::{App, Row, Tab};

/// The track under the cursor, or the first.
pub(super) fn track(app: App) -> Memo<Option<TrackId>> {
    Memo::new(move |_| {
        let cursor = app.ui.cursor.get().map(|(track, _)| track);
        app.session.rows.with(|rows| {
            let held = cursor.filter(|track| rows.iter().any(|row| row.id == *track));
            held.or_else(|| rows.first().map(|row| row.id))
        })
    })
}

/// Shows something about the track under the cursor, anew for each.
pub(super) fn with_track(app: App, shown: fn(App, &Arc<Row>) -> AnyView) -> AnyView {
    let track = track(app);
    (move || match track.get().and_then(|track| app.session.row(track)) {
        Some(row) => shown(app, &row),
        None => view! { <p class="hint">"Add a track first."</p> }.into_any(),
    })
    .into_any()
}

/// The choice of a track, for who does not use the grid; with the master where that has something to show.
pub(super) fn target(app: App) -> impl IntoView {
    let track = track(app);
    let dock = &app.ui.dock;
    let (open, is_master) = (dock.open, dock.is_master);
    let shows_master = move || open.get() == Some(Tab::Effects);
    let options = move || {
        let chosen = track.get().filter(|_| !(shows_master() && is_master.get()));
        app.session.rows.with(|rows| {
            rows.iter()
                .map(|row| {
                    let (id, name) = (row.id, row.name.clone());
                    let is_chosen = chosen == Some(id);
                    view! { <option value=id.to_string() selected=is_chosen>{move || name.get()}</option> }
                })
                .collect_view()
        })
    };
    let master = move || {
        shows_master().then(|| view! { <option value="master" selected=is_master.get()>"Master"</option> })
    };
    view! {
        <label class="target" hidden=move || matches!(open.get(), None | Some(Tab::Mixer | Tab::Text | Tab::People | Tab::History))>
            <span class="caption" aria-hidden="true">"Track"</span>
            <select class="select" aria-label="Track of the dock" on:change=move |event| {
                let chosen = event_target_value(&event);
                is_master.set(chosen == "master");
                if let Ok(track) = chosen.parse::<TrackId>() {
                    set_cursor(app, (track, 0));
                }
            }>{options}{master}</select>
        </label>
    }
}
