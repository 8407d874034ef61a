//! The keyboard: played by pointer, touch and the computer's keys, heard at once and by this player alone.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use score::TrackId;
use score::step::MAX_PITCH_SEMITONES;
use score::time::STEP;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

use super::keys::Board;
use crate::model::beat_clock::{folded, step_of};
use crate::model::notes::{PitchRow, add_note, computer_key};
use crate::state::App;
use crate::{browser, host, playhead};

/// Velocity of a key of the computer's keyboard, which does not say how hard it is hit.
const USUAL_VELOCITY: f32 = 0.75;
/// Keys that the keyboard shows: two octaves and the C above.
const SPAN: i8 = 24;

thread_local! {
    /// What is held down: by which finger or key, on which track, at which pitch.
    static HELD: RefCell<BTreeMap<String, (TrackId, i8)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Plays a note that `by` holds; one that it held before is let go.
pub(super) fn press(app: App, by: &str, track: TrackId, pitch: i8, velocity: f32) {
    let_go(by);
    app.listen();
    host::strike(track, pitch, Some(velocity));
    HELD.with_borrow_mut(|held| held.insert(by.to_owned(), (track, pitch)));
}

/// Ends the note that `by` holds.
pub(super) fn let_go(by: &str) {
    if let Some((track, pitch)) = HELD.with_borrow_mut(|held| held.remove(by)) {
        host::strike(track, pitch, None);
    }
}

fn held_at(by: &str) -> Option<i8> {
    HELD.with_borrow(|held| held.get(by).map(|(_, pitch)| *pitch))
}

/// Lets go of everything: the focus or the keyboard is gone.
fn let_all_go() {
    for (track, pitch) in HELD.take().into_values() {
        host::strike(track, pitch, None);
    }
}

/// Writes a note at the step that is nearest to what is heard, where recording is armed and the music plays.
fn record(app: App, board: Board, pitch: i8, velocity: f32) {
    let beat = playhead::moving_beat(app).filter(|_| board.is_armed.get_untracked());
    let (Some(beat), Some(row)) = (beat, app.session.row(board.track)) else { return };
    let nearest = beat + STEP.0 as f64 / 2.0;
    let step = step_of(folded(nearest, app.session.loop_region.get_untracked()), row.length.get_untracked());
    let velocity = (velocity * 100.0).round() / 100.0;
    app.change_step(board.track, step, None, |step| add_note(step, pitch, Some(velocity)));
}

/// The pitch of the keyboard's lowest key: the C nearest to the track's own pitch.
fn lowest(board: Board) -> i8 {
    let above_c = board.base.get().rem_euclid(12) as i8;
    let nearest = if above_c > 6 { 12 - above_c } else { -above_c };
    nearest - 12 + 12 * board.octave.get()
}

fn within(pitch: i8) -> bool {
    (-MAX_PITCH_SEMITONES..=MAX_PITCH_SEMITONES).contains(&pitch)
}

/// The keyboard as an element.
pub(super) fn piano(app: App, board: Board) -> impl IntoView {
    on_cleanup(let_all_go);
    let keys = move || {
        let lowest = lowest(board);
        let scale = app.session.scale.get();
        let whites = f64::from(SPAN / 12 * 7 + 1);
        let mut white = 0.0;
        (0..=SPAN)
            .map(|place| {
                let row = PitchRow::of(lowest + place, board.base.get(), scale);
                let left = if row.is_black() { white - 0.32 } else { white };
                white += if row.is_black() { 0.0 } else { 1.0 };
                let width = if row.is_black() { 0.64 } else { 1.0 };
                let class = match (row.is_black(), row.in_scale) {
                    (true, true) => "key black in-scale",
                    (true, false) => "key black",
                    (false, true) => "key in-scale",
                    (false, false) => "key",
                };
                let style = format!("left:{:.3}%;width:{:.3}%", left / whites * 100.0, width / whites * 100.0);
                let label = if row.is_root { row.name() } else { String::new() };
                view! {
                    <div class=class style=style data-key=row.pitch.to_string() role="button" aria-label=row.name()
                        hidden=!within(row.pitch)><span>{label}</span></div>
                }
            })
            .collect_view()
    };
    view! {
        <div class="piano" role="group" aria-label="Keyboard"
            on:pointerdown=move |event| pointed(app, board, &event, true)
            on:pointermove=move |event| pointed(app, board, &event, false)
            on:pointerup=|event| lifted(&event) on:pointercancel=|event| lifted(&event)>
            {keys}
        </div>
    }
}

fn finger(event: &PointerEvent) -> String {
    format!("finger {}", event.pointer_id())
}

/// A finger is on the keyboard: it plays the key under it, and the next one when it slides there.
fn pointed(app: App, board: Board, event: &PointerEvent, goes_down: bool) {
    let by = finger(event);
    if goes_down {
        event.prevent_default();
        if let Some(own) = event.current_target().and_then(|own| own.dyn_into::<Element>().ok()) {
            own.set_pointer_capture(event.pointer_id()).ok();
        }
        // The key stays under the pointer.
        browser::focus_in_place(super::keys::KEYS_ID);
    } else if held_at(&by).is_none() {
        return;
    }
    let under = browser::document().element_from_point(event.client_x() as f32, event.client_y() as f32);
    let Some(key) = under.and_then(|under| under.closest("[data-key]").ok().flatten()) else { return };
    let Some(pitch) = key.get_attribute("data-key").and_then(|pitch| pitch.parse::<i8>().ok()) else {
        return;
    };
    if held_at(&by) == Some(pitch) {
        return;
    }
    // The nearer to the front, the harder.
    let edges = browser::edges(&key);
    let depth = (f64::from(event.client_y()) - edges.top) / (edges.bottom - edges.top).max(1.0);
    let velocity = (0.35 + 0.65 * depth.clamp(0.0, 1.0)) as f32;
    press(app, &by, board.track, pitch, velocity);
    record(app, board, pitch, velocity);
}

fn lifted(event: &PointerEvent) {
    let_go(&finger(event));
}

/// The computer's keyboard plays while the focus is in the tab and nothing is typed.
pub(super) fn key_down(app: App, board: Board, event: &KeyboardEvent) {
    let types = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let types = types.is_some_and(|target| target.matches("input, select, textarea").unwrap_or(false));
    if types || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let pitch = computer_key(&event.code()).map(|place| lowest(board) + place).filter(|pitch| within(*pitch));
    let Some(pitch) = pitch else { return };
    event.prevent_default();
    if !event.repeat() {
        press(app, &event.code(), board.track, pitch, USUAL_VELOCITY);
        record(app, board, pitch, USUAL_VELOCITY);
    }
}

/// A key of the computer's keyboard is let go.
pub(super) fn key_up(_: Board, event: &KeyboardEvent) {
    let_go(&event.code());
}
