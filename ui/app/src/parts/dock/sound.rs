//! The instrument of a track: all of them by family, heard in the running beat before one is chosen, and its parameters.

use std::sync::Arc;

use leptos::prelude::*;
use score::TrackId;
use score::catalogue::{Instrument, Parameter, Sound, Synthesis, instrument_parameters, parameter, resolve};
use score::edit::TrackEdit;

use super::knob::{Knob, knob};
use super::target::with_track;
use crate::host;
use crate::parts::instruments::picker;
use crate::state::{App, Row};

/// The tab.
pub(super) fn sound(app: App) -> AnyView {
    on_cleanup(move || app.try_instrument(None));
    with_track(app, of_track)
}

fn of_track(app: App, row: &Arc<Row>) -> AnyView {
    let instrument = row.instrument.clone();
    let about = {
        let instrument = instrument.clone();
        move || match resolve(&instrument.get()) {
            Sound::BuiltIn(row) => row.name.to_owned(),
            Sound::Unknown(row) => {
                format!("{} is not known here; {} stands in for it.", instrument.get(), row.name)
            }
            Sound::Sample(_) => "A sample".to_owned(),
        }
    };
    let row = row.clone();
    view! {
        <div class="sound">
            {instruments(app, &row)}
            <section class="parameters" aria-label="Parameters">
                <h3>{about}</h3>
                <div class="knobs">{move || parameters(app, &row, &instrument.get())}</div>
            </section>
        </div>
    }
    .into_any()
}

fn instruments(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let (track, held) = (row.id, &row.instrument);
    view! {
        <section class="instruments" aria-label="Instruments" on:pointerleave=move |_| app.try_instrument(None)
            on:focusout=move |_| app.try_instrument(None)>
            {picker(&|row, is_out| choice(app, track, row, held, is_out))}
        </section>
    }
}

fn choice(
    app: App,
    track: TrackId,
    row: &'static Instrument,
    held: &ArcRwSignal<String>,
    is_out: Signal<bool>,
) -> AnyView {
    let is_held = {
        let held = held.clone();
        Memo::new(move |_| held.with(|id| id == row.id))
    };
    let hear = move || app.try_instrument(Some((track, row.index)).filter(|_| !is_held.get_untracked()));
    let choose = move |_| {
        app.try_instrument(None);
        app.change_track(track, None, TrackEdit::SetInstrument(row.id.to_owned()));
        if !untrack(move || app.hears_music()) {
            // Heard once the program with it is there; what is on its way is heard after it.
            app.try_instrument(Some((track, row.index)));
            app.listen();
            host::strike(track, 0, Some(0.8));
            crate::browser::after(400, move || host::strike(track, 0, None));
        }
    };
    view! {
        <button class="choice" class:held=is_held aria-pressed=move || is_held.get().to_string() hidden=is_out on:click=choose
            on:pointerenter=move |_| hear() on:focus=move |_| hear()>{row.name}</button>
    }
    .into_any()
}

fn parameters(app: App, row: &Arc<Row>, id: &str) -> Vec<AnyView> {
    let (own, list): (Option<&'static Instrument>, Vec<&'static Parameter>) = match resolve(id) {
        Sound::BuiltIn(row) | Sound::Unknown(row) => (Some(row), row.parameters().collect()),
        Sound::Sample(_) => {
            (None, Synthesis::Sampler.parameter_ids().iter().filter_map(|id| parameter(id)).collect())
        }
    };
    let gain = instrument_parameters().iter().find(|row| row.id == "gain");
    let gain = gain.filter(|gain| list.iter().all(|row| row.index != gain.index));
    list.into_iter().chain(gain).map(|parameter| turned(app, row, own, parameter)).collect()
}

fn turned(
    app: App,
    row: &Arc<Row>,
    own: Option<&'static Instrument>,
    parameter: &'static Parameter,
) -> AnyView {
    let (track, params) = (row.id, row.params.clone());
    let rest = own.map_or(parameter.default, |own| own.default_of(parameter));
    let value = Signal::derive(move || {
        params.with(|params| params.get(parameter.id).map_or(rest, |value| parameter.clamp(*value as f32)))
    });
    let set = Callback::new(move |(value, hand)| {
        app.change_track(track, hand, TrackEdit::SetParam(parameter.id.to_owned(), value));
    });
    knob(app, Knob { parameter, is_fader: false, value, set })
}
