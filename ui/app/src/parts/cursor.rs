//! The grid's cursor: the step that the keyboard acts on, and that Tab leads to.

use std::sync::Arc;

use leptos::prelude::*;
use score::TrackId;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use super::cells::{cell_id, cell_of_id};
use crate::browser;
use crate::state::{App, Row};

/// The step that Tab leads to. One of the grid's cells can be reached by Tab, as the pattern of a grid wants it.
pub(crate) fn set_cursor(app: App, cell: (TrackId, u16)) {
    let before = app.ui.cursor.get_untracked();
    if before == Some(cell) && is_reachable(cell) {
        return;
    }
    if let Some(before) = before {
        make_reachable(before, "-1");
    }
    make_reachable(cell, "0");
    app.ui.cursor.set(Some(cell));
}

/// Something in the grid got the focus.
pub(crate) fn focused(app: App, event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    if let Some(cell) = target.and_then(|element| cell_of_id(&element.id())) {
        set_cursor(app, cell);
    }
}

/// The tracks have changed: the cursor stays on one that is there.
pub(crate) fn keep_cursor(app: App, rows: &[Arc<Row>]) {
    let first = rows.first().map(|row| (row.id, 0));
    let held = app.ui.cursor.get_untracked().filter(|(track, _)| rows.iter().any(|row| row.id == *track));
    if let Some(cell) = held.or(first) {
        // Once the cells are there.
        browser::after(0, move || set_cursor(app, cell));
    }
}

fn is_reachable((track, step): (TrackId, u16)) -> bool {
    let element = browser::document().get_element_by_id(&cell_id(track, step));
    element.is_some_and(|element| element.get_attribute("tabindex").as_deref() == Some("0"))
}

fn make_reachable((track, step): (TrackId, u16), tab_index: &str) {
    if let Some(element) = browser::document().get_element_by_id(&cell_id(track, step)) {
        element.set_attribute("tabindex", tab_index).ok();
    }
}
