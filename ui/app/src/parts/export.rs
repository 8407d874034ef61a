//! The session as files to take elsewhere.

use leptos::prelude::*;
use view::ExportFormat;

use crate::state::App;

/// What each kind of file is called, and what it is for.
const fn words(format: ExportFormat) -> (&'static str, &'static str) {
    match format {
        ExportFormat::Wav => ("WAV", "a seamless loop of everything"),
        ExportFormat::Stems => ("Stems", "a loop of each track, in a ZIP"),
        ExportFormat::Midi => ("MIDI", "the notes, for other programs"),
        ExportFormat::Json => ("JSON", "all of the session, to bring back"),
        ExportFormat::Text => ("Text", "a line for each track, for a chat"),
    }
}

/// The kinds of files.
pub(crate) fn export(app: App) -> impl IntoView {
    let is_busy = move || app.ui.exporting.with(Option::is_some);
    let items = ExportFormat::ALL.map(|format| {
        let (name, about) = words(format);
        view! {
            <button class="item" disabled=is_busy on:click=move |_| app.export(format)>
                {name}" "<span class="hint">{about}</span>
            </button>
        }
    });
    view! {
        {items.into_iter().collect_view()}
        {move || app.ui.exporting.get().map(|done| view! {
            <progress max="1" value=(done > 0.0).then_some(done) aria-label="Rendering"></progress>
        })}
    }
}
