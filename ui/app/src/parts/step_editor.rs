//! All that a step carries. Where the step belongs to a selection, what is set here is set for all of that which plays.

use leptos::prelude::*;
use score::{Condition, Step, TrackId};

use super::chord::chord;
use super::lock_choice::lock_choice;
use super::lock_field::lock_field;
use super::number::{Number, number};
use crate::model::lock::Lock;
use crate::model::number::Range;
use crate::model::selection::Cell;
use crate::state::App;

/// Loops that a condition may count.
const LOOPS: Range = Range { min: 1.0, max: Condition::MAX_LOOPS as f64, ..Range::LENGTH.resting_at(1.0) };

/// The editor of a step.
pub(crate) fn step_editor(app: App, track: TrackId, number: u16) -> impl IntoView {
    let Some(row) = app.session.row(track) else { return ().into_any() };
    let Some(cell) = row.cell(number).cloned() else { return ().into_any() };
    let at = (track, number);
    let (on, tie) = (cell.clone(), cell.clone());
    let locks = Lock::OWN.map(|lock| lock_field(app, at, &cell, lock, None).into_any());
    view! {
        {selected(app, at)}
        <div class="toggles">
            {switch("Step on", "Plays", Signal::derive(move || on.with(|step| step.on)), Callback::new(move |_| app.toggle_steps(at)))}
            {switch("Tie to the step before", "Tied", Signal::derive(move || tie.with(|step| step.tie)),
                Callback::new(move |tie| app.change_targets(at, None, &|step| step.tie = tie)))}
        </div>
        <div class="lock-fields">
            {locks.into_iter().collect_view()}
            {condition(app, at, &cell)}
        </div>
        {chord(app, at, &cell)}
        {parameters(app, at, &cell)}
        <div class="choices">
            <button class="choice" on:click=move |_| app.change_targets(at, None, &|step| *step = Step { on: step.on, ..Step::default() })>
                "Clear locks"
            </button>
            <button class="choice" on:click=move |_| app.clear_steps(at)>"Clear step"</button>
        </div>
    }
    .into_any()
}

/// How many steps are edited, where it is more than this one.
fn selected(app: App, at: Cell) -> impl IntoView {
    let steps = move || app.ui.selection.with(|selection| selection.targets(at).len());
    move || {
        (steps() > 1).then(
            || view! { <p class="hint">{steps()} " steps are selected: all of them that play change"</p> },
        )
    }
}

/// In which loops the step plays.
fn condition(app: App, at: Cell, cell: &ArcRwSignal<Step>) -> impl IntoView + use<> {
    let (on, every) = (cell.clone(), cell.clone());
    let held = move |step: &Step| step.condition.map_or((1, 1), |held| (held.on(), held.every()));
    let put = move |on: u8, every: u8, hand| {
        let condition = Condition::from_parts(on.min(every), every).filter(|held| held.every() > 1);
        app.change_targets(at, hand, &|step| step.condition = condition);
    };
    let field =
        move |label: &'static str, value: Signal<f64>, set: Callback<(f64, Option<view::Gesture>)>| {
            number(app, Number { label: label.into(), range: LOOPS, unit: "", value, set })
        };
    view! {
        <span>"Loops"</span>
        <span class="condition">
            <span class="unit">"plays in "</span>
            {field("Loop in which it plays", Signal::derive(move || on.with(|step| f64::from(held(step).0))),
                Callback::new(move |(on, hand)| {
                    let every = held(&app.step(at)).1;
                    put(on as u8, every.max(on as u8), hand);
                }))}
            <span class="unit">" of every "</span>
            {field("Of every so many loops", Signal::derive(move || every.with(|step| f64::from(held(step).1))),
                Callback::new(move |(every, hand)| put(held(&app.step(at)).0, every as u8, hand)))}
        </span>
    }
}

/// The locks of parameters, and the list that adds one.
fn parameters(app: App, at: Cell, cell: &ArcRwSignal<Step>) -> impl IntoView + use<> {
    let locked = {
        let cell = cell.clone();
        Memo::new(move |_| {
            cell.with(|step| step.locks.keys().filter_map(|id| Lock::of_id(id)).collect::<Vec<_>>())
        })
    };
    let cell = cell.clone();
    let add = Callback::new(move |lock: Lock| {
        if let Lock::Parameter(row) = lock {
            let value = app.session.parameter(at.0, row);
            app.change_targets(at, None, &|step| _ = step.locks.insert(row.id.to_owned(), value));
        }
    });
    view! {
        <div class="lock-fields">
            <For each=move || locked.get() key=|lock| lock.id() children={move |lock| {
                let remove = Callback::new(move |()| app.set_lock(at, lock, None, None));
                lock_field(app, at, &cell, lock, Some(remove))
            }}/>
        </div>
        // A list that was used begins anew.
        {move || {
            locked.track();
            lock_choice(|| "Lock a parameter".to_owned(), None, add)
        }}
    }
}

/// A switch with a word beside it.
pub(super) fn switch(
    label: &'static str,
    word: &'static str,
    value: Signal<bool>,
    set: Callback<bool>,
) -> impl IntoView {
    view! {
        <span class="toggle-field">
            <button class="toggle" role="switch" aria-label=label aria-checked=move || value.get().to_string()
                on:click=move |_| set.run(!value.get_untracked())><span></span></button>
            <span aria-hidden="true">{word}</span>
        </span>
    }
}
