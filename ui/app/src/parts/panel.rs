//! What opens over the grid: beside what opened it, never in the way of the music.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::icon::{self, icon};
use super::{
    connection, diagnostics, export, go_to, instruments, invite, length_menu, menu, people, shortcuts,
    step_editor, track_menu,
};
use crate::playhead::POSITION_ID;
use crate::state::{Anchor, App, Panel};
use crate::{browser, later};

/// The panel's element.
const ID: &str = "panel";
/// Between a panel and what opened it, in pixels.
const GAP: f64 = 6.0;

/// The open panel, if there is one.
pub(crate) fn panel(app: App) -> impl IntoView {
    // Where the focus goes back to.
    let opener = StoredValue::new_local(None::<HtmlElement>);
    Effect::new(move |was_open: Option<bool>| {
        let is_open = app.ui.panel.with(Option::is_some);
        if is_open && was_open != Some(true) {
            opener.set_value(browser::document().active_element().and_then(|active| active.dyn_into().ok()));
        }
        if is_open {
            browser::after(0, focus_inside);
        } else if was_open == Some(true)
            && let Some(element) = opener.get_value()
        {
            element.focus().ok();
        }
        is_open
    });
    close_outside(app);
    move || app.ui.panel.get().zip(later::of(app)).map(|(panel, later)| (later.panel)(app, panel))
}

/// A panel that is open: it loads with the later part.
pub(crate) fn opened(app: App, panel: Panel) -> impl IntoView {
    let title = title(app, &panel);
    let class = match panel {
        Panel::Instruments(_) | Panel::Shortcuts | Panel::Diagnostics => "panel large",
        Panel::Menu | Panel::Export | Panel::Position => "panel small",
        _ => "panel",
    };
    let style = place(app.ui.anchor.get_untracked());
    let heading = (panel != Panel::Menu).then(|| title.clone());
    view! {
        <section class=class id=ID role="dialog" aria-label=title style=style tabindex="-1">
            {heading.map(|heading| view! {
                <header role="presentation">
                    <h2>{heading}</h2>
                    <button class="quiet square" aria-label="Close" title="Close (Esc)" on:click=move |_| app.ui.panel.set(None)>
                        {icon(icon::CLOSE)}
                    </button>
                </header>
            })}
            <div class="inside">{inside(app, panel)}</div>
        </section>
    }
}

fn title(app: App, panel: &Panel) -> String {
    let track = |id| app.session.row(id).map(|row| row.name.get_untracked()).unwrap_or_default();
    match panel {
        Panel::Connection => "Connection".to_owned(),
        Panel::People => "Players".to_owned(),
        Panel::Invite => "Invite".to_owned(),
        Panel::Published(_) => "Published".to_owned(),
        Panel::Menu => "More".to_owned(),
        Panel::Export => "Export".to_owned(),
        Panel::Shortcuts => "Keyboard shortcuts".to_owned(),
        Panel::Diagnostics => "Diagnostics".to_owned(),
        Panel::Position => "Go to a bar".to_owned(),
        Panel::Instruments(None) => "Add a track".to_owned(),
        Panel::Instruments(Some(id)) => format!("Instrument of {}", track(*id)),
        Panel::Step(id, number) => format!("{}, step {}", track(*id), number + 1),
        Panel::Track(id) => track(*id),
        Panel::Length(id) => format!("Length of {}", track(*id)),
    }
}

fn inside(app: App, panel: Panel) -> AnyView {
    match panel {
        Panel::Connection => connection::details(app).into_any(),
        Panel::People => people::list(app).into_any(),
        Panel::Invite => invite::invite(app).into_any(),
        Panel::Published(link) => invite::published(app, link).into_any(),
        Panel::Menu => menu::menu(app).into_any(),
        Panel::Export => export::export(app).into_any(),
        Panel::Shortcuts => shortcuts::shortcuts().into_any(),
        Panel::Diagnostics => diagnostics::diagnostics(app).into_any(),
        Panel::Position => go_to::go_to(app).into_any(),
        Panel::Instruments(track) => instruments::instruments(app, track).into_any(),
        Panel::Step(track, number) => step_editor::step_editor(app, track, number).into_any(),
        Panel::Track(track) => track_menu::track_menu(app, track).into_any(),
        Panel::Length(track) => length_menu::length_menu(app, track).into_any(),
    }
}

/// Below what opened it, or above where there is more room; the style sheet keeps it within the window's width.
fn place(anchor: Anchor) -> String {
    let height = |of: wasm_bindgen::JsValue| of.as_f64().unwrap_or(800.0);
    let window_height = browser::window().inner_height().map_or(800.0, height);
    let centre = f64::midpoint(anchor.left, anchor.right);
    if anchor.bottom > window_height * 0.6 {
        format!(
            "--x:{centre}px;bottom:{}px;--room:{}px",
            window_height - anchor.top + GAP,
            anchor.top - 2.0 * GAP
        )
    } else {
        let top = anchor.bottom + GAP;
        format!("--x:{centre}px;top:{top}px;--room:{}px", window_height - top - GAP)
    }
}

fn focus_inside() {
    let first = format!("#{ID} .inside :is(input, button, select, a)");
    let element = browser::document().query_selector(&first).ok().flatten();
    let element = element.or_else(|| browser::document().get_element_by_id(ID));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.focus().ok();
    }
}

/// A press beside the panel closes it, and does what it does there as well.
fn close_outside(app: App) {
    let listener = window_event_listener(leptos::ev::pointerdown, move |event| {
        if app.ui.panel.with_untracked(Option::is_none) {
            return;
        }
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let keeps = format!("#{ID}, #{POSITION_ID}, [aria-haspopup]");
        if target.closest(&keeps).ok().flatten().is_none() {
            app.ui.panel.set(None);
        }
    });
    on_cleanup(move || listener.remove());
}
