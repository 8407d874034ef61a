//! The lane under a track: one lock of every step as a bar. Dragging across draws them all, as one act.

use std::rc::Rc;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use score::TrackId;
use view::Gesture;
use web_sys::{Element, MouseEvent, PointerEvent};

use super::cells::line;
use super::icon::{self, icon};
use super::lock_choice::lock_choice;
use crate::browser;
use crate::later;
use crate::model::drawing::{Point, drawn};
use crate::model::keys::Act;
use crate::model::lock::Lock;
use crate::model::selection::Cell;
use crate::state::{App, Row};

/// Steps of a fader that Page up and down move at once.
const PAGE: f64 = 10.0;

/// The id of a step's bar.
pub(crate) fn bar_id(track: TrackId, step: u16) -> String {
    format!("bar-{track}-{step}")
}

/// The step whose bar has this id.
pub(crate) fn bar_of_id(id: &str) -> Option<Cell> {
    let (track, step) = id.strip_prefix("bar-")?.split_once('-')?;
    Some((track.parse().ok()?, step.parse().ok()?))
}

/// Opens the lane of velocities under a track, or closes what is open.
pub(crate) fn toggle(row: &Row) {
    row.lane.update(|lane| *lane = if lane.is_some() { None } else { Some(Lock::Velocity) });
}

/// The lane, while one is open.
pub(crate) fn lane(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let row = row.clone();
    move || row.lane.get().zip(later::of(app)).map(|(lock, later)| (later.lane)(app, &row, lock))
}

/// A lane that is open: it loads with the later part.
pub(crate) fn opened(app: App, row: &Arc<Row>, lock: Lock) -> impl IntoView + use<> {
    let (chosen, closed, name) = (row.lane.clone(), row.lane.clone(), row.name.clone());
    let label = move || format!("Lane of {}", name.get());
    let choice = lock_choice(label.clone(), Some(lock), Callback::new(move |lock| chosen.set(Some(lock))));
    view! {
        <div class="lane" role="row">
            <div class="lane-strip" role="rowheader" aria-label=label>
                {choice}
                <button class="quiet square small" aria-label="Close the lane" title="Close the lane (L)" on:click=move |_| closed.set(None)>
                    {icon(icon::CLOSE)}
                </button>
            </div>
            {bars(app, row, lock)}
        </div>
    }
}

fn bars(app: App, row: &Arc<Row>, lock: Lock) -> impl IntoView + use<> {
    let host = NodeRef::<html::Div>::new();
    let track = row.id;
    let held = StoredValue::new(None::<(Gesture, Point)>);
    line(app, row, host, bar_id, Rc::new(move |bar, row, number| paint(bar, row, number, lock)));
    let draws = move |event: &PointerEvent, hand: Gesture, from: Option<Point>| {
        let Some(to) = host.get_untracked().and_then(|host| point(&host, event)) else { return };
        let points = from.map_or_else(|| vec![to], |from| drawn(from, to));
        put(app, track, lock, &points, hand);
        held.set_value(Some((hand, to)));
    };
    view! {
        <div class="bars" role="presentation" node_ref=host
            on:pointerdown=move |event| {
                if event.button() == 0 {
                    if let Some(host) = host.get_untracked() {
                        host.set_pointer_capture(event.pointer_id()).ok();
                    }
                    draws(&event, app.gesture(), None);
                }
            }
            on:pointermove=move |event| {
                if let Some((hand, from)) = held.get_value() {
                    draws(&event, hand, Some(from));
                }
            }
            on:pointerup=move |_| held.set_value(None)
            on:pointercancel=move |_| held.set_value(None)
            on:dblclick=move |event: MouseEvent| {
                if let Some((step, _)) = host.get_untracked().and_then(|host| point(&host, &event)) {
                    app.change_step(track, step, None, |step| lock.write(step, None));
                }
            }>
        </div>
    }
}

/// Sets the lock of each step that plays to where its bar was drawn; silent steps stay as they are.
fn put(app: App, track: TrackId, lock: Lock, points: &[Point], hand: Gesture) {
    let put = |&(number, share): &Point| {
        let mut step = app.step((track, number));
        if step.on {
            lock.write(&mut step, Some(lock.value_at(share)));
        }
        ((track, number), step)
    };
    app.put_steps(points.iter().map(put).collect(), Some(hand));
}

/// Where a pointer is over the bars: the nearest step, and how high.
fn point(host: &Element, event: &MouseEvent) -> Option<Point> {
    let bars = host.children();
    let last = bars.length().checked_sub(1)?;
    let edges = |place: u32| bars.item(place).map(|bar| browser::edges(&bar)).unwrap_or_default();
    let x = f64::from(event.client_x());
    let step = (0..last).find(|&place| edges(place).right >= x).unwrap_or(last);
    let bar = edges(step);
    let height = (bar.bottom - bar.top).max(1.0);
    Some((step as u16, ((bar.bottom - f64::from(event.client_y())) / height).clamp(0.0, 1.0)))
}

fn paint(bar: &Element, row: &Row, number: u16, lock: Lock) {
    let Some(cell) = row.cell(number) else { return };
    let name = row.name.get();
    cell.with(|step| {
        let value = lock.read(step);
        let text = lock.text(value);
        let class = match (step.on, lock.held(step).is_some()) {
            (false, _) => "bar silent",
            (true, false) => "bar",
            (true, true) => "bar held",
        };
        // What goes both ways grows from its middle.
        let share = lock.share(value);
        let rest = if lock.range().min < 0.0 { lock.share(0.0) } else { 0.0 };
        let style = format!("--from:{:.3};--height:{:.3}", share.min(rest), (share - rest).abs());
        let label = format!("{name}, {} {text}, step {}", lock.name().to_lowercase(), number + 1);
        // Tab leads to the first bar, arrows to the others.
        let tab = if number == 0 { "0" } else { "-1" };
        for (attribute, value) in [
            ("class", class),
            ("style", &style),
            ("aria-label", &label),
            ("data-value", &text),
            ("tabindex", tab),
        ] {
            // It fails for a malformed attribute's name alone.
            bar.set_attribute(attribute, value).ok();
        }
    });
}

/// A key on a bar.
pub(crate) fn act(app: App, cell: Cell, act: Act) {
    let (track, step) = cell;
    let Some(row) = app.session.row(track) else { return };
    let Some(lock) = row.lane.get_untracked() else { return };
    let last = row.length.get_untracked().saturating_sub(1);
    match act {
        Act::Move(steps, _) => browser::focus(&bar_id(track, step.saturating_add_signed(steps).min(last))),
        Act::First => browser::focus(&bar_id(track, 0)),
        Act::Last => browser::focus(&bar_id(track, last)),
        Act::Raise(by, page) => {
            let range = lock.range();
            let value =
                range.nudge(lock.read(&app.step(cell)), f64::from(by) * if page { PAGE } else { 1.0 }, false);
            app.change_step(track, step, None, |step| lock.write(step, Some(value)));
        }
        Act::Clear => app.change_step(track, step, None, |step| lock.write(step, None)),
        Act::Lane => {
            row.lane.set(None);
            browser::focus(&super::cells::cell_id(track, step));
        }
        _ => super::keyboard::everywhere(app, act),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_found_by_its_id() {
        let track = TrackId::from_random(77);
        assert_eq!(bar_of_id(&bar_id(track, 127)), Some((track, 127)));
        assert_eq!(bar_of_id("bar-nowhere"), None);
    }
}
