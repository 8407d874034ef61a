//! The instruments, by family.

use leptos::prelude::*;
use score::TrackId;
use score::catalogue::{Family, INSTRUMENTS, Instrument, Sound, resolve};
use score::edit::TrackEdit;

use crate::state::App;

/// The family of an instrument, as the style sheet names its tint.
pub(crate) fn family_word(instrument: &str) -> &'static str {
    match resolve(instrument) {
        Sound::BuiltIn(row) | Sound::Unknown(row) => word(row.family),
        Sound::Sample(_) => "sample",
    }
}

/// A family, as the style sheet names its tint.
pub(crate) const fn word(family: Family) -> &'static str {
    match family {
        Family::Drums => "drums",
        Family::Bass => "bass",
        Family::Keys => "keys",
        Family::Leads => "leads",
        Family::Pads => "pads",
        Family::Fx => "fx",
    }
}

/// The instruments: for a track, or for a new one.
pub(crate) fn instruments(app: App, track: Option<TrackId>) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let held = track.and_then(|track| app.session.row(track)).map(|row| row.instrument.clone());
    let families = Family::ALL.map(|family| {
        let rows = INSTRUMENTS.iter().filter(move |row| row.family == family);
        let held = held.clone();
        let buttons = rows.map(move |row| choice(app, track, row, held.clone(), wanted)).collect_view();
        view! {
            <section class="family" style=format!("--tint:var(--{})", word(family))>
                <h3>{family.name()}</h3>
                <div class="choices">{buttons}</div>
            </section>
        }
    });
    view! {
        <input class="field find" type="search" aria-label="Find an instrument" placeholder="Find an instrument" autocomplete="off"
            spellcheck="false" on:input=move |event| wanted.set(event_target_value(&event).to_lowercase())/>
        <div class="families">{families.into_iter().collect_view()}</div>
    }
}

fn choice(
    app: App,
    track: Option<TrackId>,
    row: &'static Instrument,
    held: Option<ArcRwSignal<String>>,
    wanted: RwSignal<String>,
) -> impl IntoView {
    let fits = move || {
        wanted.with(|wanted| {
            let wanted = wanted.trim();
            row.name.to_lowercase().contains(wanted)
                || row.id.contains(wanted)
                || word(row.family).contains(wanted)
        })
    };
    let is_held = move || held.as_ref().is_some_and(|held| held.with(|id| id == row.id));
    let on_click = move |_| {
        if let Some(track) = track {
            app.change_track(track, None, TrackEdit::SetInstrument(row.id.to_owned()));
        } else {
            app.add_track(row.id);
            app.ui.panel.set(None);
        }
    };
    view! {
        <button class="choice" class:held=is_held hidden=move || !fits() on:click=on_click>{row.name}</button>
    }
}
