//! Where the others are in the grid: a frame around their step, another around what they selected, and their name.
//!
//! They lie over the grid and know of it only where its cells stand, so that a cursor that moves draws nothing else anew.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use score::pattern::MAX_STEPS;
use score::{PlayerKey, TrackId};
use view::{Guise, Selected};
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

use super::cells::cell_id;
use super::grid::GRID_ID;
use super::runs::runs;
use crate::browser;
use crate::model::guise;
use crate::state::{Anchor, App};

/// The elements of each player that is shown.
type Drawn = RefCell<BTreeMap<PlayerKey, Mark>>;

/// The elements of a player.
struct Mark {
    here: Element,
    name: Element,
    selected: Vec<Element>,
}

/// The layer of the others' cursors.
pub(crate) fn cursors(app: App) -> impl IntoView {
    let layer = NodeRef::<html::Div>::new();
    let drawn: Rc<Drawn> = Rc::default();
    let is_due = Rc::new(Cell::new(false));
    let redraw: Rc<dyn Fn()> = Rc::new(move || {
        // However much changes before the next picture, it is drawn once.
        if !is_due.replace(true) {
            let (is_due, drawn) = (is_due.clone(), drawn.clone());
            browser::before_next_paint(move || {
                is_due.set(false);
                // Where the grid has gone meanwhile there is nothing to draw on.
                if let Some(layer) = layer.try_get_untracked().flatten() {
                    draw(app, &layer, &mut drawn.borrow_mut());
                }
            });
        }
    });
    let changed = redraw.clone();
    Effect::new(move |_| {
        app.session.cursors.track();
        app.session.guises.track();
        app.session.rows.with(|rows| rows.iter().for_each(|row| row.length.track()));
        changed();
    });
    Effect::new(move |_| {
        if layer.get().is_some() {
            follow_layout(redraw.clone());
        }
    });
    view! { <div class="cursors" aria-hidden="true" node_ref=layer></div> }
}

/// Draws anew whenever the grid takes another size, and so its cells other places.
fn follow_layout(redraw: Rc<dyn Fn()>) {
    let Some(grid) = browser::document().get_element_by_id(GRID_ID) else { return };
    let watched = grid.clone();
    let on_resize = Closure::<dyn Fn(JsValue, ResizeObserver)>::new(move |_, observer: ResizeObserver| {
        if watched.is_connected() {
            redraw();
        } else {
            observer.disconnect();
        }
    });
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(&grid);
        // For as long as the browser tells.
        on_resize.forget();
    }
}

fn draw(app: App, layer: &Element, drawn: &mut BTreeMap<PlayerKey, Mark>) {
    let cursors = app.session.cursors.get_untracked();
    drawn.retain(|key, mark| {
        let stays = cursors.contains_key(key);
        if !stays {
            mark.here.remove();
            mark.select(layer, &[], "");
        }
        stays
    });
    let origin = browser::edges(layer);
    for (key, cursor) in &cursors {
        let guise = untrack(|| app.guise(*key));
        let is_shown = cursor.scene == app.session.scene();
        let here = boxes(cursor.track, cursor.step, u16::from(is_shown));
        let selected = cursor.selected.filter(|_| is_shown).map(|selected| rectangle(app, selected));
        if !drawn.contains_key(key) {
            let Some(mark) = Mark::new(layer) else { return };
            drawn.insert(*key, mark);
        }
        if let Some(mark) = drawn.get_mut(key) {
            mark.show(&guise, here.first(), &origin);
            let styles: Vec<String> = selected.iter().flatten().map(|at| style(at, &origin)).collect();
            mark.select(layer, &styles, &guise::colour(&guise));
        }
    }
}

/// The boxes around what somebody has selected.
fn rectangle(app: App, selected: Selected) -> Vec<Anchor> {
    app.session.rows.with_untracked(|rows| {
        let from = rows.iter().skip_while(|row| row.id != selected.track);
        let tracks = from.take(usize::from(selected.tracks));
        tracks.flat_map(|row| boxes(row.id, selected.step, selected.steps)).collect()
    })
}

/// The boxes around so many steps of a track, as far as they are in the grid.
fn boxes(track: TrackId, step: u16, steps: u16) -> Vec<Anchor> {
    let cells = step..step.saturating_add(steps).min(MAX_STEPS);
    let edges = |step| Some(browser::edges(&browser::document().get_element_by_id(&cell_id(track, step))?));
    runs(cells.filter_map(edges))
}

impl Mark {
    fn new(layer: &Element) -> Option<Self> {
        let here = child(layer, "div", "here")?;
        let name = child(&here, "bdi", "tag")?;
        Some(Self { here, name, selected: Vec::new() })
    }

    fn show(&self, guise: &Guise, at: Option<&Anchor>, origin: &Anchor) {
        let place = at.map_or_else(|| "display:none".to_owned(), |at| style(at, origin));
        self.here.set_attribute("style", &format!("{};{place}", guise::colour(guise))).ok();
        if self.name.text_content().as_deref() != Some(&guise.name) {
            self.name.set_text_content(Some(&guise.name));
        }
    }

    /// Frames what is selected, a box for each line.
    fn select(&mut self, layer: &Element, styles: &[String], colour: &str) {
        for extra in self.selected.drain(styles.len().min(self.selected.len())..) {
            extra.remove();
        }
        while self.selected.len() < styles.len() {
            let Some(frame) = child(layer, "div", "selected") else { return };
            self.selected.push(frame);
        }
        for (frame, style) in self.selected.iter().zip(styles) {
            frame.set_attribute("style", &format!("{colour};{style}")).ok();
        }
    }
}

fn child(of: &Element, tag: &str, class: &str) -> Option<Element> {
    let element = browser::document().create_element(tag).ok()?;
    element.set_class_name(class);
    of.append_child(&element).ok()?;
    Some(element)
}

fn style(at: &Anchor, origin: &Anchor) -> String {
    format!(
        "transform:translate({}px,{}px);width:{}px;height:{}px",
        at.left - origin.left,
        at.top - origin.top,
        at.right - at.left,
        at.bottom - at.top
    )
}
