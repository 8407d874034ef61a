//! The cells of a row: one element and one effect each.
//!
//! A session may show sixteen times sixty-four of them, so they are made by hand: an effect that paints the whole cell costs a
//! quarter of what one for each attribute would.

use std::rc::Rc;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use score::TrackId;
use web_sys::Element;

use super::overview;
use crate::browser;
use crate::model::cell::{face, name};
use crate::state::{App, Row};

/// The id of a step's element.
pub(crate) fn cell_id(track: TrackId, step: u16) -> String {
    format!("cell-{track}-{step}")
}

/// The id of a track's light.
pub(crate) fn light_id(track: TrackId) -> String {
    format!("light-{track}")
}

/// The step whose element has this id.
pub(crate) fn cell_of_id(id: &str) -> Option<(TrackId, u16)> {
    let (track, step) = id.strip_prefix("cell-")?.split_once('-')?;
    Some((track.parse().ok()?, step.parse().ok()?))
}

/// The steps of a track, with the light that moves over them before the first.
pub(crate) fn cells(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let host = NodeRef::<html::Div>::new();
    let id = light_id(row.id);
    line(
        app,
        row,
        host,
        cell_id,
        Rc::new(move |cell, row, number| {
            paint(cell, row, number);
            overview::stale(app, row.id);
        }),
    );
    view! {
        <div class="steps" role="presentation" node_ref=host>
            <div class="light" id=id aria-hidden="true"></div>
        </div>
    }
}

/// Paints the element of a step.
pub(crate) type Paint = Rc<dyn Fn(&Element, &Row, u16)>;

/// Keeps as many elements at the end of `host` as the pattern has steps, each painted by itself when its step changes.
pub(crate) fn line(
    app: App,
    row: &Arc<Row>,
    host: NodeRef<html::Div>,
    id: fn(TrackId, u16) -> String,
    paint: Paint,
) {
    let row = row.clone();
    Effect::new(move |painted: Option<Vec<Painted>>| {
        let mut painted = painted.unwrap_or_default();
        if let Some(host) = host.get() {
            fit(&row, &host, &mut painted, id, &paint);
            overview::stale(app, row.id);
        }
        painted
    });
}

/// An element with the effect that paints it.
struct Painted {
    element: Element,
    _effect: RenderEffect<()>,
}

fn fit(
    row: &Arc<Row>,
    host: &Element,
    painted: &mut Vec<Painted>,
    id: fn(TrackId, u16) -> String,
    paint: &Paint,
) {
    let length = usize::from(row.length.get());
    for extra in painted.drain(length.min(painted.len())..) {
        extra.element.remove();
    }
    for number in painted.len()..length {
        let Ok(element) = browser::document().create_element("div") else { break };
        let number = number as u16;
        for (attribute, value) in [
            ("role", "gridcell"),
            ("tabindex", "-1"),
            ("id", &id(row.id, number)),
            ("aria-colindex", &(number + 2).to_string()),
        ] {
            element.set_attribute(attribute, value).ok();
        }
        let (shown, of, paint) = (element.clone(), row.clone(), paint.clone());
        let effect = RenderEffect::new(move |_| paint(&shown, &of, number));
        host.append_child(&element).ok();
        painted.push(Painted { element, _effect: effect });
    }
}

fn paint(element: &Element, row: &Row, number: u16) {
    let Some(cell) = row.cell(number) else { return };
    let (track, length) = (row.name.get(), row.length.get());
    cell.with(|step| {
        let face = face(step);
        let style = format!("--velocity:{};--hits:{}", f32::from(face.velocity) / 100.0, face.hits);
        let name = name(&track, number, length, step);
        for (attribute, value) in
            [("class", &face.class), ("style", &style), ("aria-label", &name), ("data-pitch", &face.pitch)]
        {
            // It fails for a malformed attribute's name alone.
            element.set_attribute(attribute, value).ok();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_found_by_its_id() {
        let track = TrackId::from_random(77);
        assert_eq!(cell_of_id(&cell_id(track, 127)), Some((track, 127)));
        assert_eq!(cell_of_id("cell-nowhere"), None);
        assert_eq!(cell_of_id(&light_id(track)), None);
    }
}
