//! The melodic grid: pitches by steps. Notes are drawn and erased by dragging; a cursor moves by arrows.

use std::sync::Arc;

use leptos::prelude::*;
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::keys::Board;
use super::piano;
use crate::model::beat_clock::step_of;
use crate::model::notes::{add_note, notes, remove_note, set_velocity, velocity};
use crate::state::{App, Row};
use crate::{browser, playhead};

/// Height of a row in pixels, as the style sheet has it.
const ROW_PIXELS: f64 = 18.0;
/// The element whose place is the step that is heard.
const LIGHT_ID: &str = "roll-light";
/// Who holds the note that is heard while one is drawn.
const PEN: &str = "pen";

/// A stroke of the pointer: what it draws, and where it was last.
#[derive(Clone, Copy)]
struct Pen {
    hand: Gesture,
    draws: bool,
    last: (i8, u16),
}

/// The grid.
pub(super) fn roll(app: App, board: Board, row: &Arc<Row>) -> impl IntoView + use<> {
    let pen = StoredValue::new(None::<Pen>);
    let at = RwSignal::new((0i8, 0u16));
    let length = row.length.clone();
    let style = {
        let length = length.clone();
        move || format!("--steps:{};--rows:{}", length.get(), board.rows.with(Vec::len))
    };
    let looped = row.length.clone();
    let region = move || {
        let last = looped.get().saturating_sub(1);
        let region = app.session.loop_region.get().filter(|region| region.first() <= last)?;
        let steps = region.last().min(last) - region.first() + 1;
        let style = format!("--step:{};--count:{steps}", region.first());
        Some(view! { <div class="roll-loop" style=style aria-hidden="true"></div> })
    };
    let (row, named) = (row.clone(), row.clone());
    let columns = move || {
        let row = row.clone();
        (0..row.length.get()).map(move |number| column(board, &row, number)).collect_view()
    };
    follow(app, board);
    centre(board);
    view! {
        <div class="roll" style=style>
            <div class="roll-names" aria-hidden="true">{move || names(board)}</div>
            <div class="roll-grid" role="grid" aria-label="Notes" tabindex="0" aria-activedescendant="roll-cursor"
                on:pointerdown=move |event| pressed(app, board, pen, at, &event)
                on:pointermove=move |event| drawn(app, board, pen, at, &event)
                on:pointerup=move |_| lifted(pen) on:pointercancel=move |_| lifted(pen)
                on:keydown=move |event| key(app, board, at, &event)>
                <div class="roll-rows" aria-hidden="true">{move || lines(board)}</div>
                {region}
                <div class="roll-light" id=LIGHT_ID aria-hidden="true"></div>
                <div class="roll-columns" role="presentation" aria-hidden="true">{columns}</div>
                {cursor(board, named, at)}
            </div>
        </div>
    }
}

fn names(board: Board) -> impl IntoView {
    let name = |row: &crate::model::notes::PitchRow| {
        let class = if row.is_black() { "roll-name black" } else { "roll-name" };
        view! { <span class=class class:root=row.is_root>{row.name()}</span> }
    };
    board.rows.with(|rows| rows.iter().map(name).collect_view())
}

fn lines(board: Board) -> impl IntoView {
    board.rows.with(|rows| {
        let line = |row: &crate::model::notes::PitchRow| {
            let class = match (row.is_root, row.in_scale) {
                (true, _) => "roll-row root",
                (false, true) => "roll-row in-scale",
                (false, false) => "roll-row",
            };
            view! { <div class=class></div> }
        };
        rows.iter().map(line).collect_view()
    })
}

/// The notes of a step: drawn anew when the step changes, and no other.
fn column(board: Board, row: &Arc<Row>, number: u16) -> impl IntoView + use<> {
    let cell = row.cell(number).cloned();
    let held = move || {
        let (notes, tie) = cell.as_ref()?.with(|step| (notes(step), step.tie));
        board.rows.with(|rows| {
            let place = |pitch: i8| rows.iter().position(|row| row.pitch == pitch);
            let shown = notes.into_iter().filter_map(|(pitch, velocity)| Some((place(pitch)?, velocity)));
            let note = |(place, velocity): (usize, f32)| {
                let style = format!("--row:{place};--velocity:{velocity:.2}");
                view! { <i class="note" class:tie=tie style=style></i> }
            };
            Some(shown.map(note).collect_view())
        })
    };
    view! { <div class="roll-column">{held}</div> }
}

/// The cell under the keyboard's cursor, which is all of the grid that screen readers are told.
fn cursor(board: Board, row: Arc<Row>, at: RwSignal<(i8, u16)>) -> impl IntoView {
    let place = move || {
        let (pitch, _) = at.get();
        board.rows.with(|rows| rows.iter().position(|row| row.pitch == pitch)).unwrap_or(0)
    };
    let style = move || format!("--row:{};--step:{}", place(), at.get().1);
    let label = move || {
        let (pitch, number) = at.get();
        let name = board.rows.with(|rows| rows.get(place()).map(|row| row.name()));
        let step = row.cell(number).map(Get::get).unwrap_or_default();
        let held = notes(&step).into_iter().find(|(other, _)| *other == pitch);
        let state = held.map_or_else(
            || "off".to_owned(),
            |(_, velocity)| format!("on, velocity {:.0} percent", velocity * 100.0),
        );
        format!("{}, step {} of {}, {state}", name.unwrap_or_default(), number + 1, row.length.get())
    };
    view! { <div role="row" class="roll-cursor-row"><div class="roll-cursor" role="gridcell" id="roll-cursor" style=style aria-label=label></div></div> }
}

/// The note under the pointer.
fn note_at(app: App, board: Board, event: &PointerEvent) -> Option<(i8, u16)> {
    let grid = event.current_target()?.dyn_into::<Element>().ok()?;
    let edges = browser::edges(&grid);
    let length = f64::from(app.session.row(board.track)?.length.get_untracked());
    let along = (f64::from(event.client_x()) - edges.left) / (edges.right - edges.left).max(1.0);
    let down = (f64::from(event.client_y()) - edges.top) / ROW_PIXELS;
    if !(0.0..1.0).contains(&along) || down < 0.0 {
        return None;
    }
    let pitch = board.rows.with_untracked(|rows| rows.get(down as usize).map(|row| row.pitch))?;
    Some((pitch, (along * length) as u16))
}

fn pressed(
    app: App,
    board: Board,
    pen: StoredValue<Option<Pen>>,
    at: RwSignal<(i8, u16)>,
    event: &PointerEvent,
) {
    if event.button() != 0 {
        return;
    }
    let (Some(spot), Some(row)) = (note_at(app, board, event), app.session.row(board.track)) else { return };
    if let Some(grid) = event.current_target().and_then(|grid| grid.dyn_into::<Element>().ok()) {
        grid.set_pointer_capture(event.pointer_id()).ok();
    }
    let draws = notes(&row.step(spot.1)).iter().all(|(pitch, _)| *pitch != spot.0);
    let stroke = Pen { hand: app.gesture(), draws, last: spot };
    pen.set_value(Some(stroke));
    at.set(spot);
    draw(app, board, stroke, spot);
}

fn drawn(
    app: App,
    board: Board,
    pen: StoredValue<Option<Pen>>,
    at: RwSignal<(i8, u16)>,
    event: &PointerEvent,
) {
    let Some(stroke) = pen.get_value() else { return };
    let Some(spot) = note_at(app, board, event).filter(|spot| *spot != stroke.last) else { return };
    pen.set_value(Some(Pen { last: spot, ..stroke }));
    at.set(spot);
    draw(app, board, stroke, spot);
}

fn lifted(pen: StoredValue<Option<Pen>>) {
    pen.set_value(None);
    piano::let_go(PEN);
}

fn draw(app: App, board: Board, stroke: Pen, (pitch, number): (i8, u16)) {
    if stroke.draws {
        app.change_step(board.track, number, Some(stroke.hand), |step| add_note(step, pitch, None));
        // Where the pattern plays, it is heard in its place.
        if !untrack(move || app.hears_music()) {
            piano::press(app, PEN, board.track, pitch, 0.7);
        }
    } else {
        app.change_step(board.track, number, Some(stroke.hand), |step| remove_note(step, pitch));
    }
}

fn key(app: App, board: Board, at: RwSignal<(i8, u16)>, event: &KeyboardEvent) {
    let Some(row) = app.session.row(board.track) else { return };
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let (pitch, number) = at.get_untracked();
    let last = row.length.get_untracked().saturating_sub(1);
    let place = board.rows.with_untracked(|rows| rows.iter().position(|row| row.pitch == pitch)).unwrap_or(0);
    let go = |place: usize, number: u16| {
        let pitch = board
            .rows
            .with_untracked(|rows| rows.get(place.min(rows.len().saturating_sub(1))).map(|row| row.pitch));
        at.set((pitch.unwrap_or(0), number.min(last)));
        show_cursor();
    };
    let step = row.step(number);
    let louder = |by: f32| {
        app.change_step(board.track, number, None, |held| set_velocity(held, velocity(&step) + by));
    };
    match event.key().as_str() {
        "ArrowUp" => go(place.saturating_sub(1), number),
        "ArrowDown" => go(place + 1, number),
        "ArrowLeft" => go(place, number.saturating_sub(1)),
        "ArrowRight" => go(place, number + 1),
        "PageUp" => go(place.saturating_sub(12), number),
        "PageDown" => go(place + 12, number),
        "Home" => go(place, 0),
        "End" => go(place, last),
        "Enter" | " " => {
            let has = notes(&step).iter().any(|(other, _)| *other == pitch);
            app.change_step(board.track, number, None, |step| {
                if has { remove_note(step, pitch) } else { add_note(step, pitch, None) }
            });
        }
        "Delete" | "Backspace" => app.change_step(board.track, number, None, |step| remove_note(step, pitch)),
        "+" | "=" if step.on => louder(0.1),
        "-" if step.on => louder(-0.1),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn show_cursor() {
    browser::after(0, || {
        if let Some(cursor) = browser::document().get_element_by_id("roll-cursor") {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            cursor.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Begins with the track's own pitch in the middle.
fn centre(board: Board) {
    browser::after(0, move || {
        let Some(rows) = board.rows.try_get_untracked() else { return };
        let roll = browser::document().query_selector(".roll").ok().flatten();
        let place = rows.iter().position(|row| row.pitch <= 0).unwrap_or(0) as f64;
        if let Some(roll) = roll {
            let middle = place * ROW_PIXELS - f64::from(roll.client_height()) / 2.0;
            roll.set_scroll_top(middle.max(0.0) as i32);
        }
    });
}

/// Moves the light to the step that is heard.
fn follow(app: App, board: Board) {
    let mut shown = None;
    playhead::each_frame(Some(Box::new(move || {
        let Some(row) = app.session.row(board.track) else { return };
        let step = playhead::moving_beat(app).map(|beat| step_of(beat, row.length.get_untracked()));
        if shown != step {
            shown = step;
            let style = step.map_or_else(|| "opacity:0".to_owned(), |step| format!("--step:{step}"));
            if let Some(light) = browser::document().get_element_by_id(LIGHT_ID) {
                light.set_attribute("style", &style).ok();
            }
        }
    })));
    on_cleanup(|| playhead::each_frame(None));
}
