//! The header: whose session this is, who is here, and what can be done with it.

use leptos::prelude::*;
use score::SessionId;
use view::{Ask, Page};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent, MouseEvent};

use super::connection::chip;
use super::icon::{self, icon};
use super::people::avatars;
use crate::browser::edges_of_target;
use crate::host;
use crate::state::{App, Panel};

/// The header.
pub(crate) fn header(app: App) -> impl IntoView {
    let is_music = move || app.ui.page.with(|page| matches!(page, Page::Session(_) | Page::Beat { .. }));
    view! {
        <header class="header">
            <a class="brand" href="/" title="My sessions" on:click=move |event: MouseEvent| {
                event.prevent_default();
                app.go_home();
            }>
                <svg class="logo" viewBox="0 0 18 18" aria-hidden="true">
                    <path d="M2 3v12M9 8v7M16 5v10"/>
                </svg>
                "Offbeat"
            </a>
            {move || is_music().then(|| of_session(app))}
            <div class="gap"></div>
            {move || is_music().then(|| acts(app))}
            <button class="quiet square" aria-label="More" title="More" aria-haspopup="dialog"
                on:click=move |event| app.ui.toggle(Panel::Menu, edges_of_target(&event))>
                {icon(icon::MORE)}
            </button>
        </header>
    }
}

fn of_session(app: App) -> impl IntoView {
    view! {
        <span class="slash" aria-hidden="true">"/"</span>
        <div class="session-title">{session_name(app)}{lineage(app)}</div>
        {move || if app.ui.is_beat() {
            view! { <span class="badge">"Published beat"</span> }.into_any()
        } else {
            chip(app).into_any()
        }}
    }
}

/// What the session is a remix of, as a way there.
pub(crate) fn lineage(app: App) -> impl IntoView {
    move || {
        let parent = app.session.parent.get()?;
        let name = if parent.name.is_empty() { "an untitled beat".to_owned() } else { parent.name };
        let words = view! { "remix of "<bdi>{name}</bdi> };
        Some(match parent.id.parse::<SessionId>() {
            Ok(session) => view! {
                <a class="lineage" href=format!("/s/{session}") on:click=move |event: MouseEvent| {
                    if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                        event.prevent_default();
                        app.ask(&Ask::Open(session));
                    }
                }>{words}</a>
            }
            .into_any(),
            // A beat has a page at its server alone.
            Err(_) if host::is_desktop() => view! { <span class="lineage">{words}</span> }.into_any(),
            Err(_) => view! { <a class="lineage" href=format!("/b/{}", parent.id)>{words}</a> }.into_any(),
        })
    }
}

fn session_name(app: App) -> impl IntoView {
    let name = app.session.name;
    let length = move || name.with(|name| name.chars().count().clamp(4, 40).to_string());
    let leave = move |event: &web_sys::Event, keep: bool| {
        let Some(input) =
            event.current_target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        if !keep {
            input.set_value(&name.get_untracked());
        }
        input.blur().ok();
    };
    view! {
        <input class="session-name" type="text" aria-label="Session name" title="Rename" spellcheck="false"
            autocomplete="off" size=length prop:value=name readonly=move || app.ui.is_beat()
            on:change=move |event| {
                app.set_name(&event_target_value(&event));
                let input = event.current_target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                if let Some(input) = input {
                    input.set_value(&name.get_untracked());
                }
            }
            on:keydown=move |event: KeyboardEvent| match event.key().as_str() {
                "Enter" => leave(&event, true),
                "Escape" => leave(&event, false),
                _ => {}
            }
        />
    }
}

fn acts(app: App) -> impl IntoView {
    let is_beat = move || app.ui.is_beat();
    let remix = move |_| match app.ui.page.get_untracked() {
        Page::Beat { id, .. } => app.ask(&Ask::Join(format!("/b/{id}/remix"))),
        _ => app.ask(&Ask::Remix),
    };
    view! {
        {move || (!is_beat()).then(|| view! { {avatars(app)} {undo_redo(app)} })}
        {move || (!is_beat()).then(|| view! {
            <button class="primary" aria-haspopup="dialog" on:click=move |event| {
                let anchor = edges_of_target(&event);
                app.ui.invitation.set(None);
                app.ask(&Ask::Invite);
                app.ui.toggle(Panel::Invite, anchor);
            }>"Invite"</button>
            <button class="plain wide-only" title="Publish a beat to listen to" on:click=move |event| {
                app.ui.anchor.set(edges_of_target(&event));
                app.ask(&Ask::Publish);
            }>"Publish"</button>
        })}
        <button class=move || if is_beat() { "primary" } else { "plain wide-only" } title="Begin a session of your own with this one" on:click=remix>
            "Remix"
        </button>
        <button class="plain wide-only" title="Begin a session" on:click=move |_| app.ask(&Ask::Create { name: String::new() })>
            "New"
        </button>
    }
}

fn undo_redo(app: App) -> impl IntoView {
    let history = app.session.history;
    view! {
        <div class="pair" role="group" aria-label="History">
            <button class="quiet square" aria-label="Undo" title="Undo (Ctrl Z)" disabled=move || !history.get().0
                on:click=move |_| app.undo(false)>{icon(icon::UNDO)}</button>
            <button class="quiet square" aria-label="Redo" title="Redo (Shift Ctrl Z)" disabled=move || !history.get().1
                on:click=move |_| app.undo(true)>{icon(icon::REDO)}</button>
        </div>
    }
}
