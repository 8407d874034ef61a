//! The dock under the grid: tabs, one open at a time or none.
//!
//! [`dock`] is the one way in, so that all of it can load after the first picture. What it remembers stands in
//! [`state::Dock`](crate::state::Dock). Everything that turns is one component, [`knob`]; everything that shows a level is
//! another, [`meter`].

mod curve;
mod effects;
mod history;
mod keys;
mod knob;
mod lane;
mod meter;
mod mixer;
mod people;
mod piano;
mod resize;
mod roll;
mod slot;
mod sound;
mod step;
mod target;
mod text;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::icon::{self, icon};
use crate::browser;
use crate::state::dock::DOCK_ID;
use crate::state::{App, Tab};

/// Under which name the dock's tab and height are kept.
const KEPT: &str = "offbeat-dock";

/// The dock.
pub(crate) fn dock(app: App) -> AnyView {
    if let Some(kept) = browser::kept(KEPT) {
        app.ui.dock.take_up(&kept);
    }
    Effect::new(move |_| browser::keep(KEPT, &app.ui.dock.kept()));
    let open = app.ui.dock.open;
    view! {
        <section class="dock" class:open=move || open.get().is_some() aria-label="Dock"
            style=move || format!("--dock:{}px", app.ui.dock.height.get())>
            {resize::handle(app)}
            {tabs(app)}
            {move || open.get().map(|tab| view! {
                <div class="dock-inside" role="tabpanel" id=DOCK_ID aria-labelledby=tab_id(tab) tabindex="-1">
                    // What is headed inside stands below the session's heading by one.
                    <h2 class="visually-hidden">{tab.name()}</h2>
                    {inside(app, tab)}
                </div>
            })}
        </section>
    }
    .into_any()
}

fn inside(app: App, tab: Tab) -> AnyView {
    match tab {
        Tab::Step => step::step(app),
        Tab::Sound => sound::sound(app),
        Tab::Mixer => mixer::mixer(app),
        Tab::Effects => effects::effects(app),
        Tab::Keys => keys::keys(app),
        Tab::Text => text::text(app),
        Tab::People => people::people(app),
        Tab::History => history::history(app),
    }
}

/// The id of a tab's button.
pub(crate) fn tab_id(tab: Tab) -> String {
    format!("tab-{}", tab.name())
}

fn tabs(app: App) -> impl IntoView {
    let dock = &app.ui.dock;
    let (open, last) = (dock.open, dock.last);
    let buttons = Tab::ALL.map(|tab| {
        view! {
            <button class="tab" role="tab" id=tab_id(tab) aria-controls=DOCK_ID
                aria-selected=move || (open.get() == Some(tab)).to_string()
                tabindex=move || if last.get() == tab { "0" } else { "-1" }
                on:click=move |_| app.ui.dock.toggle(tab)
                on:keydown=move |event| moved(app, tab, &event)>
                {tab.name()}
            </button>
        }
    });
    view! {
        <div class="dock-bar">
            <div class="tabs" role="tablist" aria-label="Dock">{buttons.collect_view()}</div>
            {target::target(app)}
            <button class="quiet square" aria-label=move || if open.get().is_some() { "Close the dock" } else { "Open the dock" }
                title="Open or close the dock (D)" aria-expanded=move || open.get().is_some().to_string()
                on:click=move |_| app.ui.dock.toggle_last()>
                <span class="chevron">{icon(icon::CHEVRON)}</span>
            </button>
        </div>
    }
}

/// Arrows move between the tabs, as the pattern of tabs wants it.
fn moved(app: App, tab: Tab, event: &KeyboardEvent) {
    let to = match event.key().as_str() {
        "ArrowRight" => tab.next(1),
        "ArrowLeft" => tab.next(-1),
        "Home" => Tab::ALL[0],
        "End" => Tab::ALL[0].next(-1),
        _ => return,
    };
    event.prevent_default();
    let dock = &app.ui.dock;
    dock.last.set(to);
    if dock.open.get_untracked().is_some() {
        dock.open.set(Some(to));
    }
    browser::focus(&tab_id(to));
}
