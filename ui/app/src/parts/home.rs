//! The page of a player's sessions, and the page of a link that leads nowhere.

use leptos::prelude::*;
use score::catalogue::Family;
use view::{Ask, Page, SessionListing, THUMBNAIL_STEPS, Thumbnail};
use web_sys::{MouseEvent, SubmitEvent};

use super::icon::{self, icon};
use super::instruments::word;
use crate::model::guise::isolated;
use crate::state::App;

/// A player's sessions, and a new one.
pub(crate) fn home(app: App) -> impl IntoView {
    let link = RwSignal::new(String::new());
    view! {
        <main class="home">
            <h1>"Make a beat. Together."</h1>
            <p class="lead">"A step sequencer that plays the same on every machine. It works offline, and what you do merges with what the others did."</p>
            <div class="begin">
                <button class="primary large" on:click=move |_| app.ask(&Ask::Create { name: String::new() })>{icon(icon::PLUS)} "New session"</button>
                <form class="join" on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    let text = link.get_untracked();
                    if !text.trim().is_empty() {
                        app.ask(&Ask::Join(text));
                    }
                }>
                    <input class="field" type="text" aria-label="Link or ticket" placeholder="Paste a link or a ticket" autocomplete="off"
                        spellcheck="false" prop:value=link on:input=move |event| link.set(event_target_value(&event))/>
                    <button class="plain">"Join"</button>
                </form>
            </div>
            <h2>"My sessions"</h2>
            {move || sessions(app)}
        </main>
    }
}

fn sessions(app: App) -> AnyView {
    match app.ui.sessions.get() {
        None => view! { <p class="hint">"One moment …"</p> }.into_any(),
        Some(sessions) if sessions.is_empty() => {
            view! { <p class="hint">"None on this machine yet. A new session begins with a beat that plays."</p> }.into_any()
        }
        Some(sessions) => {
            view! { <ul class="sessions">{sessions.into_iter().map(|listing| card(app, listing)).collect_view()}</ul> }.into_any()
        }
    }
}

fn card(app: App, listing: SessionListing) -> impl IntoView {
    let SessionListing { session, name, picture } = listing;
    let name = if name.is_empty() { "Untitled".to_owned() } else { name };
    let (label, taken_off) = (format!("Take {} off the list", isolated(&name)), name.clone());
    view! {
        <li class="listed">
            <a class="card" href=format!("/s/{session}") on:click=move |event: MouseEvent| {
                // Ctrl and the like open it elsewhere, as with every link.
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    event.prevent_default();
                    app.ui.page.set(Page::Session(session));
                    app.ask(&Ask::Open(session));
                }
            }>
                {thumbnail(&picture)}
                <bdi>{name}</bdi>
            </a>
            <button class="quiet square" aria-label=label title="Take it off the list; its link still leads to it"
                on:click=move |_| {
                    app.ask(&Ask::List { session, listed: false });
                    let put_back = move || app.ask(&Ask::List { session, listed: true });
                    app.ui.offer(format!("{} is off the list.", isolated(&taken_off)), "Undo", put_back);
                }>{icon(icon::CLOSE)}</button>
        </li>
    }
}

/// The session's grid in small: a line for each track.
fn thumbnail(picture: &Thumbnail) -> impl IntoView + use<> {
    use std::fmt::Write as _;
    let rows = picture.rows();
    let paths = rows.iter().enumerate().map(|(place, row)| {
        let mut path = String::new();
        for (from, steps) in row.stretches() {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{from} {place}.5h{steps}");
        }
        let family = row.family.and_then(|place| Family::ALL.get(usize::from(place)));
        view! { <path d=path style=format!("stroke:var(--{})", family.map_or("sample", |family| word(*family)))/> }
    });
    let paths = paths.collect_view();
    view! {
        <svg class="thumb" viewBox=format!("0 0 {THUMBNAIL_STEPS} {}", rows.len().max(4)) preserveAspectRatio="none" aria-hidden="true">
            {paths}
        </svg>
    }
}

/// A link that leads nowhere.
pub(crate) fn missing(app: App) -> impl IntoView {
    let reason = move || {
        app.ui.page.with(|page| match page {
            Page::Missing { reason } => reason.clone(),
            _ => String::new(),
        })
    };
    view! {
        <main class="home missing">
            <h1>"Nothing plays here"</h1>
            <p class="lead" role="alert">{reason}</p>
            <div class="begin">
                <button class="primary large" on:click=move |_| app.ask(&Ask::Create { name: String::new() })>{icon(icon::PLUS)} "New session"</button>
                <button class="plain large" on:click=move |_| app.go_home()>"My sessions"</button>
            </div>
        </main>
    }
}
