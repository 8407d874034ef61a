//! The whole of all patterns at a glance, while not all of it is seen: which part that is, where the music is, and the way
//! to any other part.

use std::cell::RefCell;
use std::collections::BTreeSet;

use leptos::html;
use leptos::prelude::*;
use score::TrackId;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::icon::{self, icon};
use super::instruments::tint;
use crate::model::overview::{Seen, outlines};
use crate::state::{App, Row};
use crate::{browser, later};

/// The grid's scrolling part.
pub(crate) const SCROLLER_ID: &str = "scroller";
/// The steps of a page, where the style sheet makes pages of them.
const PAGE_STEPS: u16 = 16;
/// Shows where the music is.
const HEAD_ID: &str = "overview-head";
/// How long a change may wait to be seen here, in milliseconds: the cell itself comes first.
const PATIENCE_MILLIS: i32 = 80;

thread_local! {
    /// Tracks whose drawings are out of date.
    static STALE: RefCell<BTreeSet<TrackId>> = const { RefCell::new(BTreeSet::new()) };
}

/// The overview; nothing while everything is seen.
pub(crate) fn overview(app: App, longest: Memo<u16>) -> impl IntoView {
    let seen = app.ui.seen;
    let is_part = Memo::new(move |_| seen.with(Seen::is_part));
    let look = move || app.ui.seen.set(look());
    Effect::new(move |_| {
        longest.track();
        app.session.rows.track();
        // Once it is laid out.
        browser::before_next_paint(look);
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| look());
    on_cleanup(move || resized.remove());
    view! { <Show when=move || is_part.get()>{whole(app, longest)}</Show> }
}

fn whole(app: App, longest: Memo<u16>) -> impl IntoView {
    let seen = app.ui.seen;
    let map = NodeRef::<html::Div>::new();
    let mark = move || {
        let (from, width) = seen.get().shares();
        format!("left:{:.2}%;width:{:.2}%", from * 100.0, width * 100.0)
    };
    let words = move || {
        let (first, last) = seen.get().steps(longest.get());
        format!("Steps {first} – {last} of {}", longest.get())
    };
    Effect::new(move |_| {
        longest.track();
        app.session.rows.with(|rows| rows.iter().for_each(|row| stale(app, row.id)));
    });
    let goes = move |event: &PointerEvent| {
        if event.buttons() & 1 == 1
            && let Some(map) = map.get_untracked()
        {
            let edges = browser::edges(&map);
            let share = (f64::from(event.client_x()) - edges.left) / (edges.right - edges.left);
            scroll_to(seen.get_untracked().centred_at(share));
        }
    };
    let page = move |label: &'static str, path: &'static str, by: f64| {
        view! { <button class="quiet square small" aria-label=label title=label on:click=move |_| turn(seen, by)>{icon(path)}</button> }
    };
    view! {
        <div class="overview">
            <div class="overview-strip">
                <span>{words}</span>
                {page("Page back", icon::LEFT, -1.0)}
                {page("Page on", icon::RIGHT, 1.0)}
            </div>
            <div class="overview-map" node_ref=map role="slider" tabindex="0" aria-label="Part of the pattern that is seen"
                aria-valuemin="1" aria-valuemax=move || longest.get().to_string()
                aria-valuenow=move || seen.get().steps(longest.get()).0.to_string() aria-valuetext=words
                on:pointerdown=move |event| {
                    if let Some(map) = map.get_untracked() {
                        map.set_pointer_capture(event.pointer_id()).ok();
                    }
                    goes(&event);
                }
                on:pointermove=move |event| goes(&event)
                on:keydown=move |event| key(seen, &event)>
                <For each=move || app.session.rows.get() key=|row| row.id children=move |row| drawing(&row, longest)/>
                <div class="overview-head" id=HEAD_ID></div>
                <div class="overview-mark" style=mark></div>
            </div>
        </div>
    }
}

fn drawing(row: &Row, longest: Memo<u16>) -> impl IntoView + use<> {
    let tint = tint(row);
    view! {
        <svg class="overview-row" viewBox=move || format!("0 0 {} 1", longest.get()) preserveAspectRatio="none" style=tint
            id=drawing_id(row.id) aria-hidden="true"><path/><path class="repeats"/></svg>
    }
}

fn drawing_id(track: TrackId) -> String {
    format!("overview-{track}")
}

/// A step of the track has changed: it is drawn anew, soon, if there is an overview.
pub(crate) fn stale(app: App, track: TrackId) {
    if let Some(later) = later::now(app) {
        (later.redraw)(app, track);
    }
}

/// The same, within the later part.
pub(crate) fn redraw(app: App, track: TrackId) {
    let is_first = STALE.with_borrow_mut(|stale| stale.insert(track) && stale.len() == 1);
    if is_first {
        browser::after(PATIENCE_MILLIS, move || {
            let longest = app.field().0.iter().map(|(_, length)| *length).max().unwrap_or(1);
            for row in STALE.take().into_iter().filter_map(|track| app.session.row(track)) {
                draw(&row, longest);
            }
        });
    }
}

fn draw(row: &Row, longest: u16) {
    let Some(drawing) = browser::document().get_element_by_id(&drawing_id(row.id)) else { return };
    let plays = |step: u16| row.cell(step).is_some_and(|cell| cell.with_untracked(|step| step.on));
    let (own, repeats) = outlines(plays, row.length.get_untracked(), longest);
    for (path, outline) in [("path", own), (".repeats", repeats)] {
        if let Ok(Some(path)) = drawing.query_selector(path) {
            path.set_attribute("d", &outline).ok();
        }
    }
}

/// The music is at a step of the longest pattern; `None` while it is nowhere.
pub(crate) fn head(at: Option<(u16, u16)>) {
    if let Some(head) = browser::document().get_element_by_id(HEAD_ID) {
        let place = |(step, of): (u16, u16)| f64::from(step) / f64::from(of.max(1)) * 100.0;
        let style = at.map_or_else(String::new, |at| format!("left:{:.2}%;opacity:1", place(at)));
        head.set_attribute("style", &style).ok();
    }
}

/// The grid was scrolled.
pub(crate) fn scrolled(app: App) {
    let seen = look();
    if app.ui.seen.get_untracked() != seen {
        app.ui.seen.set(seen);
    }
}

fn key(seen: RwSignal<Seen>, event: &KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowLeft" => -0.25,
        "ArrowRight" => 0.25,
        "PageUp" => -1.0,
        "PageDown" => 1.0,
        "Home" => f64::NEG_INFINITY,
        "End" => f64::INFINITY,
        _ => return,
    };
    event.prevent_default();
    turn(seen, by);
}

/// So many pages on.
fn turn(seen: RwSignal<Seen>, by: f64) {
    let seen = seen.get_untracked();
    let to = (seen.from + by * seen.width).clamp(0.0, (seen.total - seen.width).max(0.0));
    scroll_to(to);
}

fn scroll_to(left: f64) {
    if let Some(scroller) = scroller() {
        scroller.set_scroll_left(left.round() as i32);
    }
}

fn scroller() -> Option<Element> {
    browser::document().get_element_by_id(SCROLLER_ID)
}

/// What is seen at this moment: the strips on the left lie over the steps, or above them where the steps are turned by pages.
fn look() -> Seen {
    let Some(scroller) = scroller() else { return Seen::default() };
    let strip = scroller.query_selector(".ruler-strip").ok().flatten();
    let strip = strip.and_then(|strip| strip.dyn_into::<web_sys::HtmlElement>().ok());
    let strip = strip.map(|strip| f64::from(strip.offset_width())).filter(|width| *width > 0.0);
    let beside = strip.unwrap_or_default();
    Seen {
        from: f64::from(scroller.scroll_left()),
        width: f64::from(scroller.client_width()) - beside,
        total: f64::from(scroller.scroll_width()) - beside,
        // A layout without a ruler.
        page: strip.is_none().then_some(PAGE_STEPS),
    }
}
