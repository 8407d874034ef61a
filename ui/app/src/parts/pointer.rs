//! The pointer on the grid.

use std::cell::RefCell;

use leptos::prelude::*;
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent};

use super::cells::{cell_id, cell_of_id};
use super::{band, cursor};
use crate::model::lock::Lock;
use crate::model::selection::{Cell, Selection};
use crate::model::stroke::{Act, Pointer, Stroke};
use crate::state::{App, Panel};
use crate::{browser, playhead};

/// How long a finger rests on a step to open its editor, in milliseconds.
const LONG_PRESS_MILLIS: i32 = 450;

/// A pointer that is down.
struct Held {
    stroke: Stroke<Cell>,
    hand: Gesture,
    pointer: i32,
    /// The step that it was over last.
    last: Cell,
    from_y: f64,
    /// What a vertical drag moves: each step with the velocity (in percent) and the pitch that it begins at.
    from: Vec<(Cell, f64, f64)>,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// The pointer is pressed.
pub(crate) fn pressed(app: App, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let Some(cell) = cell_of(event) else { return band::pressed(app, event) };
    if event.shift_key() || event.ctrl_key() || event.meta_key() {
        return pressed_with_modifier(app, cell, event.shift_key());
    }
    cursor::set_cursor(app, cell);
    let Some(row) = app.session.row(cell.0) else { return };
    if app.ui.selection.with_untracked(|selection| !selection.cells().contains(&cell)) {
        app.deselect();
    }
    let is_finger = event.pointer_type() == "touch";
    let pointer = if is_finger { Pointer::Finger } else { Pointer::Fine };
    let (stroke, act) = Stroke::press(cell, row.step(cell.1).on, pointer, event.alt_key());
    let from = |cell: Cell| {
        let step = app.step(cell);
        (cell, Lock::Velocity.read(&step), Lock::Pitch.read(&step))
    };
    let hand = app.gesture();
    let held = Held {
        stroke,
        hand,
        pointer: event.pointer_id(),
        last: cell,
        from_y: f64::from(event.client_y()),
        from: app.sounding_targets(cell).into_iter().map(from).collect(),
    };
    carry_out(app, &held, act);
    playhead::give_way();
    HELD.set(Some(held));
    if is_finger {
        browser::after(LONG_PRESS_MILLIS, move || pressed_long(app, hand));
    } else {
        // By the cell, which keeps the pointer over it and its row: were it the grid's, both would be drawn anew.
        capture(event, &cell_id(cell.0, cell.1));
    }
}

/// What follows happens to this element in the grid, wherever the pointer is.
pub(super) fn capture(event: &PointerEvent, id: &str) {
    if let Some(element) = browser::document().get_element_by_id(id) {
        element.set_pointer_capture(event.pointer_id()).ok();
    }
}

/// Ctrl adds to the selection; Shift extends it, and opens the step's editor where there is none.
fn pressed_with_modifier(app: App, cell: Cell, shift: bool) {
    let is_empty = app.ui.selection.with_untracked(Selection::is_empty);
    match (shift, is_empty) {
        (true, true) => open_editor(app, cell),
        (true, false) => app.extend_selection(cell),
        (false, _) => app.toggle_selected(cell),
    }
    cursor::set_cursor(app, cell);
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
    band::moved(app, event);
    let Some(mut held) = HELD.take() else { return };
    if held.pointer == event.pointer_id() {
        let over = cell_at(event);
        let over = over.filter(|cell| cell.0 == held.stroke.first().0 || !held.stroke.is_open());
        let rise = held.from_y - f64::from(event.client_y());
        for over in way(held.last, over) {
            held.last = over.unwrap_or(held.last);
            for act in held.stroke.moves(over, rise, event.alt_key()) {
                carry_out(app, &held, Some(act));
            }
        }
    }
    HELD.set(Some(held));
}

/// The cells on the way to where the pointer is: of those that a quick hand crosses, the browser tells some only.
fn way((track, from): Cell, over: Option<Cell>) -> Vec<Option<Cell>> {
    let Some(to) = over.filter(|over| over.0 == track).map(|over| over.1) else { return vec![over] };
    let cell = |step: u16| Some((track, step));
    if to > from {
        (from + 1..=to).map(cell).collect()
    } else {
        (to..from.max(to + 1)).rev().map(cell).collect()
    }
}

/// The pointer is released.
pub(crate) fn released(app: App, event: &PointerEvent) {
    band::ended();
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
    band::ended();
    HELD.set(None);
}

/// The other button, or the key for it.
pub(crate) fn context_menu(app: App, event: &MouseEvent) {
    if let Some(cell) = cell_of(event) {
        event.prevent_default();
        HELD.set(None);
        cursor::set_cursor(app, cell);
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
        Some(Act::Paint((track, step), on)) => {
            app.deselect();
            app.switch_step(track, step, on, hand);
        }
        Some(Act::Velocity(_, by)) => {
            let by = f64::from(by) * 100.0;
            put(app, held, &|velocity, _| (Lock::Velocity, velocity + by));
        }
        Some(Act::Pitch(_, by)) => put(app, held, &|_, pitch| (Lock::Pitch, pitch + f64::from(by))),
        Some(Act::Span(from, to)) => app.select(app.field().between(from, to), Some(from)),
        None => {}
    }
}

/// Sets a lock of every step that is dragged, from the velocity and the pitch that each began at.
fn put(app: App, held: &Held, lock: &dyn Fn(f64, f64) -> (Lock, f64)) {
    let moved = |&(cell, velocity, pitch): &(Cell, f64, f64)| {
        let (lock, value) = lock(velocity, pitch);
        let mut step = app.step(cell);
        lock.write(&mut step, Some(value));
        (cell, step)
    };
    app.put_steps(held.from.iter().map(moved).collect(), Some(held.hand));
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
