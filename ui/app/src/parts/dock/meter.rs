//! The one meter: peak and average level, drawn once a frame from the engine's latest report.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use score::TrackId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{browser, host, playhead};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A track after its fader.
    Track(TrackId),
    /// What leaves the engine.
    Master,
}

/// Lowest level that is drawn, in decibels.
const FLOOR_DECIBELS: f32 = -60.0;

thread_local! {
    /// Peak and average as they are drawn, in percent of the meter.
    static DRAWN: RefCell<BTreeMap<Place, (i32, i32)>> = const { RefCell::new(BTreeMap::new()) };
}

fn id(place: Place) -> String {
    match place {
        Place::Track(track) => format!("meter-{track}"),
        Place::Master => "meter-master".to_owned(),
    }
}

/// The meter as an element. It says nothing to screen readers, for it never rests.
pub(super) fn meter(place: Place) -> impl IntoView {
    view! { <div class="vu" id=id(place) aria-hidden="true"><i></i><b></b></div> }
}

/// Draws these meters for as long as the component that asks lives.
pub(super) fn follow(places: Signal<Vec<Place>>) {
    playhead::each_frame(Some(Box::new(move || {
        if let Some(places) = places.try_get_untracked() {
            draw(&places);
        }
    })));
    host::meters(true);
    on_cleanup(|| {
        host::meters(false);
        playhead::each_frame(None);
        DRAWN.take();
    });
}

fn draw(places: &[Place]) {
    host::with_levels(|levels| {
        DRAWN.with_borrow_mut(|drawn| {
            for &place in places {
                let level = match place {
                    Place::Master => levels.master,
                    Place::Track(track) => levels
                        .tracks
                        .iter()
                        .find(|(id, _)| *id == track)
                        .map(|(_, level)| *level)
                        .unwrap_or_default(),
                };
                let now = (percent(level.peak), percent(level.rms));
                if drawn.insert(place, now) != Some(now) {
                    show(place, now);
                }
            }
        });
    });
}

fn show(place: Place, (peak, rms): (i32, i32)) {
    let element = browser::document().get_element_by_id(&id(place));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let style = element.style();
        style.set_property("--peak", &peak.to_string()).ok();
        style.set_property("--rms", &rms.to_string()).ok();
    }
}

/// A level's place on the meter, 0..=100.
fn percent(level: f32) -> i32 {
    if level <= 0.0 {
        return 0;
    }
    let decibels = 20.0 * level.log10();
    ((1.0 - decibels / FLOOR_DECIBELS) * 100.0).clamp(0.0, 100.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_spans_sixty_decibels() {
        assert_eq!((percent(1.0), percent(0.001), percent(0.0), percent(4.0)), (100, 0, 0, 100));
        assert!((48..=51).contains(&percent(0.0316)));
    }
}
