//! How many steps a pattern has: the usual lengths, and any other.

use leptos::prelude::*;
use score::TrackId;
use score::edit::PatternOp;

use super::strip::length_field;
use crate::state::App;

/// The lengths that are asked for most.
const USUAL: [u16; 10] = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128];

/// The menu.
pub(crate) fn length_menu(app: App, track: TrackId) -> impl IntoView {
    let Some(row) = app.session.row(track) else { return ().into_any() };
    let choice = |steps: u16| {
        let length = row.length.clone();
        view! {
            <button class="choice figure" aria-label=format!("{steps} steps") class:held=move || length.get() == steps
                on:click=move |_| app.set_length(track, steps, None)>{steps}</button>
        }
    };
    view! {
        <div class="choices lengths">{USUAL.map(choice).into_iter().collect_view()}</div>
        <div class="fields"><span>"Any other"</span>{length_field(app, &row)}</div>
        <div class="choices">
            <button class="choice" title="Twice as long, the steps repeated" on:click=move |_| app.operate(track, PatternOp::Double)>"Double"</button>
            <button class="choice" title="Half as long; what lies past it is kept, silent" on:click=move |_| app.operate(track, PatternOp::Halve)>"Halve"</button>
        </div>
    }
    .into_any()
}
