//! The whole page: header, transport, and what the page is about.

use leptos::prelude::*;
use view::Page;

use super::{dock, follow, grid, header, hints, home, panel, toasts, transport};
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
            Kind::Home => home::home(app).into_any(),
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

fn music(app: App) -> impl IntoView {
    view! {
        {transport::transport(app)}
        <main class="stage">
            {grid::grid(app)}
            <div class="notes">{follow::follow(app)}{hints::hints(app)}</div>
        </main>
        {dock::dock(app)}
    }
}
