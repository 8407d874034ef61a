//! The chip that says how the session is connected, and its details.

use leptos::prelude::*;

use super::device::device;
use crate::browser::edges_of_target;
use crate::model::link_state::{LinkState, milliseconds, offset, path_word, shared_words, uncertainty};
use crate::state::{App, Panel};

/// The chip.
pub(crate) fn chip(app: App) -> impl IntoView {
    let state = Memo::new(move |_| {
        let is_settling = !app.ui.is_open.get() || app.ui.is_settling.get();
        app.session.connection.with(|connection| {
            app.session.players.with(|players| LinkState::of(connection, players, is_settling))
        })
    });
    // Written by the style sheet: it is no part of the button's name, and the details say it.
    let uncertainty = Memo::new(move |_| {
        let micros = app.session.connection.with(uncertainty)?;
        // It is another with every edit, and reads the same.
        Some(format!("±{}", milliseconds(Some(micros))))
    });
    view! {
        <button class=move || format!("chip {}", state.get().class()) aria-haspopup="dialog" title="How this session is connected"
            aria-label=move || state.get().words() on:click=move |event| app.ui.toggle(Panel::Connection, edges_of_target(&event))>
            <span class="dot"></span>
            <span>{move || state.get().words()}</span>
            {move || uncertainty.get().map(|text| view! { <span class="figure wide-only" data-text=text></span> })}
        </button>
    }
}

/// What the chip knows.
pub(crate) fn details(app: App) -> impl IntoView {
    let connection = app.session.connection;
    let links = move || {
        connection.with(|connection| {
            connection
                .links
                .iter()
                .map(|link| {
                    let name = name_of(app, link.key);
                    let path = path_word(link.path);
                    let trip = milliseconds(link.round_trip_micros);
                    let ahead = offset(link.clock);
                    let off = milliseconds(link.clock.map(|clock| clock.uncertainty_micros));
                    let sync = if link.in_sync { "in step" } else { "catching up" };
                    view! { <tr><th scope="row"><bdi>{name}</bdi></th><td>{path}</td><td class="figure">{trip}</td><td class="figure">{ahead}</td><td class="figure">"±"{off}</td><td>{sync}</td></tr> }
                })
                .collect_view()
        })
    };
    let is_alone = move || connection.with(|connection| connection.links.is_empty());
    let time = move || {
        let time = connection.with(|held| held.time.filter(|_| !held.links.is_empty()))?;
        let follows = time.follows.map_or_else(|| "this machine".to_owned(), |key| name_of(app, key));
        let off = milliseconds(Some(time.uncertainty_micros));
        Some(
            view! { <p class="hint">"Shared time is "<bdi>{follows}</bdi>"'s, known here to ±"{off}". "{shared_words(&time)}</p> },
        )
    };
    view! {
        <p class="hint">{move || waiting(connection.with(|held| (held.unacknowledged, held.unsaved)))}</p>
        <table class="links">
            <thead><tr><th>"Who"</th><th>"Way"</th><th>"Round trip"</th><th>"Offset"</th><th>"Sure to"</th><th>"State"</th></tr></thead>
            <tbody>{links}</tbody>
        </table>
        {time}
        {device(app)}
        {move || is_alone().then(|| view! {
            <p class="hint">"Nobody else is linked. Play and edit on: what you change is kept here and merges with theirs."</p>
        })}
    }
}

/// What waits to be saved and to reach the others.
pub(super) fn waiting((unacknowledged, unsaved): (u32, u32)) -> String {
    let changes = |count: u32| if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
    match (unacknowledged, unsaved) {
        (0, 0) => "Everything you did is saved here and has reached the others.".to_owned(),
        (0, unsaved) => format!("{} still being saved.", changes(unsaved)),
        (waiting, 0) => format!("{} waiting for the others; saved here.", changes(waiting)),
        (waiting, unsaved) => {
            format!("{} waiting for the others, {} still being saved.", changes(waiting), changes(unsaved))
        }
    }
}

/// What somebody is called here, by the key at their end of a link.
pub(super) fn name_of(app: App, key: score::PlayerKey) -> String {
    app.session.players.with(|players| {
        players
            .iter()
            .find(|player| player.key == key)
            .map_or_else(|| "Server".to_owned(), |player| app.guise(player.key).name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_said_in_a_sentence() {
        assert_eq!(waiting((1, 0)), "1 change waiting for the others; saved here.");
        assert_eq!(waiting((2, 3)), "2 changes waiting for the others, 3 changes still being saved.");
        assert!(waiting((0, 0)).starts_with("Everything"));
    }
}
