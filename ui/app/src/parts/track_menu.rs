//! What can be done with a track and its pattern.

use leptos::prelude::*;
use score::TrackId;
use score::edit::{PatternOp, TrackEdit};

use super::number::{Number, number};
use crate::host;
use crate::model::number::Range;
use crate::state::App;

/// The menu of a track.
pub(crate) fn track_menu(app: App, track: TrackId) -> impl IntoView {
    let Some(row) = app.session.row(track) else { return ().into_any() };
    let transpose = row.transpose.clone();
    let swing = row.swing.clone();
    view! {
        <div class="fields">
            <span>"Transpose"</span>
            {number(app, Number {
                label: "Transpose".into(),
                range: Range::SEMITONES,
                unit: " st",
                value: Signal::derive(move || f64::from(transpose.get())),
                set: Callback::new(move |(by, hand)| app.change_track(track, hand, TrackEdit::SetTranspose(by as i8))),
            })}
            <span>"Swing"</span>
            {number(app, Number {
                label: "Track swing".into(),
                range: Range::PERCENT,
                unit: " %",
                value: Signal::derive(move || f64::from(swing.get())),
                set: Callback::new(move |(by, hand)| app.change_track(track, hand, TrackEdit::SetSwing(by as f32))),
            })}
        </div>
        <h3>"Pattern"</h3>
        {operations(app, track)}
        <h3>"Euclidean hits"</h3>
        {euclid(app, track)}
        <hr/>
        <div class="choices">
            <button class="choice" on:click=move |_| app.move_track(track, -1)>"Move up"</button>
            <button class="choice" on:click=move |_| app.move_track(track, 1)>"Move down"</button>
            <button class="choice danger" on:click=move |_| {
                app.ui.panel.set(None);
                app.remove_track(track);
            }>"Remove track"</button>
        </div>
    }
    .into_any()
}

fn operations(app: App, track: TrackId) -> impl IntoView {
    let button = move |label: &'static str, operation: fn() -> PatternOp| {
        view! { <button class="choice" on:click=move |_| app.operate(track, operation())>{label}</button> }
    };
    view! {
        <div class="choices">
            {button("← Rotate", || PatternOp::Rotate(-1))}
            {button("Rotate →", || PatternOp::Rotate(1))}
            {button("Reverse", || PatternOp::Reverse)}
            {button("Mirror", || PatternOp::Mirror)}
            {button("Invert", || PatternOp::Invert)}
            {button("Double", || PatternOp::Double)}
            {button("Halve", || PatternOp::Halve)}
            {button("Random", || PatternOp::Random { density: 35, seed: host::random() })}
            {button("Clear", || PatternOp::Clear)}
        </div>
    }
}

fn euclid(app: App, track: TrackId) -> impl IntoView {
    let hits = move |hits: u16| {
        view! {
            <button class="choice figure" aria-label=format!("{hits} hits")
                on:click=move |_| app.operate(track, PatternOp::Euclid { hits, rotation: 0 })>{hits}</button>
        }
    };
    view! { <div class="choices">{[2, 3, 4, 5, 6, 7, 9, 11, 13].map(hits).into_iter().collect_view()}</div> }
}
