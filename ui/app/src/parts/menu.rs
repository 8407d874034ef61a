//! What else there is to do, and what the header has no room for on a phone.

use leptos::prelude::*;
use view::{Ask, Page};

use crate::browser;
use crate::state::{App, Panel};

/// Under which name the theme is kept; the page's script reads it too.
const THEME: &str = "offbeat-theme";

/// The menu.
pub(crate) fn menu(app: App) -> impl IntoView {
    let is_session = app.ui.page.with_untracked(|page| matches!(page, Page::Session(_)));
    let is_music = is_session || app.ui.is_beat();
    let item = move |label: &'static str, class: &'static str, act: Box<dyn Fn()>| {
        view! {
            <button class=format!("item {class}") on:click=move |_| {
                app.ui.panel.set(None);
                act();
            }>{label}</button>
        }
    };
    let ask = move |ask: Ask| -> Box<dyn Fn()> { Box::new(move || app.ask(&ask)) };
    view! {
        {item("My sessions", "", Box::new(move || app.go_home()))}
        {item("New session", "", ask(Ask::Create { name: String::new() }))}
        {is_session.then(|| view! {
            {item("Players", "narrow-only", Box::new(move || app.ui.panel.set(Some(Panel::People))))}
            {item("Publish", "narrow-only", ask(Ask::Publish))}
            {item("Remix", "narrow-only", ask(Ask::Remix))}
            {item("Keep on the server", "", ask(Ask::Archive { server: String::new() }))}
        })}
        {is_music.then(|| item("Export", "", Box::new(move || app.ui.panel.set(Some(Panel::Export)))))}
        <hr/>
        {theme_item(app)}
        {item("Diagnostics", "", Box::new(move || app.ui.panel.set(Some(Panel::Diagnostics))))}
        {item("Keyboard shortcuts", "", Box::new(move || app.ui.panel.set(Some(Panel::Shortcuts))))}
    }
}

fn theme_item(app: App) -> impl IntoView {
    let other = if is_light() { "dark" } else { "light" };
    view! {
        <button class="item" on:click=move |_| {
            app.ui.panel.set(None);
            if let Some(root) = browser::document().document_element() {
                root.set_attribute("data-theme", other).ok();
            }
            browser::keep(THEME, other);
        }>{if other == "light" { "Light theme" } else { "Dark theme" }}</button>
    }
}

/// What is chosen counts, then what the system prefers.
fn is_light() -> bool {
    let chosen = browser::document().document_element().and_then(|root| root.get_attribute("data-theme"));
    let prefers = || browser::window().match_media("(prefers-color-scheme: light)").ok().flatten();
    chosen.map_or_else(|| prefers().is_some_and(|query| query.matches()), |chosen| chosen == "light")
}
