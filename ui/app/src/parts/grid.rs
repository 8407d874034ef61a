//! The grid: a row for each track.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::cells::{cell_id, cells};
use super::icon::{self, icon};
use super::instruments::tint;
use super::lane::lane;
use super::ruler::ruler;
use super::strip::strip;
use super::{band, cursor, overview, pointer};
use crate::browser::{self, edges_of_target};
use crate::later;
use crate::model::overview::Seen;
use crate::model::selection::Cell;
use crate::state::{App, Panel, Row};

/// The grid's element.
pub(crate) const GRID_ID: &str = "grid";
/// Steps that fill the window's width; longer patterns scroll.
const MAX_FITTING_STEPS: u16 = 32;

/// The grid.
pub(crate) fn grid(app: App) -> impl IntoView {
    let rows = app.session.rows;
    let longest =
        Memo::new(move |_| rows.with(|rows| rows.iter().map(|row| row.length.get()).max().unwrap_or(16)));
    let style = move || {
        let fitting = longest.get().clamp(8, MAX_FITTING_STEPS);
        format!(
            "--fitting:{fitting};--groups:{};--tracks:{}",
            fitting.div_ceil(4) - 1,
            rows.with(Vec::len).max(1)
        )
    };
    Effect::new(move |_| rows.with(|rows| cursor::keep_cursor(app, rows)));
    show_selection(app);
    // Before anything is painted, it is known whether there will be an overview.
    browser::before_next_paint(move || overview::scrolled(app));
    view! {
        {move || later::of(app).map_or_else(|| overview_to_come(app), |later| (later.overview)(app, longest))}
        <div class="scroller" id=overview::SCROLLER_ID style=style on:scroll=move |_| overview::scrolled(app)>
            {ruler(app, longest)}
            <div class="grid" id=GRID_ID role="grid" aria-label="Steps" aria-multiselectable="true"
                aria-rowcount=move || rows.with(Vec::len).to_string()
                on:pointerdown=move |event| pointer::pressed(app, &event)
                on:pointermove=move |event| pointer::moved(app, &event)
                on:pointerup=move |event| pointer::released(app, &event)
                on:pointercancel=move |_| pointer::taken_away()
                on:click=move |event| pointer::activated(app, &event)
                on:contextmenu=move |event| pointer::context_menu(app, &event)
                on:focusin=move |event| cursor::focused(app, &event)
                on:animationend=|event| {
                    if let Some(cell) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                        cell.remove_attribute("data-flash").ok();
                    }
                }>
                <For each=move || rows.get() key=|row| row.id children=move |row| track(app, &row)/>
            </div>
            {add(app)}
            {move || later::of(app).map(|later| (later.cursors)(app))}
        </div>
        <div class="band" id=band::BAND_ID style="display:none" aria-hidden="true"></div>
    }
}

/// The place that the overview will take, so that nothing moves when it has come.
fn overview_to_come(app: App) -> AnyView {
    view! { <div class="overview" hidden=move || !app.ui.seen.with(Seen::is_part)></div> }.into_any()
}

/// Marks the steps that are selected, and those alone that have become so or are no longer.
fn show_selection(app: App) {
    Effect::new(move |before: Option<BTreeSet<Cell>>| {
        let before = before.unwrap_or_default();
        let now = app.ui.selection.with(|selection| selection.cells().clone());
        for &(track, step) in before.symmetric_difference(&now) {
            if let Some(cell) = browser::document().get_element_by_id(&cell_id(track, step)) {
                let _ = if now.contains(&(track, step)) {
                    cell.set_attribute("aria-selected", "true")
                } else {
                    cell.remove_attribute("aria-selected")
                };
            }
        }
        now
    });
}

fn track(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let tint = tint(row);
    let (mute, solo, parked) = (row.mute.clone(), row.solo.clone(), row.parked.clone());
    let id = format!("row-{}", row.id);
    view! {
        <div class="track" role="presentation" style=tint>
            <div class="row" role="row" id=id class:muted=move || mute.get() class:solo=move || solo.get()
                class:parked=move || parked.get()>
                {strip(app, row)}
                {cells(app, row)}
            </div>
            {lane(app, row)}
        </div>
    }
}

fn add(app: App) -> impl IntoView {
    view! {
        <button class="add-track" hidden=move || app.ui.is_beat() aria-haspopup="dialog" id="add-track"
            on:click=move |event| app.ui.toggle(Panel::Instruments(None), edges_of_target(&event))>
            {icon(icon::PLUS)} "Add a track"
        </button>
    }
}
