//! Bars and beats above the steps, and the stretch that repeats: a drag sets it, a double click removes it, and a click has the music
//! go on from there. Keys and fields do the same ([`loop_fields`](super::loop_fields), [`go_to`](super::go_to)), so that this is for
//! the eye and the pointer alone.

use leptos::html;
use leptos::prelude::*;
use score::Beats;
use view::Gesture;
use web_sys::PointerEvent;

use crate::browser;
use crate::model::number::decimal;
use crate::model::ruler::{LoopDrag, marks};
use crate::state::App;

/// A press that moves less is a click.
const CLICK_PIXELS: f64 = 4.0;

/// How long a click waits for a second one, in milliseconds: what removes a loop must not move everybody's music.
const SECOND_CLICK_MILLIS: i32 = 250;

/// A pointer that is down on the ruler.
#[derive(Clone, Copy)]
struct Held {
    step: u16,
    drag: LoopDrag,
    from_x: f64,
    hand: Option<Gesture>,
}

/// The ruler over so many steps.
pub(crate) fn ruler(app: App, longest: Memo<u16>) -> impl IntoView {
    let beats = NodeRef::<html::Div>::new();
    let held = StoredValue::new(None::<Held>);
    let clicked = StoredValue::new(None::<u16>);
    let shown = move || {
        let mark = |mark: crate::model::ruler::Mark| {
            let class = if mark.is_bar { "beat first" } else { "beat" };
            view! { <span class=class style=place("", mark.step)>{mark.text}</span> }
        };
        marks(longest.get(), app.session.meter.get()).into_iter().map(mark).collect_view()
    };
    let region = move || {
        app.session.loop_region.get().map(|region| {
            let style = place("", region.first()) + &place("end-", region.last() + 1);
            view! { <div class="loop" style=style></div> }
        })
    };
    let step_at = move |event: &PointerEvent| step_at(beats, event);
    view! {
        <div class="ruler" aria-hidden="true">
            <div class="ruler-strip"></div>
            <div class="beats" node_ref=beats title="Click to go there, drag to repeat a stretch, double click to play on"
                on:pointerdown=move |event| {
                    if event.button() == 0 && let Some(step) = step_at(&event) {
                        let drag = LoopDrag::press(step, app.session.loop_region.get_untracked());
                        held.set_value(Some(Held { step, drag, from_x: event.client_x().into(), hand: None }));
                        if let Some(beats) = beats.get_untracked() {
                            beats.set_pointer_capture(event.pointer_id()).ok();
                        }
                    }
                }
                on:pointermove=move |event| {
                    if let (Some(now), Some(step)) = (held.get_value(), step_at(&event)) {
                        held.set_value(Some(dragged(app, now, step, &event)));
                    }
                }
                on:pointerup=move |_| {
                    let click = held.get_value().filter(|held| held.hand.is_none());
                    held.set_value(None);
                    if let Some(click) = click {
                        clicked.set_value(Some(click.step));
                        browser::after(SECOND_CLICK_MILLIS, move || go_there(app, clicked));
                    }
                }
                on:pointercancel=move |_| held.set_value(None)
                on:dblclick=move |_| {
                    clicked.set_value(None);
                    app.set_loop(None, None);
                }>
                {region}
                {shown}
            </div>
        </div>
    }
}

/// A click stayed a single one: the music goes on from its step.
fn go_there(app: App, clicked: StoredValue<Option<u16>>) {
    if let Some(step) = clicked.try_update_value(Option::take).flatten() {
        app.seek(Beats::from_steps(i64::from(step)));
    }
}

fn dragged(app: App, held: Held, step: u16, event: &PointerEvent) -> Held {
    if held.hand.is_none() && (f64::from(event.client_x()) - held.from_x).abs() < CLICK_PIXELS {
        return held;
    }
    let hand = held.hand.unwrap_or_else(|| app.gesture());
    if let Some(region) = held.drag.over(step, event.shift_key()) {
        app.set_loop(Some(region), Some(hand));
    }
    Held { hand: Some(hand), ..held }
}

/// Where a step begins, for the style sheet: steps, and groups of four before it.
fn place(name: &str, step: u16) -> String {
    format!("--{name}step:{step};--{name}group:{};", step / 4)
}

/// The step under a pointer: as wide as the first group of four is, gaps included.
fn step_at(beats: NodeRef<html::Div>, event: &PointerEvent) -> Option<u16> {
    let beats = beats.get_untracked()?;
    let style = browser::window().get_computed_style(&beats).ok()??;
    let pixels = |name: &str| decimal(style.get_property_value(name).ok()?.strip_suffix("px")?);
    // The style sheet puts the pattern's scale into lengths that are computed for us.
    let (start, group) = (pixels("padding-left")?, pixels("column-gap")?);
    let x = f64::from(event.client_x()) - browser::edges(&beats).left - start;
    (group > 0.0).then(|| (x / group * 4.0).clamp(0.0, 127.0) as u16)
}
