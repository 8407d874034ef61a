//! The keyboard, by the table of [`keys`](crate::model::keys).

use std::sync::Arc;

use leptos::prelude::*;
use score::{Step, TrackId};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::cells::{cell_id, cell_of_id};
use super::pointer::open_editor;
use super::strip::name_id;
use crate::browser;
use crate::model::keys::{Act, Press, act};
use crate::state::{Anchor, App, Panel, Row, clipboard};

/// Listens for as long as the page lives.
pub(crate) fn listen(app: App) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| pressed(app, &event));
    // Never removed: the page is the interface.
    let _ = listener;
    let on_mouse = window_event_listener(leptos::ev::mousedown, |event| {
        // A clicked button does not keep the focus, so that Space plays afterwards.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.and_then(|element| element.closest("button").ok().flatten()).is_some() {
            event.prevent_default();
        }
    });
    let _ = on_mouse;
}

fn pressed(app: App, event: &KeyboardEvent) {
    if event.key() == "Escape" && app.ui.panel.with_untracked(Option::is_some) {
        event.prevent_default();
        return app.ui.panel.set(None);
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let types =
        |element: &Element| element.matches("input:not([type=range]), textarea, select").unwrap_or(false);
    let is_typing = target.as_ref().is_some_and(types);
    let activates = |element: &Element| element.matches("button, a[href], select").unwrap_or(false);
    let is_button = target.as_ref().is_some_and(activates);
    if event.default_prevented() || is_typing || (is_button && matches!(event.key().as_str(), " " | "Enter"))
    {
        return;
    }
    // A step that was clicked has the focus without showing it: there Space plays, as everywhere.
    let is_led = target.as_ref().is_some_and(|element| element.matches(":focus-visible").unwrap_or(false));
    let cell = target.and_then(|element| cell_of_id(&element.id()));
    let in_grid = cell.is_some() && (is_led || event.key() != " ");
    let (key, ctrl) = (event.key(), event.ctrl_key() || event.meta_key());
    let press = Press { key: &key, ctrl, shift: event.shift_key(), alt: event.alt_key() };
    if let Some(act) = act(press, in_grid) {
        event.prevent_default();
        match cell.or_else(|| app.ui.cursor.get_untracked()) {
            Some(cell) if in_grid => in_cell(app, cell, act),
            _ => everywhere(app, act),
        }
    }
}

fn everywhere(app: App, act: Act) {
    match act {
        Act::PlayStop => app.play_stop(),
        Act::Undo => app.undo(false),
        Act::Redo => app.undo(true),
        Act::Shortcuts => app.ui.toggle(Panel::Shortcuts, Anchor::default()),
        Act::AddTrack => {
            let button = browser::document().get_element_by_id("add-track");
            app.ui.toggle(
                Panel::Instruments(None),
                button.map(|button| browser::edges(&button)).unwrap_or_default(),
            );
        }
        Act::ToGrid => {
            if let Some(cell) = app.ui.cursor.get_untracked() {
                go(app, cell);
            }
        }
        _ => {}
    }
}

fn in_cell(app: App, (track, step): (TrackId, u16), act: Act) {
    let Some(row) = app.session.row(track) else { return };
    let held = row.step(step);
    match act {
        Act::Move(steps, tracks) => move_by(app, (track, step), steps, tracks),
        Act::First => go(app, (track, 0)),
        Act::Last => go(app, (track, row.length.get_untracked().saturating_sub(1))),
        Act::Toggle => app.switch_step(track, step, !held.on, None),
        Act::Velocity(percent) => app.set_velocity(track, step, f32::from(percent) / 100.0, None),
        Act::Pitch(by) => app.set_pitch(track, step, held.pitch.unwrap_or(0).saturating_add(by), None),
        Act::Tie => app.change_step(track, step, None, |step| step.tie = !step.tie),
        Act::Copy => copy(app, held),
        Act::Cut => {
            copy(app, held);
            app.change_step(track, step, None, |step| *step = Step::default());
        }
        Act::Paste => app.paste(track, step),
        Act::Clear => app.change_step(track, step, None, |step| *step = Step::default()),
        Act::EditStep => open_editor(app, (track, step)),
        Act::Mute => app.toggle_mute(track),
        Act::Solo => app.toggle_solo(track),
        Act::Length(by) => app.set_length(track, row.length.get_untracked().saturating_add_signed(by), None),
        Act::MoveTrack(by) => {
            app.move_track(track, by);
            // The row has moved, and the focus with it.
            browser::after(50, move || go(app, (track, step)));
        }
        Act::RenameTrack => browser::focus(&name_id(track)),
        Act::RemoveTrack => app.remove_track(track),
        _ => everywhere(app, act),
    }
}

fn copy(app: App, step: Step) {
    clipboard::copy(step);
    app.ui.say("Copied");
}

fn move_by(app: App, (track, step): (TrackId, u16), steps: i16, tracks: i16) {
    let rows = app.session.rows.get_untracked();
    let Some(place) = rows.iter().position(|row| row.id == track) else { return };
    let to = place.saturating_add_signed(isize::from(tracks)).min(rows.len() - 1);
    let last = rows[to].length.get_untracked().saturating_sub(1);
    go(app, (rows[to].id, step.min(last).saturating_add_signed(steps).min(last)));
}

fn go(app: App, cell: (TrackId, u16)) {
    set_cursor(app, cell);
    browser::focus(&cell_id(cell.0, cell.1));
}

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
