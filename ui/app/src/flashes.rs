//! A step that somebody else changed lights up in their colour when it is first heard.

use std::cell::RefCell;
use std::collections::VecDeque;

use leptos::prelude::*;
use score::{PlayerKey, ScorePatch, TrackId};

use crate::parts::cells::cell_id;
use crate::state::App;
use crate::{browser, host};

/// Most steps that wait to be heard; the oldest are forgotten.
const MAX_WAITING: usize = 256;

#[derive(Clone, Copy)]
struct Flash {
    track: TrackId,
    step: u16,
    colour: u8,
}

thread_local! {
    static WAITING: RefCell<VecDeque<Flash>> = const { RefCell::new(VecDeque::new()) };
}

/// Another player has changed these places.
pub(crate) fn note(app: App, by: PlayerKey, changes: &[ScorePatch]) {
    let colour = untrack(|| app.guise(by)).colour;
    let scene = app.session.scene();
    let is_playing = host::report().is_playing;
    for change in changes {
        let ScorePatch::Step(at, step, _) = change else { continue };
        if at.scene != scene {
            continue;
        }
        let flash = Flash { track: at.track, step: *step, colour };
        if is_playing {
            WAITING.with_borrow_mut(|waiting| {
                waiting.retain(|other| (other.track, other.step) != (flash.track, flash.step));
                if waiting.len() >= MAX_WAITING {
                    waiting.pop_front();
                }
                waiting.push_back(flash);
            });
        } else {
            // Once the change itself is painted.
            browser::before_next_paint(move || light_up(flash));
        }
    }
}

/// A step is heard.
pub(crate) fn heard(track: TrackId, step: u16) {
    let due = WAITING.with_borrow_mut(|waiting| {
        let place = waiting.iter().position(|flash| (flash.track, flash.step) == (track, step))?;
        waiting.remove(place)
    });
    if let Some(flash) = due {
        light_up(flash);
    }
}

/// The style sheet lets it fade; the grid takes the mark away when it has.
fn light_up(flash: Flash) {
    if let Some(cell) = browser::document().get_element_by_id(&cell_id(flash.track, flash.step)) {
        cell.set_attribute("data-flash", &flash.colour.to_string()).ok();
    }
}
