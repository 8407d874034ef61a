//! The time signature: 1 to 16 over 4 or 8.

use leptos::prelude::*;
use score::Meter;

use super::number::{Number, number};
use crate::model::number::Range;
use crate::state::App;

const COUNTS: Range = Range { min: 1.0, max: 16.0, ..Range::LENGTH.resting_at(4.0) };

/// Counts, and what counts.
pub(crate) fn meter_fields(app: App) -> impl IntoView {
    let meter = app.session.meter;
    let choose = move |counts: u8, unit: u8| {
        if let Some(meter) = Meter::from_parts(counts, unit) {
            app.set_meter(meter);
        }
    };
    let unit = move |unit: u8| {
        view! { <option value=unit.to_string() selected=move || meter.get().denominator() == unit>{unit.to_string()}</option> }
    };
    view! {
        <span class="caption" aria-hidden="true">"Meter"</span>
        <span class="meter-fields">
            {number(app, Number {
                label: "Counts in a bar".into(),
                range: COUNTS,
                unit: "",
                value: Signal::derive(move || f64::from(meter.get().numerator())),
                set: Callback::new(move |(counts, _)| choose(counts as u8, meter.get_untracked().denominator())),
            })}
            <span class="unit" aria-hidden="true">"/"</span>
            <select class="select" aria-label="Note that counts" on:change=move |event| {
                choose(meter.get_untracked().numerator(), event_target_value(&event).parse().unwrap_or(4));
            }>{unit(4)} {unit(8)}</select>
        </span>
    }
}
