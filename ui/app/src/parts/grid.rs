//! The grid: a row for each track.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::cells::cells;
use super::cursors::cursors;
use super::icon::{self, icon};
use super::strip::strip;
use super::{keyboard, pointer};
use crate::browser::edges_of_target;
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
    Effect::new(move |_| rows.with(|rows| keyboard::keep_cursor(app, rows)));
    view! {
        <div class="scroller" style=style>
            {ruler(longest)}
            <div class="grid" id=GRID_ID role="grid" aria-label="Steps"
                aria-rowcount=move || rows.with(Vec::len).to_string()
                on:pointerdown=move |event| pointer::pressed(app, &event)
                on:pointermove=move |event| pointer::moved(app, &event)
                on:pointerup=move |event| pointer::released(app, &event)
                on:pointercancel=move |_| pointer::taken_away()
                on:click=move |event| pointer::activated(app, &event)
                on:contextmenu=move |event| pointer::context_menu(app, &event)
                on:focusin=move |event| keyboard::focused(app, &event)
                on:animationend=|event| {
                    if let Some(cell) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                        cell.remove_attribute("data-flash").ok();
                    }
                }>
                <For each=move || rows.get() key=|row| row.id children=move |row| track(app, &row)/>
            </div>
            {add(app)}
            {cursors(app)}
        </div>
    }
}

fn track(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let tint = {
        let instrument = row.instrument.clone();
        move || format!("--tint:var(--{})", super::instruments::family_word(&instrument.get()))
    };
    let (mute, solo, parked) = (row.mute.clone(), row.solo.clone(), row.parked.clone());
    let id = format!("row-{}", row.id);
    view! {
        <div class="row" role="row" id=id style=tint class:muted=move || mute.get() class:solo=move || solo.get()
            class:parked=move || parked.get()>
            {strip(app, row)}
            {cells(row)}
        </div>
    }
}

/// The beats above the steps.
fn ruler(longest: Memo<u16>) -> impl IntoView {
    let marks = move || {
        let beats = longest.get().div_ceil(4);
        (0..beats)
            .map(|beat| view! { <span class="beat" style=format!("--beat:{beat}")>{beat + 1}</span> })
            .collect_view()
    };
    view! { <div class="ruler" aria-hidden="true"><div class="ruler-strip"></div><div class="beats">{marks}</div></div> }
}

fn add(app: App) -> impl IntoView {
    view! {
        <button class="add-track" hidden=move || app.ui.is_beat() aria-haspopup="dialog" id="add-track"
            on:click=move |event| app.ui.toggle(Panel::Instruments(None), edges_of_target(&event))>
            {icon(icon::PLUS)} "Add a track"
        </button>
    }
}
