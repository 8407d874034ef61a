//! The whole page: header, transport, and what the page is about.

use leptos::prelude::*;
use view::Page;

use super::{grid, header, home, panel, toasts, transport};
use crate::later;
use crate::state::App;

/// Everything that is seen.
pub(crate) fn frame(app: App) -> impl IntoView {
    // What is inside a session stays as it is when the page moves from one to the other.
    let kind = Memo::new(move |_| app.ui.page.with(kind_of));
    Effect::new(move |_| {
        let name = app.session.name.get();
        let title = if kind.get() == Kind::Music && !name.is_empty() {
            format!("{name} · Offbeat")
        } else {
            "Offbeat".to_owned()
        };
        crate::browser::document().set_title(&title);
    });
    view! {
        {header::header(app)}
        {move || match kind.get() {
            Kind::Music => music(app).into_any(),
            Kind::Home => later::of(app).map(|later| (later.home)(app)).into_any(),
            Kind::Missing => home::missing(app).into_any(),
        }}
        {panel::panel(app)}
        {toasts::toasts(app)}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Music,
    Home,
    Missing,
}

fn kind_of(page: &Page) -> Kind {
    match page {
        Page::Session(_) | Page::Beat { .. } => Kind::Music,
        Page::Home => Kind::Home,
        Page::Missing { .. } => Kind::Missing,
    }
}

/// The place that the dock will take, so that nothing moves when it has come.
fn dock_to_come() -> AnyView {
    view! { <div class="dock"></div> }.into_any()
}

fn music(app: App) -> impl IntoView {
    view! {
        {transport::transport(app)}
        <main class="stage">
            <h1 class="visually-hidden">{app.session.name}</h1>
            {grid::grid(app)}
            <div class="notes">{move || later::of(app).map(|later| (later.notes)(app))}</div>
        </main>
        {move || later::of(app).map_or_else(dock_to_come, |later| (later.dock)(app))}
    }
}
