//! Dragging a track to another place.

use std::cell::RefCell;

use leptos::prelude::*;
use score::TrackId;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};

use crate::browser;
use crate::state::App;

/// A track that is held.
struct Held {
    track: TrackId,
    over: Option<Element>,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// A pointer or a key on the grip of a track.
pub(crate) fn happened(app: App, track: TrackId, event: &Event) {
    if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
        let by = match key.key().as_str() {
            "ArrowUp" => -1,
            "ArrowDown" => 1,
            _ => return,
        };
        event.prevent_default();
        return app.move_track(track, by);
    }
    let Some(pointer) = event.dyn_ref::<PointerEvent>() else { return };
    match event.type_().as_str() {
        "pointerdown" => pressed(app, track, pointer),
        "pointermove" => moved(pointer),
        "pointerup" => released(app),
        // The browser scrolls instead.
        _ => taken_away(),
    }
}

/// The grip of a track is pressed.
fn pressed(app: App, track: TrackId, event: &PointerEvent) {
    if event.button() != 0 || !app.may_edit() {
        return;
    }
    if let Some(grip) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
        grip.set_pointer_capture(event.pointer_id()).ok();
    }
    HELD.set(Some(Held { track, over: None }));
}

/// The row under the pointer shows that the track would come there.
fn moved(event: &PointerEvent) {
    HELD.with_borrow_mut(|held| {
        let Some(held) = held else { return };
        let under = browser::document().element_from_point(event.client_x() as f32, event.client_y() as f32);
        let row = under.and_then(|element| element.closest(".row").ok().flatten());
        mark(held.over.as_ref(), false);
        mark(row.as_ref(), true);
        held.over = row;
    });
}

/// The track is let go.
fn released(app: App) {
    let Some(held) = HELD.take() else { return };
    mark(held.over.as_ref(), false);
    let Some(id) = held.over.map(|row| row.id()) else { return };
    let place =
        app.session.rows.with_untracked(|rows| rows.iter().position(|row| id == format!("row-{}", row.id)));
    let from = app.session.rows.with_untracked(|rows| rows.iter().position(|row| row.id == held.track));
    if let Some(place) = place
        && from != Some(place)
    {
        app.move_track_to(held.track, place);
    }
}

/// The track stays where it was.
fn taken_away() {
    if let Some(held) = HELD.take() {
        mark(held.over.as_ref(), false);
    }
}

fn mark(row: Option<&Element>, is_marked: bool) {
    if let Some(row) = row {
        let classes = row.class_list();
        let _ = if is_marked { classes.add_1("drop") } else { classes.remove_1("drop") };
    }
}
