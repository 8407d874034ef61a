//! The light that moves over the grid, drawn from the engine's clock once a frame while it plays.
//!
//! A frame costs a comparison per track; the page is touched only where a step has changed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use score::TrackId;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::model::beat_clock::{folded, position, step_of};
use crate::parts::cells::light_id;
use crate::parts::overview;
use crate::state::App;
use crate::{browser, flashes, host};

/// Below it a meter shows nothing, as a share of full scale: -60 dB.
const QUIET: f32 = 0.001;

/// What the meter falls at most each time that it is drawn, in percent of its width.
const LEVEL_FALL: i32 = 6;

/// The element that shows bar, beat and step.
pub(crate) const POSITION_ID: &str = "position";
/// The element that shows the level.
pub(crate) const LEVEL_ID: &str = "level";

/// What is drawn with every frame besides.
type Besides = Option<Box<dyn FnMut()>>;

thread_local! {
    static BESIDES: RefCell<Besides> = const { RefCell::new(None) };
    /// Whether the next frame is another's.
    static GIVES_WAY: Cell<bool> = const { Cell::new(false) };
}

/// Leaves the next frame to what a player has just done: it is painted sooner alone, and nobody sees the light wait for a frame.
pub(crate) fn give_way() {
    GIVES_WAY.set(true);
}

/// Has something drawn with every frame while the session plays or rings; `None` ends it.
pub(crate) fn each_frame(draw: Besides) {
    BESIDES.set(draw);
}

/// What draws a frame, and asks for itself again.
type Frame = Rc<RefCell<Option<Closure<dyn FnMut()>>>>;

/// What was drawn last.
#[derive(Default)]
struct Drawn {
    steps: BTreeMap<TrackId, u16>,
    position: String,
    level: i32,
    is_level_due: bool,
    longest: Option<(u16, u16)>,
}

/// Draws whenever the session plays or rings.
pub(crate) fn begin(app: App) {
    let drawn = Rc::new(RefCell::new(Drawn::default()));
    let frame = Frame::default();
    let is_running = Rc::new(RefCell::new(false));
    let (next, running) = (frame.clone(), is_running.clone());
    *frame.borrow_mut() = Some(Closure::new(move || {
        if GIVES_WAY.take() || draw(app, &mut drawn.borrow_mut()) {
            request(&next);
        } else {
            *running.borrow_mut() = false;
        }
    }));
    // Whoever goes elsewhere while nothing plays has the position drawn once.
    Effect::new(move |was_drawn: Option<()>| {
        app.ui.moves.track();
        if (app.is_playing() || was_drawn.is_some()) && !is_running.replace(true) {
            request(&frame);
        }
    });
}

fn request(frame: &Frame) {
    if let Some(frame) = &*frame.borrow() {
        browser::window().request_animation_frame(frame.as_ref().unchecked_ref()).ok();
    }
}

/// The beat where the music is at this moment, within what repeats, in micro-beats.
pub(crate) fn beat(app: App) -> f64 {
    let beat = host::report().beat_at(browser::now(), app.session.tempo.get_untracked());
    folded(beat, app.session.loop_region.get_untracked())
}

/// The same while the music moves.
pub(crate) fn moving_beat(app: App) -> Option<f64> {
    host::report().is_playing.then(|| beat(app))
}

/// Draws one frame; whether another is needed.
fn draw(app: App, drawn: &mut Drawn) -> bool {
    let report = host::report();
    let wants_to_play = untrack(move || app.is_playing());
    let rings = report.peak > QUIET;
    BESIDES.with_borrow_mut(|besides| {
        if let Some(draw) = besides {
            draw();
        }
    });
    // First, as it reads where cells are: after anything was written the page would be laid out for that.
    let beat = beat(app);
    if !wants_to_play {
        hide(drawn);
    } else if report.is_playing {
        lights(app, beat, drawn);
    }
    let goes_on = wants_to_play || rings;
    // With every second frame: what is scaled costs more to put together anew than all else that moves.
    drawn.is_level_due = !drawn.is_level_due;
    if drawn.is_level_due || !goes_on {
        level(if goes_on { report.peak } else { 0.0 }, drawn);
    }
    // Where it was paused stays to be read; a start is waited for at its beat.
    let text = position(beat, app.session.meter.get_untracked());
    if drawn.position != text {
        if let Some(element) = element(POSITION_ID) {
            element.set_text_content(Some(&text));
        }
        drawn.position = text;
    }
    goes_on
}

fn lights(app: App, beat: f64, drawn: &mut Drawn) {
    let mut moved = Vec::new();
    let head = app.session.rows.with_untracked(|rows| {
        let mut longest = 1;
        for row in rows {
            let length = row.length.get_untracked();
            longest = longest.max(length);
            let step = step_of(beat, length);
            if drawn.steps.insert(row.id, step) != Some(step) {
                moved.push((row.id, step));
            }
        }
        Some((step_of(beat, longest), longest))
    });
    // All are read before any is written: the page is laid out once for them.
    let placed: Vec<_> = moved.iter().filter_map(|(track, step)| placed(*track, *step)).collect();
    for (light, style) in placed {
        light.set_attribute("style", &style).ok();
    }
    if drawn.longest != head {
        drawn.longest = head;
        overview::head(head);
    }
    for (track, step) in moved {
        flashes::heard(track, step);
    }
}

/// A track's light, and where it is at a step: the cell knows where it stands, whatever the layout.
fn placed(track: TrackId, step: u16) -> Option<(Element, String)> {
    let light = element(&light_id(track))?;
    let cell =
        light.parent_element()?.children().item(u32::from(step) + 1)?.dyn_into::<HtmlElement>().ok()?;
    let style = format!(
        "transform:translate({}px,{}px);width:{}px;height:{}px;opacity:1",
        cell.offset_left(),
        cell.offset_top(),
        cell.offset_width(),
        cell.offset_height()
    );
    Some((light, style))
}

fn hide(drawn: &mut Drawn) {
    for (track, _) in std::mem::take(&mut drawn.steps) {
        if let Some(light) = element(&light_id(track)) {
            light.set_attribute("style", "opacity:0").ok();
        }
    }
    if drawn.longest.take().is_some() {
        overview::head(None);
    }
}

/// -60 dB to full scale over the meter's width.
fn level(peak: f32, drawn: &mut Drawn) {
    let share = if peak > QUIET { 1.0 + peak.min(1.0).log10() / 3.0 } else { 0.0 };
    let percent = (share * 100.0) as i32;
    // It falls slower than the sound, so that an eye can read it.
    let percent = percent.max(drawn.level - LEVEL_FALL).max(0);
    if percent != drawn.level {
        drawn.level = percent;
        if let Some(element) = element(LEVEL_ID) {
            element
                .set_attribute("style", &format!("transform:scaleX({:.2})", f64::from(percent) / 100.0))
                .ok();
        }
    }
}

fn element(id: &str) -> Option<Element> {
    browser::document().get_element_by_id(id)
}
