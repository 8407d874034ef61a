//! The notes of a step: one for a note alone, several for a chord.

use leptos::prelude::*;
use score::Step;
use view::Gesture;

use super::icon::{self, icon};
use super::number::{Number, number};
use crate::model::chord::{CHORDS, of, set_note};
use crate::model::number::Range;
use crate::model::selection::Cell;
use crate::state::App;

/// The chords by name, and each note with its velocity.
pub(crate) fn chord(app: App, at: Cell, cell: &ArcRwSignal<Step>) -> impl IntoView + use<> {
    let notes = {
        let cell = cell.clone();
        Memo::new(move |_| cell.with(|step| step.notes.keys().copied().collect::<Vec<i8>>()))
    };
    let held = cell.clone();
    let button = move |place: usize| {
        let (name, intervals) = CHORDS[place];
        let held = held.clone();
        view! {
            <button class="choice" class:held=move || held.with(|step| of(step) == Some(intervals))
                on:click=move |_| app.change_targets(at, None, &|step| crate::model::chord::put(step, intervals))>{name}</button>
        }
    };
    let cell = cell.clone();
    view! {
        <h3>"Notes"</h3>
        <div class="choices" role="group" aria-label="Chords">{(0..CHORDS.len()).map(button).collect_view()}</div>
        <div class="lock-fields notes">
            <For each=move || notes.get() key=|pitch| *pitch children=move |pitch| note(app, at, &cell, pitch)/>
        </div>
    }
}

/// A note's pitch, its velocity, and a way to be rid of it.
fn note(app: App, at: Cell, cell: &ArcRwSignal<Step>, pitch: i8) -> impl IntoView + use<> {
    let cell = cell.clone();
    let velocity =
        move || cell.with(|step| f64::from(step.notes.get(&pitch).copied().unwrap_or(0.0)) * 100.0);
    let change = move |to: Option<(i8, f64)>, hand: Option<Gesture>| {
        app.change_step(at.0, at.1, hand, |step| set_note(step, pitch, to));
    };
    let velocity = Signal::derive(velocity);
    view! {
        <span>"Note"</span>
        {number(app, Number {
            label: format!("Pitch of note {pitch}").into(),
            range: Range::SEMITONES,
            unit: " st",
            value: Signal::derive(move || f64::from(pitch)),
            set: Callback::new(move |(to, hand)| change(Some((to as i8, velocity.get_untracked())), hand)),
        })}
        <span class="lock-value">
            {number(app, Number {
                label: format!("Velocity of note {pitch}").into(),
                range: Range::PERCENT.resting_at(70.0),
                unit: " %",
                value: velocity,
                set: Callback::new(move |(to, hand)| change(Some((pitch, to)), hand)),
            })}
            <button class="quiet square tiny" aria-label=format!("Remove note {pitch}") title="Remove the note"
                on:click=move |_| change(None, None)>{icon(icon::CLOSE)}</button>
        </span>
    }
}
