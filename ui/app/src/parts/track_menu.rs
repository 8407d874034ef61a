//! What can be done with a track and its pattern.

use leptos::prelude::*;
use score::edit::{PatternOp, TrackEdit};
use score::track::MAX_CHOKE_GROUP;
use score::{TrackColour, TrackId};

use super::instruments::hue;
use super::number::{Number, number};
use super::step_editor::switch;
use crate::host;
use crate::model::number::Range;
use crate::state::App;

/// The choke groups; 0 for none.
const CHOKE: Range = Range { min: 0.0, max: MAX_CHOKE_GROUP as f64, ..Range::LENGTH.resting_at(0.0) };

/// The menu of a track.
pub(crate) fn track_menu(app: App, track: TrackId) -> impl IntoView {
    let Some(row) = app.session.row(track) else { return ().into_any() };
    let transpose = row.transpose.clone();
    let swing = row.swing.clone();
    let (gate, choke) = (row.gate.clone(), row.choke.clone());
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
            <span>"Choke"</span>
            {number(app, Number {
                label: "Choke group".into(),
                range: CHOKE,
                unit: "",
                value: Signal::derive(move || f64::from(choke.get())),
                set: Callback::new(move |(group, hand)| app.change_track(track, hand, TrackEdit::SetChoke(group as u8))),
            })}
            <span>"Colour"</span>
            {colours(app, track, row.colour.clone())}
            <span>"Cut at the step's end"</span>
            {switch("Cut one-shots at the end of their step", "", Signal::derive(move || gate.get()),
                Callback::new(move |gate| app.change_track(track, None, TrackEdit::SetGate(gate))))}
        </div>
        <p class="hint">"Tracks of one choke group silence each other, as a closed hi-hat does an open one; 0 for none."</p>
        <h3>"Pattern"</h3>
        {operations(app, track)}
        {fills(app, track, row.length.get_untracked())}
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

/// The colours of families; the one that is chosen, chosen again, leaves the track to its own.
fn colours(app: App, track: TrackId, held: ArcRwSignal<Option<TrackColour>>) -> impl IntoView {
    let swatch = move |colour: TrackColour| {
        let (held, is_held) = (held.clone(), held.clone());
        let change = move |_| {
            let chosen = (held.get_untracked() != Some(colour)).then_some(colour);
            app.change_track(track, None, TrackEdit::SetColour(chosen));
        };
        let tint = format!("--tint:var(--{})", hue(colour));
        view! {
            <button class="swatch" style=tint aria-label=colour.id() title=colour.id()
                aria-pressed=move || (is_held.get() == Some(colour)).to_string() on:click=change></button>
        }
    };
    view! { <span class="swatches" role="group" aria-label="Colour">{TrackColour::ALL.map(swatch)}</span> }
}

fn operations(app: App, track: TrackId) -> impl IntoView {
    let button = move |label: &'static str, operation: PatternOp| {
        view! { <button class="choice" on:click=move |_| app.operate(track, operation)>{label}</button> }
    };
    let act = move |label: &'static str, act: fn(App, TrackId)| {
        view! { <button class="choice" on:click=move |_| act(app, track)>{label}</button> }
    };
    view! {
        <div class="choices">
            {button("← Rotate", PatternOp::Rotate(-1))}
            {button("Rotate →", PatternOp::Rotate(1))}
            {button("Reverse", PatternOp::Reverse)}
            {button("Mirror", PatternOp::Mirror)}
            {button("Invert", PatternOp::Invert)}
            {button("Double", PatternOp::Double)}
            {button("Halve", PatternOp::Halve)}
            {button("Clear", PatternOp::Clear)}
            {act("Copy pattern", App::copy_pattern)}
            {act("Paste pattern", App::paste_pattern)}
        </div>
    }
}

/// Fills of the whole pattern. The fields of a rhythm fill at once, so that one turns them until it sounds right.
fn fills(app: App, track: TrackId, length: u16) -> impl IntoView {
    let hits = RwSignal::new(f64::from((length / 4).max(1)));
    let rotation = RwSignal::new(0.0);
    let density = RwSignal::new(35.0);
    let steps = Range { min: 0.0, max: f64::from(length), ..Range::LENGTH };
    let spread = move |hand| {
        let (hits, rotation) = (hits.get_untracked() as u16, rotation.get_untracked() as i16);
        app.fill(track, PatternOp::Euclid { hits, rotation }, hand);
    };
    let scatter = move || {
        app.fill(
            track,
            PatternOp::Random { density: density.get_untracked() as u8, seed: host::random() },
            None,
        );
    };
    let field =
        move |label: &'static str, unit: &'static str, range: Range, value: RwSignal<f64>, fills: bool| {
            let set = Callback::new(move |(to, hand)| {
                value.set(to);
                if fills {
                    spread(hand);
                }
            });
            number(app, Number { label: label.into(), range, unit, value: value.into(), set })
        };
    view! {
        <div class="fields fills">
            <span>"Euclidean"</span>
            {field("Euclidean hits", " hits", steps, hits, true)}
            {field("Euclidean rotation", " turned", Range { min: 0.0, max: f64::from(length.max(1) - 1), ..Range::LENGTH.resting_at(0.0) }, rotation, true)}
            <button class="choice" on:click=move |_| spread(None)>"Spread"</button>
            <span>"Random"</span>
            {field("Density", " %", Range::PERCENT.resting_at(35.0), density, false)}
            <span></span>
            <button class="choice" on:click=move |_| scatter()>"Scatter"</button>
        </div>
    }
}
