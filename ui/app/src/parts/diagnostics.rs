//! How everything fares: clock, links, changes, engine, and what was said of late.

use std::time::Duration;

use leptos::prelude::*;
use view::{Ask, MAX_PAST_ACTS};

use super::connection::name_of;
use crate::model::diagnosis::{self, Section};
use crate::state::App;
use crate::{browser, host, log};

/// How often it is looked at while it is shown.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What can be looked at.
type Look = fn(App) -> Section;

const SECTIONS: [Look; 5] = [
    |app| app.session.connection.with(|connection| diagnosis::clock(connection, |key| name_of(app, key))),
    |app| app.session.connection.with(|connection| diagnosis::links(connection, |key| name_of(app, key))),
    |app| {
        let (acts, tracks) = (app.ui.dock.acts.with(Vec::len), app.session.rows.with(Vec::len));
        app.session.connection.with(|connection| diagnosis::changes(connection, acts, MAX_PAST_ACTS, tracks))
    },
    |_| diagnosis::engine(host::effort(), device(), host::delay()),
    |_| diagnosis::said(&log::lines()),
];

/// The panel.
pub(crate) fn diagnostics(app: App) -> impl IntoView {
    let looked = RwSignal::new(());
    let listed = StoredValue::new(None);
    let look = move || {
        // What was done is listed anew when something was.
        let revision = Some(app.session.revision.get_untracked());
        if app.ui.is_open.get_untracked() && listed.get_value() != revision {
            listed.set_value(revision);
            app.ask(&Ask::Acts);
        }
        looked.set(());
    };
    look();
    if let Ok(looking) = set_interval_with_handle(look, LOOK_EVERY) {
        on_cleanup(move || looking.clear());
    }
    let shown = SECTIONS.map(|of| {
        Memo::new(move |_| {
            looked.track();
            of(app)
        })
    });
    let copy = move |_| {
        let text = diagnosis::text(&shown.map(|section| section.get_untracked()));
        browser::copy(&text, move |worked| {
            app.ui.remark(if worked {
                "Copied."
            } else {
                "This browser does not let a page copy; select the text instead."
            });
        });
    };
    view! {
        <div class="diagnosis">{shown.map(section).into_iter().collect_view()}</div>
        <button class="plain" on:click=copy>"Copy all"</button>
    }
}

fn section(shown: Memo<Section>) -> impl IntoView {
    let lines = move || {
        let lines = shown.get().lines.into_iter();
        lines.map(|(what, how)| view! { <div><dt><bdi>{what}</bdi></dt><dd>{how}</dd></div> }).collect_view()
    };
    view! { <section><h3>{shown.get_untracked().title}</h3><dl>{lines}</dl></section> }
}

/// What sound comes out of.
fn device() -> String {
    match host::device() {
        Some(device) => device,
        None if host::is_desktop() => "no device yet".to_owned(),
        None => "this page".to_owned(),
    }
}
