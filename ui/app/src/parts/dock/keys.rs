//! Keys: the melodic grid of a track with a lane of velocities and a keyboard to play.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use score::TrackId;
use score::catalogue::{Sound, resolve};

use super::target::with_track;
use super::{lane, piano, roll};
use crate::model::notes::{PitchRow, base_key, notes, pitch_rows};
use crate::parts::instruments::tint;
use crate::state::{App, Row};

/// The id of the tab's element: while the focus is in it, the computer's keyboard plays.
pub(super) const KEYS_ID: &str = "keys";

/// The track that is played and drawn, and what its rows are.
#[derive(Clone, Copy)]
pub(super) struct Board {
    /// Which track.
    pub(super) track: TrackId,
    /// The MIDI key of the track's own pitch.
    pub(super) base: Memo<i16>,
    /// The rows from high to low.
    pub(super) rows: Memo<Vec<PitchRow>>,
    /// Whether what is played is written into the pattern.
    pub(super) is_armed: RwSignal<bool>,
    /// How many octaves the keyboard is moved up.
    pub(super) octave: RwSignal<i8>,
}

/// The tab.
pub(super) fn keys(app: App) -> AnyView {
    with_track(app, of_track)
}

fn of_track(app: App, row: &Arc<Row>) -> AnyView {
    let (instrument, transpose) = (row.instrument.clone(), row.transpose.clone());
    let tint = tint(row);
    let base = Memo::new(move |_| {
        let own = match resolve(&instrument.get()) {
            Sound::BuiltIn(row) | Sound::Unknown(row) => Some(row),
            Sound::Sample(_) => None,
        };
        base_key(own, transpose.get())
    });
    let used = used(row);
    let rows = Memo::new(move |_| {
        pitch_rows(base.get(), app.session.scale.get(), app.session.scale_lock.get(), &used.get())
    });
    let board = Board { track: row.id, base, rows, is_armed: RwSignal::new(false), octave: RwSignal::new(0) };
    view! {
        <div class="keys" id=KEYS_ID tabindex="-1" style=tint on:keydown=move |event| piano::key_down(app, board, &event)
            on:keyup=move |event| piano::key_up(board, &event)>
            {bar(app, board)}
            {roll::roll(app, board, row)}
            {lane::velocities(app, board, row)}
            {piano::piano(app, board)}
        </div>
    }
    .into_any()
}

/// The pitches that the pattern uses.
fn used(row: &Arc<Row>) -> Memo<BTreeSet<i8>> {
    let row = row.clone();
    Memo::new(move |_| {
        let cells = (0..row.length.get()).filter_map(|number| row.cell(number));
        cells.flat_map(|cell| cell.with(notes)).map(|(pitch, _)| pitch).collect()
    })
}

fn bar(app: App, board: Board) -> impl IntoView {
    let Board { is_armed, octave, .. } = board;
    let scale = move || {
        let locked = if app.session.scale_lock.get() { ", locked" } else { "" };
        format!("{}{locked}", app.session.scale.get())
    };
    view! {
        <div class="keys-bar">
            <button class="choice record" aria-pressed=move || is_armed.get().to_string() class:held=move || is_armed.get()
                title="Write what you play into the pattern while it runs" on:click=move |_| is_armed.update(|armed| *armed = !*armed)>
                <span class="record-dot" aria-hidden="true"></span>"Record"
            </button>
            <span class="hint">{scale}</span>
            <span class="gap"></span>
            <span class="hint wide-only">"Play with the mouse, or with Z S X D C … and Q 2 W 3 E …"</span>
            <div class="pair" role="group" aria-label="Octave">
                <button class="quiet square" aria-label="An octave down" title="An octave down" on:click=move |_| octave.update(|held| *held = (*held - 1).max(-1))>"−"</button>
                <button class="quiet square" aria-label="An octave up" title="An octave up" on:click=move |_| octave.update(|held| *held = (*held + 1).min(1))>"+"</button>
            </div>
        </div>
    }
}
