//! The stretch that repeats, in the transport: its switch, its first and its last step.

use leptos::prelude::*;
use score::meter::LoopRegion;
use view::Gesture;

use super::icon::{self, icon};
use super::number::{Number, number};
use crate::model::number::Range;
use crate::state::App;

/// Steps are counted from 1 where people read them.
const STEPS: Range = Range { max: LoopRegion::MAX_STEP as f64 + 1.0, ..Range::LENGTH.resting_at(1.0) };

/// The switch and, while it is on, both ends.
pub(crate) fn loop_fields(app: App) -> impl IntoView {
    let region = app.session.loop_region;
    let is_on = Memo::new(move |_| region.with(Option::is_some));
    view! {
        <button class="quiet square small" aria-label="Loop" aria-pressed=move || is_on.get().to_string()
            title="Repeat a stretch (O in the grid; drag on the ruler)"
            on:click=move |_| {
                let next = if is_on.get_untracked() { None } else { app.remembered_loop() };
                app.toggle_loop(next);
            }>
            {icon(icon::LOOP)}
        </button>
        <Show when=move || is_on.get()>{ends(app)}</Show>
    }
}

fn ends(app: App) -> impl IntoView {
    let region = app.session.loop_region;
    let end = move |label: &'static str,
                    read: fn(&LoopRegion) -> u16,
                    with: fn(LoopRegion, u16) -> Option<LoopRegion>| {
        let value =
            move || region.with(|region| region.as_ref().map_or(1.0, |region| f64::from(read(region) + 1)));
        let set = move |(step, hand): (f64, Option<Gesture>)| {
            let held = region.get_untracked();
            if let Some(next) = held.and_then(|held| with(held, step as u16 - 1)) {
                app.set_loop(Some(next), hand);
            }
        };
        number(
            app,
            Number {
                label: label.into(),
                range: STEPS,
                unit: "",
                value: Signal::derive(value),
                set: Callback::new(set),
            },
        )
    };
    view! {
        <span class="ends">
            {end("First step of the loop", |region| region.first(), |held, first| LoopRegion::from_steps(first, held.last().max(first)))}
            <span class="unit" aria-hidden="true">"–"</span>
            {end("Last step of the loop", |region| region.last(), |held, last| LoopRegion::from_steps(held.first().min(last), last))}
        </span>
    }
}
