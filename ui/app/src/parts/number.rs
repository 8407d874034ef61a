//! A number that is typed, dragged up and down, nudged by wheel and arrows, and reset by a double click.

use leptos::prelude::*;
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent, PointerEvent, WheelEvent};

use crate::browser;
use crate::model::number::Range;
use crate::state::App;

/// A press that moves less is a click.
const CLICK_PIXELS: f64 = 3.0;

/// What a number shows and does.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    /// Its name.
    pub(crate) label: Signal<String>,
    /// How it moves and reads.
    pub(crate) range: Range,
    /// Written after it.
    pub(crate) unit: &'static str,
    /// What it is.
    pub(crate) value: Signal<f64>,
    /// Sets it; a movement of the hand is one act.
    pub(crate) set: Callback<(f64, Option<Gesture>)>,
}

/// A pointer that is down on a number.
#[derive(Clone, Copy)]
struct Drag {
    from_y: f64,
    from_value: f64,
    hand: Option<Gesture>,
}

/// The number as an element.
pub(crate) fn number(app: App, number: Number) -> impl IntoView {
    let Number { label, range, unit, .. } = number;
    let text = move || number.text();
    let drag = StoredValue::new(None::<Drag>);
    view! {
        <label class="number">
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                spellcheck="false"
                role="spinbutton"
                aria-label=label
                aria-valuemin=range.min.to_string()
                aria-valuemax=range.max.to_string()
                aria-valuenow=text
                aria-valuetext=move || format!("{}{unit}", text())
                prop:value=text
                style=move || format!("--characters:{}", text().len())
                on:mousedown=|event| {
                    // A press is a drag until it is released where it was.
                    if target(&event).is_some_and(|input| !is_focused(&input)) {
                        event.prevent_default();
                    }
                }
                on:pointerdown=move |event| drag.set_value(number.pressed(&event))
                on:pointermove=move |event| {
                    let held = drag.get_value().map(|held| number.moved(app, held, &event));
                    drag.set_value(held);
                }
                on:pointerup=move |event| {
                    released(drag.get_value(), &event);
                    drag.set_value(None);
                }
                on:pointercancel=move |_| drag.set_value(None)
                on:wheel=move |event: WheelEvent| {
                    event.prevent_default();
                    number.nudge(-event.delta_y().signum(), event.shift_key());
                }
                on:dblclick=move |_| number.set.run((range.default, None))
                on:keydown=move |event| number.key(&event)
                on:change=move |event| number.typed(&event)
            />
            <span class="unit" aria-hidden="true">{unit}</span>
        </label>
    }
}

impl Number {
    fn text(&self) -> String {
        self.range.write(self.value.get())
    }

    fn nudge(&self, steps: f64, fine: bool) {
        self.put(self.range.nudge(self.value.get_untracked(), steps, fine), None);
    }

    fn put(&self, value: f64, hand: Option<Gesture>) {
        if value.to_bits() != self.range.settle(self.value.get_untracked()).to_bits() {
            self.set.run((value, hand));
        }
    }

    fn pressed(&self, event: &PointerEvent) -> Option<Drag> {
        let input = target(event).filter(|input| event.button() == 0 && !is_focused(input))?;
        input.set_pointer_capture(event.pointer_id()).ok();
        Some(Drag { from_y: f64::from(event.client_y()), from_value: self.value.get_untracked(), hand: None })
    }

    fn moved(&self, app: App, held: Drag, event: &PointerEvent) -> Drag {
        let rise = held.from_y - f64::from(event.client_y());
        if held.hand.is_none() && rise.abs() < CLICK_PIXELS {
            return held;
        }
        let hand = Some(held.hand.unwrap_or_else(|| app.gesture()));
        self.put(self.range.dragged(held.from_value, rise, event.shift_key()), hand);
        Drag { hand, ..held }
    }

    fn key(&self, event: &KeyboardEvent) {
        let Some(input) = target(event) else { return };
        match event.key().as_str() {
            "ArrowUp" => self.nudge(1.0, event.shift_key()),
            "ArrowDown" => self.nudge(-1.0, event.shift_key()),
            "PageUp" => self.nudge(10.0, false),
            "PageDown" => self.nudge(-10.0, false),
            "Enter" => {
                self.typed(event);
                input.blur().ok();
            }
            "Escape" => {
                input.set_value(&self.range.write(self.value.get_untracked()));
                input.blur().ok();
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn typed(&self, event: &Event) {
        let Some(input) = target(event) else { return };
        if let Some(typed) = self.range.read(&input.value()) {
            self.put(typed, None);
        }
        input.set_value(&self.range.write(self.value.get_untracked()));
    }
}

/// A press that has not moved is a click: the number is to be typed.
fn released(held: Option<Drag>, event: &PointerEvent) {
    if held.is_some_and(|held| held.hand.is_none())
        && let Some(input) = target(event)
    {
        input.focus().ok();
        input.select();
    }
}

fn target(event: &Event) -> Option<HtmlInputElement> {
    event.current_target().and_then(|target| target.dyn_into().ok())
}

fn is_focused(input: &HtmlInputElement) -> bool {
    browser::document().active_element().is_some_and(|active| active == ***input)
}
