//! A step's locks.

use std::sync::Arc;

use leptos::prelude::*;
use score::step::MIN_GATE_PERCENT;
use score::{Step, TrackId};
use view::Gesture;

use super::number::{Number, number};
use crate::model::number::Range;
use crate::state::{App, Row};

/// The editor of a step.
pub(crate) fn step_editor(app: App, track: TrackId, number: u16) -> impl IntoView {
    let Some(row) = app.session.row(track) else { return ().into_any() };
    let Some(cell) = row.cell(number).cloned() else { return ().into_any() };
    let on = cell.clone();
    let tie = cell.clone();
    view! {
        <div class="fields">
            <span>"Plays"</span>
            {switch("Step on", Signal::derive(move || on.with(|step| step.on)), Callback::new(move |on| app.switch_step(track, number, on, None)))}
            {locks(app, &row, number).into_iter().map(|lock| lock_field(app, track, number, &cell, lock)).collect_view()}
            <span>"Tie"</span>
            {switch("Tie to the step before", Signal::derive(move || tie.with(|step| step.tie)),
                Callback::new(move |tie| app.change_step(track, number, None, |step| step.tie = tie)))}
        </div>
        <hr/>
        <div class="choices">
            <button class="choice" on:click=move |_| app.change_step(track, number, None, |step| *step = Step { on: step.on, ..Step::default() })>
                "Clear locks"
            </button>
            <button class="choice" on:click=move |_| app.change_step(track, number, None, |step| *step = Step::default())>"Clear step"</button>
        </div>
    }
    .into_any()
}

/// A lock that is a number.
struct Lock {
    label: &'static str,
    unit: &'static str,
    range: Range,
    read: fn(&Step) -> f64,
    set: Box<dyn Fn(f64, Option<Gesture>) + Send + Sync>,
}

fn locks(app: App, row: &Arc<Row>, number: u16) -> Vec<Lock> {
    let track = row.id;
    let change = move |hand, change: Box<dyn FnOnce(&mut Step)>| app.change_step(track, number, hand, change);
    let gate = Range { min: f64::from(MIN_GATE_PERCENT), ..Range::PERCENT.resting_at(100.0) };
    let whole = |value: f64, rest: f64| (value.to_bits() != rest.to_bits()).then_some(value);
    vec![
        Lock {
            label: "Velocity",
            unit: " %",
            range: Range::PERCENT.resting_at(70.0),
            read: |step| f64::from((step.velocity() * 100.0).round()),
            set: Box::new(move |value, hand| app.set_velocity(track, number, value as f32 / 100.0, hand)),
        },
        Lock {
            label: "Pitch",
            unit: " st",
            range: Range::SEMITONES,
            read: |step| f64::from(step.pitch.unwrap_or(0)),
            set: Box::new(move |value, hand| app.set_pitch(track, number, value as i8, hand)),
        },
        Lock {
            label: "Gate",
            unit: " %",
            range: gate,
            read: |step| f64::from(step.gate_length.unwrap_or(100)),
            set: Box::new(move |value, hand| {
                change(
                    hand,
                    Box::new(move |step| step.gate_length = whole(value, 100.0).map(|gate| gate as u8)),
                );
            }),
        },
        Lock {
            label: "Chance",
            unit: " %",
            range: Range::PERCENT.resting_at(100.0),
            read: |step| f64::from(step.chance.unwrap_or(100)),
            set: Box::new(move |value, hand| {
                change(
                    hand,
                    Box::new(move |step| step.chance = whole(value, 100.0).map(|chance| chance as u8)),
                );
            }),
        },
        Lock {
            label: "Ratchet",
            unit: " hits",
            range: Range { min: 1.0, max: 8.0, ..Range::LENGTH.resting_at(1.0) },
            read: |step| f64::from(step.ratchet.unwrap_or(1)),
            set: Box::new(move |value, hand| app.set_ratchet(track, number, value as u8, hand)),
        },
        Lock {
            label: "Nudge",
            unit: " %",
            range: Range { min: -50.0, max: 50.0, ..Range::PERCENT },
            read: |step| f64::from(step.nudge.unwrap_or(0)),
            set: Box::new(move |value, hand| {
                change(hand, Box::new(move |step| step.nudge = whole(value, 0.0).map(|nudge| nudge as i8)));
            }),
        },
    ]
}

fn lock_field(
    app: App,
    _track: TrackId,
    _number: u16,
    cell: &ArcRwSignal<Step>,
    lock: Lock,
) -> impl IntoView + use<> {
    let Lock { label, unit, range, read, set } = lock;
    let cell = cell.clone();
    view! {
        <span>{label}</span>
        {number(app, Number {
            label: label.into(),
            range,
            unit,
            value: Signal::derive(move || cell.with(read)),
            set: Callback::new(move |(value, hand)| set(value, hand)),
        })}
    }
}

fn switch(label: &'static str, value: Signal<bool>, set: Callback<bool>) -> impl IntoView {
    view! {
        <button class="toggle" role="switch" aria-label=label aria-checked=move || value.get().to_string()
            on:click=move |_| set.run(!value.get_untracked())><span></span></button>
    }
}
