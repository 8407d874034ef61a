//! The lane of velocities below the melodic grid: how hard each step is played, drawn by dragging.

use std::sync::Arc;

use leptos::prelude::*;
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use super::keys::Board;
use crate::browser;
use crate::model::notes::{set_velocity, velocity};
use crate::state::{App, Row};

/// The lane. By keyboard the melodic grid's own keys say as much, so it is for the pointer alone.
pub(super) fn velocities(app: App, board: Board, row: &Arc<Row>) -> impl IntoView + use<> {
    let hand = StoredValue::new(None::<Gesture>);
    let row = row.clone();
    let length = row.length.clone();
    let bars = move || {
        let bar = |number: u16| {
            let cell = row.cell(number).cloned();
            let style = move || {
                let share = cell.as_ref().map_or(0.0, |cell| cell.with(velocity));
                format!("--velocity:{share:.2}")
            };
            view! { <i style=style></i> }
        };
        (0..row.length.get()).map(bar).collect_view()
    };
    view! {
        <div class="velocities" aria-hidden="true" title="Velocity: drag" style=move || format!("--steps:{}", length.get())
            on:pointerdown=move |event: PointerEvent| {
                if let Some(lane) = lane_of(&event) {
                    lane.set_pointer_capture(event.pointer_id()).ok();
                    hand.set_value(Some(app.gesture()));
                    drawn(app, board, hand.get_value(), &event);
                }
            }
            on:pointermove=move |event| drawn(app, board, hand.get_value(), &event)
            on:pointerup=move |_| hand.set_value(None)
            on:pointercancel=move |_| hand.set_value(None)>
            {bars}
        </div>
    }
}

fn lane_of(event: &PointerEvent) -> Option<Element> {
    event.current_target().and_then(|lane| lane.dyn_into().ok())
}

fn drawn(app: App, board: Board, hand: Option<Gesture>, event: &PointerEvent) {
    let (Some(hand), Some(lane), Some(row)) = (hand, lane_of(event), app.session.row(board.track)) else {
        return;
    };
    let edges = browser::edges(&lane);
    let share = |at: f64, from: f64, to: f64| ((at - from) / (to - from).max(1.0)).clamp(0.0, 1.0);
    let length = row.length.get_untracked();
    let along = share(f64::from(event.client_x()), edges.left, edges.right);
    let number = ((along * f64::from(length)) as u16).min(length.saturating_sub(1));
    let level = 1.0 - share(f64::from(event.client_y()), edges.top, edges.bottom);
    if row.step(number).on {
        app.change_step(board.track, number, Some(hand), |step| set_velocity(step, level as f32));
    }
}
