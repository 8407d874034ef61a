//! The one knob: it turns by dragging, wheel and arrows, is typed into, and a double click resets it. What it is called, how far
//! it goes and how it reads is the catalogue's.

use leptos::prelude::*;
use score::catalogue::{Parameter, Unit};
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, PointerEvent, WheelEvent};

use crate::browser;
use crate::model::turn::{arc, dragged, nudged, settled, typed};
use crate::state::App;

/// A hand sends at most one value in so many milliseconds, 30 a second.
const SEND_EVERY_MILLIS: f64 = 33.0;
/// A press that moves less is a click.
const CLICK_PIXELS: f64 = 3.0;

/// What a knob shows and does.
#[derive(Clone, Copy)]
pub(super) struct Knob {
    /// What it turns.
    pub(super) parameter: &'static Parameter,
    /// Whether it looks like a fader.
    pub(super) is_fader: bool,
    /// What it is.
    pub(super) value: Signal<f32>,
    /// Sets it, `None` to where it rests; a movement of the hand is one act.
    pub(super) set: Callback<(Option<f64>, Option<Gesture>)>,
}

/// A hand on a knob.
#[derive(Clone, Copy)]
struct Hold {
    hand: Option<Gesture>,
    from_y: f64,
    from_value: f32,
    sent_at: f64,
    /// What was not sent, for another had just been.
    waiting: Option<f32>,
}

/// A knob that is drawn, with what it holds while a hand is on it.
#[derive(Clone, Copy)]
struct Drawn {
    app: App,
    knob: Knob,
    hold: StoredValue<Option<Hold>>,
    /// What the hand has turned it to, ahead of what was sent.
    ahead: RwSignal<Option<f32>>,
}

/// The knob as an element: a dial with its value and its name, a list of choices, or a switch.
pub(super) fn knob(app: App, knob: Knob) -> AnyView {
    match knob.parameter.unit {
        Unit::Choice => choice(knob),
        Unit::Switch => switch(knob),
        _ => dial(Drawn { app, knob, hold: StoredValue::new(None), ahead: RwSignal::new(None) }),
    }
}

fn dial(drawn: Drawn) -> AnyView {
    let Knob { parameter, is_fader, .. } = drawn.knob;
    let class = if is_fader { "knob fader-knob" } else { "knob" };
    let style = move || {
        let (from, to) = arc(parameter, drawn.shown());
        format!("--from:{from:.3};--to:{to:.3};--at:{:.3}", parameter.position(drawn.shown()))
    };
    let text = move || parameter.show(drawn.shown());
    view! {
        <div class=class style=style title=parameter.about
            on:pointerdown=move |event| drawn.pressed(&event)
            on:pointermove=move |event| drawn.moved(&event)
            on:pointerup=move |event| drawn.released(&event)
            on:pointercancel=move |_| drawn.let_go()
            on:dblclick=move |_| drawn.reset()
            on:wheel=move |event| drawn.wheel(&event)>
            <span class="dial" aria-hidden="true"></span>
            <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" role="spinbutton" aria-label=called(parameter)
                aria-valuemin=parameter.min.to_string() aria-valuemax=parameter.max.to_string()
                aria-valuenow=move || drawn.shown().to_string() aria-valuetext=text prop:value=text
                on:keydown=move |event| drawn.key(&event) on:change=move |event| drawn.typed(&event)/>
            <span class="knob-name" aria-hidden="true">{parameter.name}</span>
        </div>
    }
    .into_any()
}

fn choice(knob: Knob) -> AnyView {
    let Knob { parameter, value, set, .. } = knob;
    let options = (0u8..).zip(parameter.choices).map(|(at, name)| {
        view! { <option value=at.to_string() selected=move || value.get() as u8 == at>{*name}</option> }
    });
    view! {
        <label class="knob choice-knob" title=parameter.about>
            <select class="select" aria-label=called(parameter) on:change=move |event| {
                set.run((event_target_value(&event).parse().ok(), None));
            }>{options.collect_view()}</select>
            <span class="knob-name" aria-hidden="true">{parameter.name}</span>
        </label>
    }
    .into_any()
}

fn switch(knob: Knob) -> AnyView {
    let Knob { parameter, value, set, .. } = knob;
    let is_on = move || value.get() >= 0.5;
    view! {
        <label class="knob choice-knob" title=parameter.about>
            <button class="toggle" role="switch" aria-label=called(parameter) aria-checked=move || is_on().to_string()
                on:click=move |_| set.run((Some(if value.get_untracked() >= 0.5 { 0.0 } else { 1.0 }), None))><span></span></button>
            <span class="knob-name" aria-hidden="true">{parameter.name}</span>
        </label>
    }
    .into_any()
}

/// An effect's knob says whose it is: several slots have a `Wet`.
fn called(parameter: &Parameter) -> String {
    match parameter.slot {
        Some(slot) => format!("{} {}", slot.id(), parameter.name.to_lowercase()),
        None => parameter.name.to_owned(),
    }
}

impl Drawn {
    fn shown(self) -> f32 {
        self.ahead.get().unwrap_or_else(|| self.knob.value.get())
    }

    fn now(self) -> f32 {
        self.ahead.get_untracked().unwrap_or_else(|| self.knob.value.get_untracked())
    }

    fn put(self, value: f32, hand: Option<Gesture>) {
        let value = settled(self.knob.parameter, value);
        if (value as f32).to_bits() != self.knob.value.get_untracked().to_bits() {
            self.knob.set.run((Some(value), hand));
        }
    }

    fn reset(self) {
        self.knob.set.run((None, None));
    }

    fn pressed(self, event: &PointerEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let types = target.is_some_and(|target| browser::document().active_element() == Some(target));
        let Some(own) = event.current_target().and_then(|own| own.dyn_into::<Element>().ok()) else { return };
        if event.button() != 0 || types {
            return;
        }
        // A press is a turn until it is released where it was.
        event.prevent_default();
        own.set_pointer_capture(event.pointer_id()).ok();
        self.hold.set_value(Some(Hold {
            hand: None,
            from_y: f64::from(event.client_y()),
            from_value: self.now(),
            sent_at: 0.0,
            waiting: None,
        }));
    }

    fn moved(self, event: &PointerEvent) {
        let Some(mut hold) = self.hold.get_value() else { return };
        let rise = hold.from_y - f64::from(event.client_y());
        if hold.hand.is_none() && rise.abs() < CLICK_PIXELS {
            return;
        }
        let hand = hold.hand.unwrap_or_else(|| self.app.gesture());
        hold.hand = Some(hand);
        let value = dragged(self.knob.parameter, hold.from_value, rise, event.shift_key());
        self.ahead.set(Some(value));
        let now = browser::now();
        if now - hold.sent_at >= SEND_EVERY_MILLIS {
            (hold.sent_at, hold.waiting) = (now, None);
            self.hold.set_value(Some(hold));
            self.put(value, Some(hand));
        } else {
            let is_first = hold.waiting.replace(value).is_none();
            self.hold.set_value(Some(hold));
            if is_first {
                browser::after(SEND_EVERY_MILLIS as i32, move || self.send_waiting());
            }
        }
    }

    fn send_waiting(self) {
        // The knob may have gone meanwhile.
        let Some(Some(mut hold)) = self.hold.try_get_value() else { return };
        if let Some(value) = hold.waiting.take() {
            hold.sent_at = browser::now();
            let hand = hold.hand;
            self.hold.set_value(Some(hold));
            self.put(value, hand);
        }
    }

    /// A press that has not moved is a click: the value is to be typed.
    fn released(self, event: &PointerEvent) {
        let is_click = self.hold.get_value().is_some_and(|hold| hold.hand.is_none());
        self.let_go();
        if !is_click {
            return;
        }
        let own = event.current_target().and_then(|own| own.dyn_into::<Element>().ok());
        let input = own.and_then(|own| own.query_selector("input").ok().flatten());
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.focus().ok();
            input.select();
        }
    }

    fn let_go(self) {
        self.send_waiting();
        self.hold.set_value(None);
        self.ahead.set(None);
    }

    fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        self.nudge(-event.delta_y().signum() as f32, event.shift_key());
    }

    fn nudge(self, notches: f32, fine: bool) {
        self.put(nudged(self.knob.parameter, self.now(), notches, fine), None);
    }

    fn key(self, event: &KeyboardEvent) {
        let fine = event.shift_key();
        match event.key().as_str() {
            "ArrowUp" => self.nudge(1.0, fine),
            "ArrowDown" => self.nudge(-1.0, fine),
            "PageUp" => self.nudge(10.0, false),
            "PageDown" => self.nudge(-10.0, false),
            "Enter" => {
                self.typed(event);
                leave(event);
            }
            "Escape" => {
                write(event, &self.knob.parameter.show(self.now()));
                leave(event);
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn typed(self, event: &Event) {
        let Some(input) = target(event) else { return };
        if let Some(value) = typed(self.knob.parameter, self.now(), &input.value()) {
            self.put(value, None);
        }
        input.set_value(&self.knob.parameter.show(self.now()));
    }
}

fn target(event: &Event) -> Option<HtmlInputElement> {
    event.current_target().and_then(|target| target.dyn_into().ok())
}

fn write(event: &Event, text: &str) {
    if let Some(input) = target(event) {
        input.set_value(text);
    }
}

fn leave(event: &Event) {
    if let Some(input) = target(event) {
        input.blur().ok();
    }
}
