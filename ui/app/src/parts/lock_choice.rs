//! A list of everything that a step may carry as a number.

use leptos::prelude::*;
use score::catalogue::{EffectSlot, effect_parameters, instrument_parameters};

use crate::model::lock::Lock;

/// The list. With a lock that is held it offers all of them; without it is a way to add a parameter's.
pub(crate) fn lock_choice(
    label: impl Fn() -> String + Send + Sync + 'static,
    held: Option<Lock>,
    choose: Callback<Lock>,
) -> impl IntoView {
    let own = held.is_some().then(|| group("Step", Lock::OWN.to_vec(), held));
    let instrument = group("Instrument", instrument_parameters().iter().map(Lock::Parameter).collect(), held);
    let effects = EffectSlot::ALL.map(|slot| {
        let of_slot = effect_parameters().iter().filter(|row| row.slot == Some(slot)).map(Lock::Parameter);
        group(slot_name(slot), of_slot.collect(), held)
    });
    view! {
        <select class="select locks" aria-label=label on:change=move |event| {
            if let Some(lock) = Lock::of_id(&event_target_value(&event)) {
                choose.run(lock);
            }
        }>
            {held.is_none().then(|| view! { <option value="" selected=true>"Lock a parameter …"</option> })}
            {own}
            {instrument}
            {effects.into_iter().collect_view()}
        </select>
    }
}

fn group(label: &'static str, locks: Vec<Lock>, held: Option<Lock>) -> AnyView {
    let options = locks.into_iter().map(|lock| {
        view! { <option value=lock.id() selected=held == Some(lock)>{lock.name()}</option> }
    });
    view! { <optgroup label=label>{options.collect_view()}</optgroup> }.into_any()
}

/// What people call an effect.
pub(crate) const fn slot_name(slot: EffectSlot) -> &'static str {
    match slot {
        EffectSlot::Trim => "Trim",
        EffectSlot::Filter => "Filter",
        EffectSlot::Distortion => "Distortion",
        EffectSlot::Eq => "EQ",
        EffectSlot::Compressor => "Compressor",
        EffectSlot::Chorus => "Chorus",
        EffectSlot::Phaser => "Phaser",
        EffectSlot::Delay => "Delay",
        EffectSlot::Reverb => "Reverb",
        EffectSlot::Gain => "Output",
    }
}
