//! How late this machine is heard: what its sound device says, and what the player adds to that by ear.

use std::time::Duration;

use leptos::prelude::*;
use view::SoundDelay;
use view::host::MAX_TRIM_MICROS;

use super::number::{Number, number};
use crate::host;
use crate::model::link_state::milliseconds;
use crate::model::number::Range;
use crate::state::App;

/// What may be added or taken off, in milliseconds.
const MOST: f64 = MAX_TRIM_MICROS as f64 / 1_000.0;
const TRIM: Range =
    Range { min: -MOST, max: MOST, default: 0.0, step: 1.0, fine: 0.1, digits: 1, pixels_per_step: 3.0 };

/// How often it is looked at while it is shown.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The lines about it.
pub(crate) fn device(app: App) -> impl IntoView {
    let delay = RwSignal::new(host::delay());
    if let Ok(looking) = set_interval_with_handle(move || delay.set(host::delay()), LOOK_EVERY) {
        on_cleanup(move || looking.clear());
    }
    let set = move |millis: f64| {
        host::trim((millis * 1_000.0).round() as i32);
        delay.set(host::delay());
    };
    view! {
        <p class="hint">{move || words(delay.get())}</p>
        <div class="fields">
            <span>"Trim by ear"</span>
            {number(app, Number {
                label: "Trim of this machine's sound".into(),
                range: TRIM,
                unit: " ms",
                value: Signal::derive(move || f64::from(delay.get().trim_micros) / 1_000.0),
                set: Callback::new(move |(millis, _)| set(millis)),
            })}
        </div>
        <p class="hint">"More where this machine is heard after the others, less where it is heard before them. It stays on this machine."</p>
    }
}

fn words(delay: SoundDelay) -> String {
    match delay.device_micros {
        Some(micros) => format!(
            "This machine's sound device says that it is heard {} after it is made. That is made up for.",
            milliseconds(Some(micros))
        ),
        None => "How late this machine's sound device is shows once it plays.".to_owned(),
    }
}
