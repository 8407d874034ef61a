//! The rubber band: a rectangle that is drawn from the empty margin of the grid and selects what it touches.

use std::cell::RefCell;
use std::collections::BTreeSet;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};

use super::cells::light_id;
use super::grid::GRID_ID;
use super::pointer::capture;
use crate::browser;
use crate::model::selection::Cell;
use crate::state::App;

/// The rectangle's element.
pub(crate) const BAND_ID: &str = "band";

/// A band that is being drawn.
#[derive(Clone, Copy)]
struct Held {
    pointer: i32,
    from: (f64, f64),
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// The pointer is pressed where no step is.
pub(crate) fn pressed(app: App, event: &PointerEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_margin = target.is_some_and(|target| target.matches(".grid, .row, .steps").unwrap_or(false));
    if !is_margin || event.pointer_type() == "touch" {
        return;
    }
    app.deselect();
    let from = (f64::from(event.client_x()), f64::from(event.client_y()));
    HELD.set(Some(Held { pointer: event.pointer_id(), from }));
    capture(event, GRID_ID);
}

/// The pointer moves.
pub(crate) fn moved(app: App, event: &PointerEvent) {
    let Some(held) = HELD.with_borrow(|held| held.filter(|held| held.pointer == event.pointer_id())) else {
        return;
    };
    let to = (f64::from(event.client_x()), f64::from(event.client_y()));
    let (left, right) = (held.from.0.min(to.0), held.from.0.max(to.0));
    let (top, bottom) = (held.from.1.min(to.1), held.from.1.max(to.1));
    draw(&format!("left:{left}px;top:{top}px;width:{}px;height:{}px", right - left, bottom - top));
    let cells = touched(app, (left, right), (top, bottom));
    let anchor = cells.first().copied();
    app.select(cells, anchor);
}

/// The pointer is released.
pub(crate) fn ended() {
    if HELD.take().is_some() {
        draw("display:none");
    }
}

fn draw(style: &str) {
    if let Some(band) = browser::document().get_element_by_id(BAND_ID) {
        band.set_attribute("style", style).ok();
    }
}

/// The steps that lie between these edges of the window.
fn touched(app: App, (left, right): (f64, f64), (top, bottom): (f64, f64)) -> BTreeSet<Cell> {
    let mut cells = BTreeSet::new();
    for (track, length) in app.field().0 {
        let light = browser::document().get_element_by_id(&light_id(track));
        let Some(steps) = light.and_then(|light| light.parent_element()) else { continue };
        let row = browser::edges(&steps);
        if row.bottom < top || row.top > bottom {
            continue;
        }
        let children = steps.children();
        let is_touched = |number: u16| {
            let cell =
                children.item(u32::from(number) + 1).and_then(|cell| cell.dyn_into::<HtmlElement>().ok());
            cell.is_some_and(|cell| {
                let from = row.left + f64::from(cell.offset_left());
                from <= right && from + f64::from(cell.offset_width()) >= left
            })
        };
        cells.extend((0..length).filter(|&number| is_touched(number)).map(|number| (track, number)));
    }
    cells
}
