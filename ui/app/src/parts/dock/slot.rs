//! One slot of a chain of effects: its switch, its knobs, and its curve where it has one.

use leptos::prelude::*;
use score::TrackId;
use score::catalogue::{EffectSlot, Parameter, Unit, effect_parameters, parameter};
use score::edit::TrackEdit;
use score::track::{EffectSettings, EffectValue};
use view::Gesture;

use super::curve;
use super::knob::{Knob, knob};
use crate::state::App;

/// A parameter's value among settings.
pub(super) fn number(held: &EffectSettings, parameter: &'static Parameter, rest: f32) -> f32 {
    match held.get(parameter.id) {
        Some(EffectValue::Number(number)) => parameter.clamp(*number as f32),
        Some(EffectValue::Text(text)) => parameter.parse(text).unwrap_or(rest),
        None => rest,
    }
}

/// Whose chain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chain {
    /// A track's, as everybody hears it.
    Shared(TrackId),
    /// A track's, as this player alone hears it.
    Mine(TrackId),
    /// The master's, as everybody hears it.
    Master,
    /// The master's, as this player alone hears it.
    MyMaster,
}

impl Chain {
    /// What a parameter is set to here.
    pub(super) fn value(self, app: App, parameter: &'static Parameter) -> Signal<f32> {
        let rest = parameter.default;
        match self {
            Self::Master | Self::MyMaster => {
                let own = (self == Self::MyMaster).then_some(app.session.my_master);
                Signal::derive(move || {
                    let mine = own.and_then(|own| own.with(|own| own.get(&parameter.index).copied()));
                    mine.unwrap_or_else(|| app.session.master.with(|held| number(held, parameter, rest)))
                })
            }
            Self::Shared(track) | Self::Mine(track) => {
                let Some(row) = app.session.row(track) else { return Signal::stored(rest) };
                let (shared, own) = (row.effects.clone(), row.my_effects.clone());
                let is_mine = matches!(self, Self::Mine(_));
                Signal::derive(move || {
                    let mine = is_mine.then(|| own.with(|own| own.get(&parameter.index).copied())).flatten();
                    mine.unwrap_or_else(|| shared.with(|held| number(held, parameter, rest)))
                })
            }
        }
    }

    /// Sets it, or lets it rest.
    fn set(self, app: App, parameter: &'static Parameter, value: Option<f64>, hand: Option<Gesture>) {
        let written = value.map(|value| match parameter.unit {
            Unit::Choice => EffectValue::Text(parameter.text(value as f32)),
            _ => EffectValue::Number(value),
        });
        match self {
            Self::Master => app.change_master(hand, parameter.id, written),
            Self::Shared(track) => {
                app.change_track(track, hand, TrackEdit::SetEffect(parameter.id.to_owned(), written));
            }
            Self::Mine(track) => app.set_my_effect(track, parameter.index, value.map(|value| value as f32)),
            Self::MyMaster => app.set_my_master_effect(parameter.index, value.map(|value| value as f32)),
        }
    }

    /// The knob of a parameter.
    fn knob(self, app: App, parameter: &'static Parameter) -> AnyView {
        let set = Callback::new(move |(value, hand)| self.set(app, parameter, value, hand));
        let value = self.value(app, parameter);
        knob(app, Knob { parameter, is_fader: false, value, set })
    }
}

/// The slot.
pub(super) fn slot(app: App, chain: Chain, slot: EffectSlot) -> AnyView {
    let own = || effect_parameters().iter().filter(move |row| row.slot == Some(slot));
    let is_switch = |row: &&Parameter| {
        row.unit == Unit::Switch && row.id.split_once('.').is_some_and(|(_, name)| name == "on")
    };
    let Some(switch) = own().find(is_switch) else {
        return ().into_any();
    };
    let is_on = chain.value(app, switch);
    let wet = parameter(&format!("{}.wet", slot.id())).map(|wet| chain.value(app, wet));
    // One that is on but of which nothing is mixed in does nothing either.
    let acts = move || is_on.get() >= 0.5 && wet.is_none_or(|wet| wet.get() > 0.0);
    let knobs = own().filter(|row| row.index != switch.index).map(|row| chain.knob(app, row));
    view! {
        <section class="slot" class:acts=acts aria-label=switch.name>
            <header>
                <h3>{switch.name}</h3>
                <button class="toggle" role="switch" aria-label=format!("{} on", switch.name) title=switch.about
                    aria-checked=move || (is_on.get() >= 0.5).to_string()
                    on:click=move |_| chain.set(app, switch, Some(if is_on.get_untracked() >= 0.5 { 0.0 } else { 1.0 }), None)><span></span></button>
            </header>
            {curve::curve(app, chain, slot)}
            <div class="knobs">{knobs.collect_view()}</div>
        </section>
    }
    .into_any()
}
