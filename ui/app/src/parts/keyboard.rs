//! The keyboard, by the table of [`keys`](crate::model::keys).

use leptos::prelude::*;
use score::Beats;
use score::meter::LoopRegion;
use score::time::STEP;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::cells::{cell_id, cell_of_id};
use super::cursor::set_cursor;
use super::pointer::open_editor;
use super::strip::name_id;
use super::{go_to, lane};
use crate::browser;
use crate::model::keys::{Act, Press, Scope, act};
use crate::model::lock::Lock;
use crate::model::selection::{Cell, Selection};
use crate::state::dock::DOCK_ID;
use crate::state::{Anchor, App, Panel, Tab};

/// A key that was pressed anywhere.
pub(crate) fn pressed(app: App, event: &KeyboardEvent) {
    if event.key() == "Escape" && app.ui.panel.with_untracked(Option::is_some) {
        event.prevent_default();
        return app.ui.panel.set(None);
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let types =
        |element: &Element| element.matches("input:not([type=range]), textarea, select").unwrap_or(false);
    let is_typing = target.as_ref().is_some_and(types);
    let activates = |element: &Element| element.matches("button, a[href], select").unwrap_or(false);
    let is_button = target.as_ref().is_some_and(activates);
    if event.default_prevented() || is_typing || (is_button && matches!(event.key().as_str(), " " | "Enter"))
    {
        return;
    }
    // A step that was clicked has the focus without showing it: there Space plays, as everywhere.
    let is_led = target.as_ref().is_some_and(|element| element.matches(":focus-visible").unwrap_or(false));
    let id = target.map(|element| element.id()).unwrap_or_default();
    let (cell, bar) = (cell_of_id(&id), lane::bar_of_id(&id));
    let place = match (cell, bar) {
        (Some(_), _) if is_led || event.key() != " " => Scope::Grid,
        (_, Some(_)) => Scope::Lane,
        _ => Scope::Everywhere,
    };
    let (key, ctrl) = (event.key(), event.ctrl_key() || event.meta_key());
    let press = Press { key: &key, ctrl, shift: event.shift_key(), alt: event.alt_key() };
    if let Some(act) = act(press, place) {
        event.prevent_default();
        match (place, cell.or(bar)) {
            (Scope::Grid, Some(cell)) => in_cell(app, cell, act),
            (Scope::Lane, Some(cell)) => lane::act(app, cell, act),
            _ => everywhere(app, act),
        }
    }
}

/// What a key does wherever the focus is.
pub(super) fn everywhere(app: App, act: Act) {
    match act {
        Act::PlayStop => app.play_stop(),
        Act::Bars(by) => app.seek_bars(i64::from(by)),
        Act::Position => go_to::open(app),
        Act::Undo => app.undo(false),
        Act::Redo => app.undo(true),
        Act::Metronome => app.toggle_metronome(),
        Act::Shortcuts => app.ui.toggle(Panel::Shortcuts, Anchor::default()),
        Act::Diagnostics => app.ui.toggle(Panel::Diagnostics, Anchor::default()),
        Act::AddTrack => {
            let button = browser::document().get_element_by_id("add-track");
            app.ui.toggle(
                Panel::Instruments(None),
                button.map(|button| browser::edges(&button)).unwrap_or_default(),
            );
        }
        Act::Dock => app.ui.dock.toggle_last(),
        Act::DockTab(place) => {
            if let Some(tab) = Tab::ALL.get(usize::from(place)) {
                app.ui.dock.show(*tab);
                browser::after(0, || browser::focus(DOCK_ID));
            }
        }
        Act::ToGrid => {
            if let Some(cell) = app.ui.cursor.get_untracked() {
                go(app, cell);
            }
        }
        _ => {}
    }
}

fn in_cell(app: App, cell: Cell, act: Act) {
    let (track, step) = cell;
    let Some(row) = app.session.row(track) else { return };
    match act {
        Act::Move(steps, tracks) => go(app, moved(app, cell, steps, tracks)),
        Act::First => go(app, (track, 0)),
        Act::Last => go(app, (track, row.length.get_untracked().saturating_sub(1))),
        Act::EditStep => open_editor(app, cell),
        Act::Mute => app.toggle_mute(track),
        Act::Solo => app.toggle_solo(track),
        Act::Length(by) => app.set_length(track, row.length.get_untracked().saturating_add_signed(by), None),
        Act::MoveTrack(by) => {
            app.move_track(track, by);
            // The row has moved, and the focus with it.
            browser::after(50, move || go(app, (track, step)));
        }
        Act::RenameTrack => browser::focus(&name_id(track)),
        Act::RemoveTrack => app.remove_track(track),
        Act::CopyPattern => app.copy_pattern(track),
        Act::PastePattern => app.paste_pattern(track),
        Act::Lane => {
            lane::toggle(&row);
            // Once it is there, if it is.
            browser::after(0, move || browser::focus(&lane::bar_id(track, step)));
        }
        Act::Loop => app.toggle_loop(stretch(app, step)),
        Act::Here => app.seek(Beats::from_steps(i64::from(step))),
        _ => in_selection(app, cell, act),
    }
}

/// What is done to a step, or to the selection that it belongs to.
fn in_selection(app: App, cell: Cell, act: Act) {
    match act {
        Act::Toggle => app.toggle_steps(cell),
        Act::Velocity(percent) => app.set_lock(cell, Lock::Velocity, Some(f64::from(percent)), None),
        Act::Pitch(by) => app.change_targets(cell, None, &|step| {
            Lock::Pitch.write(step, Some(Lock::Pitch.read(step) + f64::from(by)));
        }),
        Act::Tie => {
            let tie = !app.step(cell).tie;
            app.change_targets(cell, None, &|step| step.tie = tie);
        }
        Act::Copy => app.copy_steps(cell),
        Act::Cut => {
            app.copy_steps(cell);
            app.clear_steps(cell);
        }
        Act::Paste => app.paste_steps(cell),
        Act::Clear => app.clear_steps(cell),
        Act::Nudge(by) => go(app, app.move_steps(cell, by)),
        Act::Extend(steps, tracks) => {
            let to = moved(app, cell, steps, tracks);
            app.extend_selection(to);
            go(app, to);
        }
        Act::SelectTrack => app.select_track(cell.0),
        Act::Deselect => app.deselect(),
        _ => everywhere(app, act),
    }
}

/// The selection's stretch, or the bar of a step.
fn stretch(app: App, step: u16) -> Option<LoopRegion> {
    let selected = app.ui.selection.with_untracked(Selection::span);
    let bar = (app.session.meter.get_untracked().bar().0 / STEP.0).max(1) as u16;
    let (first, last) = selected.unwrap_or_else(|| (step / bar * bar, step / bar * bar + bar - 1));
    LoopRegion::from_steps(first, last)
}

/// So many steps and tracks further, within what there is.
fn moved(app: App, (track, step): Cell, steps: i16, tracks: i16) -> Cell {
    let field = app.field();
    let Some(place) = field.place(track) else { return (track, step) };
    let (to, length) = field.0[place.saturating_add_signed(isize::from(tracks)).min(field.0.len() - 1)];
    let last = length.saturating_sub(1);
    (to, step.min(last).saturating_add_signed(steps).min(last))
}

fn go(app: App, cell: Cell) {
    set_cursor(app, cell);
    browser::focus(&cell_id(cell.0, cell.1));
}
