//! The mixer: a strip for each track, and the master's. It shows the mix that everybody shares, or what this player alone hears.

use std::sync::Arc;

use leptos::prelude::*;
use score::catalogue::{Parameter, Taper, Unit, parameter};
use score::edit::TrackEdit;
use score::track::{DEFAULT_VOLUME, EffectValue};

use super::knob::{Knob, knob};
use super::meter::{Place, follow, meter};
use super::slot::number;
use crate::parts::cursor::set_cursor;
use crate::parts::instruments::tint;
use crate::state::{App, Row};

const ROW: Parameter = Parameter {
    index: score::catalogue::ParamIndex(u16::MAX),
    id: "level",
    name: "Level",
    slot: None,
    unit: Unit::Percent,
    min: 0.0,
    max: 1.0,
    default: DEFAULT_VOLUME,
    taper: Taper::Linear,
    choices: &[],
    about: "How loud everybody hears it.",
};
static LEVEL: Parameter = ROW;
static PAN: Parameter = Parameter {
    id: "pan",
    name: "Pan",
    unit: Unit::Pan,
    min: -1.0,
    default: 0.0,
    about: "Left to right.",
    ..ROW
};
static MY_LEVEL: Parameter = Parameter {
    name: "My level",
    default: 1.0,
    about: "How loud you alone hear it, on top of the shared mix.",
    ..ROW
};

/// The tab.
pub(super) fn mixer(app: App) -> AnyView {
    let rows = app.session.rows;
    let places = Signal::derive(move || {
        let tracks = rows.with(|rows| rows.iter().map(|row| Place::Track(row.id)).collect::<Vec<_>>());
        tracks.into_iter().chain([Place::Master]).collect()
    });
    follow(places);
    view! {
        <div class="mixer">
            {whose(app)}
            <div class="channels">
                <For each=move || rows.get() key=|row| row.id children=move |row| channel(app, &row)/>
                {master(app)}
            </div>
        </div>
    }
    .into_any()
}

/// The switch between the shared mix and my ears.
pub(super) fn whose(app: App) -> impl IntoView {
    let is_mine = app.ui.dock.is_mine;
    let side = move |mine: bool, name: &'static str, title: &'static str| {
        view! {
            <button class="choice" role="radio" aria-checked=move || (is_mine.get() == mine).to_string() title=title
                class:held=move || is_mine.get() == mine on:click=move |_| is_mine.set(mine)>{name}</button>
        }
    };
    view! {
        <div class="whose">
            <div class="choices" role="radiogroup" aria-label="Whose mix">
                {side(false, "Shared mix", "What everybody hears")}
                {side(true, "My ears", "What you alone hear, on top of the shared mix")}
            </div>
            <button class="quiet" hidden=move || !app.hears_differently() title="Hear everything as the others do"
                on:click=move |_| app.hear_shared()>"Hear it as shared"</button>
        </div>
    }
}

fn channel(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let (id, is_mine) = (row.id, app.ui.dock.is_mine);
    let (name, title) = (row.name.clone(), row.name.clone());
    let tint = tint(row);
    let (mute, my_mute, solo) = (row.mute.clone(), row.my_mute.clone(), row.solo.clone());
    let is_mute = move || if is_mine.get() { my_mute.get() } else { mute.get() };
    let row = row.clone();
    view! {
        <div class="channel" role="group" aria-label=move || name.get() style=tint>
            {move || level(app, &row, is_mine.get())}
            <div class="switches">
                <button class="switch mute" aria-label="Mute" aria-pressed=move || is_mute().to_string()
                    title=move || if is_mine.get() { "Mute, only for you" } else { "Mute, for everyone" }
                    on:click=move |_| if is_mine.get_untracked() { app.toggle_my_mute(id) } else { app.toggle_mute(id) }>"M"</button>
                <button class="switch solo" aria-label="Solo" title="Hear it alone, only you" aria-pressed=move || solo.get().to_string()
                    on:click=move |_| app.toggle_solo(id)>"S"</button>
            </div>
            <button class="channel-name" title="Show this track in the dock" on:click=move |_| set_cursor(app, (id, 0))>{move || title.get()}</button>
        </div>
    }
}

fn level(app: App, row: &Arc<Row>, is_mine: bool) -> AnyView {
    let id = row.id;
    let (volume, pan, my_level) = (row.volume.clone(), row.pan.clone(), row.my_level.clone());
    let fader = if is_mine {
        Knob {
            parameter: &MY_LEVEL,
            is_fader: true,
            value: Signal::derive(move || my_level.get()),
            set: Callback::new(move |(value, _): (Option<f64>, _)| {
                app.set_my_level(id, value.unwrap_or(1.0) as f32);
            }),
        }
    } else {
        Knob {
            parameter: &LEVEL,
            is_fader: true,
            value: Signal::derive(move || volume.get()),
            set: Callback::new(move |(value, hand): (Option<f64>, _)| {
                let volume = value.map_or(DEFAULT_VOLUME, |value| value as f32);
                app.change_track(id, hand, TrackEdit::SetVolume(volume));
            }),
        }
    };
    let side = Knob {
        parameter: &PAN,
        is_fader: false,
        value: Signal::derive(move || pan.get()),
        set: Callback::new(move |(value, hand): (Option<f64>, _)| {
            app.change_track(id, hand, TrackEdit::SetPan(value.unwrap_or(0.0) as f32));
        }),
    };
    view! {
        {(!is_mine).then(|| knob(app, side))}
        <div class="fader-and-meter">{knob(app, fader)} {meter(Place::Track(id))}</div>
    }
    .into_any()
}

/// The master: its level for everybody is the last of its effects.
fn master(app: App) -> impl IntoView {
    let is_mine = app.ui.dock.is_mine;
    let shared = move |id: &'static str, is_fader: bool| {
        parameter(id).map(|parameter| {
            let value = Signal::derive(move || {
                app.session.master.with(|held| number(held, parameter, parameter.default))
            });
            let set = Callback::new(move |(value, hand): (Option<f64>, _)| {
                app.change_master(hand, id, value.map(EffectValue::Number));
            });
            knob(app, Knob { parameter, is_fader, value, set })
        })
    };
    let mine = move || {
        let set = Callback::new(move |(value, _): (Option<f64>, _)| {
            app.set_my_master_level(value.unwrap_or(1.0) as f32);
        });
        knob(app, Knob { parameter: &MY_LEVEL, is_fader: true, value: app.ui.level.into(), set })
    };
    view! {
        <div class="channel master-channel" role="group" aria-label="Master">
            {move || (!is_mine.get()).then(|| shared("gain.pan", false))}
            <div class="fader-and-meter">
                {move || if is_mine.get() { mine() } else { shared("gain.gain", true).into_any() }}
                {meter(Place::Master)}
            </div>
            <span class="channel-name">"Master"</span>
        </div>
    }
}
