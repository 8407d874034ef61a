//! Lines that are shown for a while and get in nobody's way, and what screen readers are told.

use leptos::prelude::*;

use super::icon::{self, icon};
use crate::browser;
use crate::state::App;

/// How long a line is shown, in milliseconds.
const SHOWN_MILLIS: i32 = 6_000;

/// The lines.
pub(crate) fn toasts(app: App) -> impl IntoView {
    view! {
        <div class="visually-hidden" role="status" aria-live="polite">{move || app.ui.said.get()}</div>
        <section class="toasts" aria-label="Notices">
            <For each=move || app.ui.toasts.get() key=|toast| toast.id children=move |toast| {
                let id = toast.id;
                browser::after(SHOWN_MILLIS, move || app.ui.forget(id));
                view! {
                    <div class="toast">
                        {toast.colour.map(|colour| view! { <span class="dot" style=format!("--who:var(--player-{colour})")></span> })}
                        <span>{toast.text}</span>
                        {toast.offer.map(|(label, act)| view! {
                            <button class="plain small" on:click=move |_| { app.ui.forget(id); act(); }>{label}</button>
                        })}
                        <button class="quiet square" aria-label="Dismiss" on:click=move |_| app.ui.forget(id)>{icon(icon::CLOSE)}</button>
                    </div>
                }
            }/>
        </section>
    }
}
