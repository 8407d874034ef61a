//! The instruments, by family.

use leptos::prelude::*;
use score::catalogue::{Family, INSTRUMENTS, Instrument, Sound, resolve};
use score::edit::TrackEdit;
use score::{TrackColour, TrackId};

use super::cursor::set_cursor;
use crate::browser;
use crate::state::{App, Row};

/// The family of an instrument, as the style sheet names its tint.
pub(crate) fn family_word(instrument: &str) -> &'static str {
    match resolve(instrument) {
        Sound::BuiltIn(row) | Sound::Unknown(row) => word(row.family),
        Sound::Sample(_) => "sample",
    }
}

/// The colour of a row, for the style sheet: its own, or that of its instrument's family.
pub(crate) fn tint(row: &Row) -> impl Fn() -> String + use<> {
    let (colour, instrument) = (row.colour.clone(), row.instrument.clone());
    move || {
        let word = colour.get().map_or_else(|| family_word(&instrument.get()), hue);
        format!("--tint:var(--{word})")
    }
}

/// A colour, as the style sheet names it: after the family that has it.
pub(crate) const fn hue(colour: TrackColour) -> &'static str {
    word(match colour {
        TrackColour::Amber => Family::Drums,
        TrackColour::Violet => Family::Bass,
        TrackColour::Blue => Family::Keys,
        TrackColour::Rose => Family::Leads,
        TrackColour::Green => Family::Pads,
        TrackColour::Teal => Family::Fx,
    })
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

/// All instruments by family, with a field to find one. `choice` makes the button of each, which is hidden while its signal says that
/// another is looked for.
pub(crate) fn picker(choice: &dyn Fn(&'static Instrument, Signal<bool>) -> AnyView) -> AnyView {
    let wanted = RwSignal::new(String::new());
    let families = Family::ALL.map(|family| {
        let rows = INSTRUMENTS.iter().filter(move |row| row.family == family);
        let is_out = |row| Signal::derive(move || wanted.with(|wanted| !fits(row, wanted.trim())));
        let buttons = rows.map(|row| choice(row, is_out(row))).collect_view();
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
    .into_any()
}

fn fits(row: &Instrument, wanted: &str) -> bool {
    row.name.to_lowercase().contains(wanted) || row.id.contains(wanted) || word(row.family).contains(wanted)
}

/// The instruments: for a track, or for a new one.
pub(crate) fn instruments(app: App, track: Option<TrackId>) -> AnyView {
    let held = track.and_then(|track| app.session.row(track)).map(|row| row.instrument.clone());
    picker(&|row, is_out| {
        let held = held.clone();
        let is_held = move || held.as_ref().is_some_and(|held| held.with(|id| id == row.id));
        let on_click = move |_| {
            if let Some(track) = track {
                app.change_track(track, None, TrackEdit::SetInstrument(row.id.to_owned()));
            } else {
                app.ui.panel.set(None);
                if let Some(track) = app.add_track(row.id) {
                    // What the dock shows is about it, once the focus has gone back to where it was.
                    browser::after(0, move || set_cursor(app, (track, 0)));
                }
            }
        };
        view! { <button class="choice" class:held=is_held hidden=is_out on:click=on_click>{row.name}</button> }
            .into_any()
    })
}
