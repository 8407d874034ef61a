//! The dock's upper edge, by which it is made higher and lower.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use crate::state::App;

/// What an arrow key adds, in pixels.
const NOTCH: f64 = 24.0;

/// The edge.
pub(super) fn handle(app: App) -> impl IntoView {
    let dock = &app.ui.dock;
    let (open, height) = (dock.open, dock.height);
    // Where the pointer went down, and how high the dock was.
    let held = StoredValue::new(None::<(f64, f64)>);
    view! {
        <div class="dock-edge" role="separator" aria-orientation="horizontal" aria-label="Height of the dock" tabindex="0"
            aria-valuemin="120" aria-valuemax="900" aria-valuenow=move || height.get().to_string()
            hidden=move || open.get().is_none()
            on:pointerdown=move |event: PointerEvent| {
                if let Some(edge) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
                    edge.set_pointer_capture(event.pointer_id()).ok();
                    held.set_value(Some((f64::from(event.client_y()), height.get_untracked())));
                }
            }
            on:pointermove=move |event: PointerEvent| {
                if let Some((from, high)) = held.get_value() {
                    app.ui.dock.set_height(high + from - f64::from(event.client_y()));
                }
            }
            on:pointerup=move |_| held.set_value(None)
            on:pointercancel=move |_| held.set_value(None)
            on:keydown=move |event: KeyboardEvent| {
                let by = match event.key().as_str() { "ArrowUp" => NOTCH, "ArrowDown" => -NOTCH, _ => return };
                event.prevent_default();
                app.ui.dock.set_height(height.get_untracked() + by);
            }></div>
    }
}
