//! One lock of a step: its name, a fader, its number, and for some a way to be rid of it.

use leptos::prelude::*;
use score::Step;
use score::catalogue::Unit;
use view::Gesture;

use super::icon::{self, icon};
use super::number::{Number, number};
use crate::model::lock::Lock;
use crate::model::selection::Cell;
use crate::state::App;

/// Places that a fader has.
const FADER: f64 = 200.0;

/// The field, in three columns.
pub(crate) fn lock_field(
    app: App,
    at: Cell,
    cell: &ArcRwSignal<Step>,
    lock: Lock,
    remove: Option<Callback<()>>,
) -> impl IntoView + use<> {
    let (shown, held) = (cell.clone(), cell.clone());
    let value = Signal::derive(move || shown.with(|step| lock.read(step)));
    let set =
        Callback::new(move |(value, hand): (f64, Option<Gesture>)| app.set_lock(at, lock, Some(value), hand));
    let is_held = move || held.with(|step| lock.held(step).is_some());
    view! {
        <span class="lock-name" class:held=is_held>{full_name(lock)}</span>
        {fader(app, lock, value, set)}
        <span class="lock-value">
            {figure(app, lock, value, set)}
            {remove.map(|remove| view! {
                <button class="quiet square tiny" aria-label=format!("Remove the lock of {}", full_name(lock)) title="Remove the lock"
                    on:click=move |_| remove.run(())>{icon(icon::CLOSE)}</button>
            })}
        </span>
    }
}

/// The name of a lock, an effect's after the effect.
fn full_name(lock: Lock) -> String {
    match lock {
        Lock::Parameter(row) => match row.slot {
            Some(slot) => format!("{} {}", super::lock_choice::slot_name(slot), row.name.to_lowercase()),
            None => row.name.to_owned(),
        },
        own => own.name().to_owned(),
    }
}

fn fader(app: App, lock: Lock, value: Signal<f64>, set: Callback<(f64, Option<Gesture>)>) -> impl IntoView {
    let hand = StoredValue::new(None);
    let share = move || lock.share(value.get());
    view! {
        <input type="range" min="0" max=FADER.to_string() aria-label=format!("{} fader", full_name(lock))
            prop:value=move || (share() * FADER).round().to_string() style=move || format!("--fill:{:.1}%", share() * 100.0)
            aria-valuetext=move || lock.text(value.get())
            on:input=move |event| {
                let held = hand.get_value().unwrap_or_else(|| app.gesture());
                hand.set_value(Some(held));
                let to = event_target_value(&event).parse().unwrap_or(0.0) / FADER;
                set.run((lock.value_at(to), Some(held)));
            }
            on:change=move |_| hand.set_value(None)
            on:dblclick=move |_| rest(lock, set)/>
    }
}

fn rest(lock: Lock, set: Callback<(f64, Option<Gesture>)>) {
    set.run((lock.range().default, None));
}

/// The number; the name of a choice.
fn figure(app: App, lock: Lock, value: Signal<f64>, set: Callback<(f64, Option<Gesture>)>) -> AnyView {
    let has_words = matches!(lock, Lock::Parameter(row) if matches!(row.unit, Unit::Choice | Unit::Switch));
    if has_words {
        return view! { <span class="figure">{move || lock.text(value.get())}</span> }.into_any();
    }
    number(app, Number { label: full_name(lock).into(), range: lock.range(), unit: lock.unit(), value, set })
        .into_any()
}
