//! The pointer on the grid.

use std::cell::RefCell;

use leptos::prelude::*;
use score::TrackId;
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent};

use super::cells::{cell_id, cell_of_id};
use super::grid::GRID_ID;
use super::keyboard;
use crate::browser;
use crate::model::stroke::{Act, Pointer, Stroke};
use crate::state::{App, Panel};

/// How long a finger rests on a step to open its editor, in milliseconds.
const LONG_PRESS_MILLIS: i32 = 450;

/// Names a cell.
type Cell = (TrackId, u16);

/// A pointer that is down.
struct Held {
    stroke: Stroke<Cell>,
    hand: Gesture,
    pointer: i32,
    from_y: f64,
    velocity: f32,
    pitch: i8,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// The pointer is pressed.
pub(crate) fn pressed(app: App, event: &PointerEvent) {
    let Some(cell) = cell_of(event) else { return };
    if event.button() != 0 {
        return;
    }
    keyboard::set_cursor(app, cell);
    if event.shift_key() {
        return open_editor(app, cell);
    }
    let Some(row) = app.session.row(cell.0) else { return };
    let step = row.step(cell.1);
    let is_finger = event.pointer_type() == "touch";
    let (stroke, act) = Stroke::press(cell, step.on, if is_finger { Pointer::Finger } else { Pointer::Fine });
    let (velocity, pitch) = (step.velocity(), step.pitch.unwrap_or(0));
    let hand = app.gesture();
    let held = Held {
        stroke,
        hand,
        pointer: event.pointer_id(),
        from_y: f64::from(event.client_y()),
        velocity,
        pitch,
    };
    carry_out(app, &held, act);
    HELD.set(Some(held));
    if let Some(grid) = browser::document().get_element_by_id(GRID_ID)
        && !is_finger
    {
        grid.set_pointer_capture(event.pointer_id()).ok();
    }
    if is_finger {
        browser::after(LONG_PRESS_MILLIS, move || pressed_long(app, hand));
    }
}

/// A finger has rested long enough, if it is the same one.
fn pressed_long(app: App, hand: Gesture) {
    let rests = HELD.with_borrow(|held| {
        held.as_ref()
            .filter(|held| held.hand == hand && held.stroke.is_open())
            .map(|held| held.stroke.first())
    });
    if let Some(cell) = rests {
        HELD.set(None);
        open_editor(app, cell);
    }
}

/// The pointer moves.
pub(crate) fn moved(app: App, event: &PointerEvent) {
    let Some(mut held) = HELD.take() else { return };
    if held.pointer == event.pointer_id() {
        let over = cell_at(event);
        let over = over.filter(|cell| cell.0 == held.stroke.first().0 || !held.stroke.is_open());
        let rise = held.from_y - f64::from(event.client_y());
        for act in held.stroke.moves(over, rise, event.alt_key()) {
            carry_out(app, &held, Some(act));
        }
    }
    HELD.set(Some(held));
}

/// The pointer is released.
pub(crate) fn released(app: App, event: &PointerEvent) {
    let Some(held) = HELD.take().filter(|held| held.pointer == event.pointer_id()) else { return };
    let act = held.stroke.clone().release();
    carry_out(app, &held, act);
}

/// Assistive technology clicks without a pointer.
pub(crate) fn activated(app: App, event: &MouseEvent) {
    if event.detail() == 0
        && let Some((track, step)) = cell_of(event)
        && let Some(row) = app.session.row(track)
    {
        app.switch_step(track, step, !row.step(step).on, None);
    }
}

/// The browser scrolls instead.
pub(crate) fn taken_away() {
    HELD.set(None);
}

/// The other button, or the key for it.
pub(crate) fn context_menu(app: App, event: &MouseEvent) {
    if let Some(cell) = cell_of(event) {
        event.prevent_default();
        HELD.set(None);
        keyboard::set_cursor(app, cell);
        open_editor(app, cell);
    }
}

/// Opens a step's editor beside it.
pub(crate) fn open_editor(app: App, (track, step): Cell) {
    let element = browser::document().get_element_by_id(&cell_id(track, step));
    let anchor = element.map(|element| browser::edges(&element)).unwrap_or_default();
    // After the press has closed what was open.
    browser::after(0, move || {
        app.ui.anchor.set(anchor);
        app.ui.panel.set(Some(Panel::Step(track, step)));
    });
}

fn carry_out(app: App, held: &Held, act: Option<Act<Cell>>) {
    let hand = Some(held.hand);
    match act {
        Some(Act::Paint((track, step), on)) => app.switch_step(track, step, on, hand),
        Some(Act::Velocity((track, step), by)) => app.set_velocity(track, step, held.velocity + by, hand),
        Some(Act::Pitch((track, step), by)) => {
            app.set_pitch(track, step, held.pitch.saturating_add(by), hand);
        }
        None => {}
    }
}

/// The cell that an event happened to.
fn cell_of(event: &Event) -> Option<Cell> {
    let target: Element = event.target()?.dyn_into().ok()?;
    cell_of_id(&target.closest("[role=gridcell]").ok()??.id())
}

/// The cell under a pointer, which may be captured by another element.
fn cell_at(event: &PointerEvent) -> Option<Cell> {
    let element = browser::document().element_from_point(event.client_x() as f32, event.client_y() as f32)?;
    cell_of_id(&element.closest("[role=gridcell]").ok()??.id())
}
