//! Who holds the session: a web worker behind a page, or the process behind the desktop's window.
//!
//! The rest of the interface sends [`Ask`]s, is told [`Tell`]s, and asks where the music is; it knows nothing of the carrier.

mod desktop;
pub(crate) mod export;
mod page;
mod sound;

use std::cell::RefCell;
use std::rc::Rc;

use score::TrackId;
use view::{Ask, Playhead, Ready, Tell};

use crate::browser;
use crate::model::beat_clock::Report;

/// Most requests that wait for a carrier that is on its way.
const MAX_WAITING_ASKS: usize = 256;

/// How loud the metronome clicks, 1 being full scale: above a mix, and not painful alone.
const CLICK_LEVEL: f32 = 0.5;

/// Takes in what a host tells.
type Listener = Rc<dyn Fn(Tell)>;

enum Host {
    Page(page::Page),
    Desktop(desktop::Desktop),
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
    static HEARD: RefCell<Report> = const { RefCell::new(Report { beat: 0.0, at_millis: 0.0, is_playing: false, peak: 0.0 }) };
}

/// What the server wrote into the page; nothing of the kind in a desktop's window.
pub(crate) fn ready() -> Ready {
    page::ready().unwrap_or_default()
}

/// Finds the host. What it tells goes to `listener`; `program` is what it plays until it is told another.
pub(crate) fn begin(program: Vec<u8>, listener: impl Fn(Tell) + 'static) {
    let listener: Listener = Rc::new(listener);
    let host = match desktop::Desktop::find(&listener) {
        Some(desktop) => Host::Desktop(desktop),
        None => Host::Page(page::Page::new(program, listener)),
    };
    HOST.set(Some(host));
}

/// Whether the interface is a desktop's window.
pub(crate) fn is_desktop() -> bool {
    HOST.with_borrow(|host| matches!(host, Some(Host::Desktop(_))))
}

/// Begins what takes a moment and is not needed for the first picture.
pub(crate) fn after_first_paint() {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.after_first_paint();
        }
    });
}

/// Asks something; whether there was room for it.
pub(crate) fn ask(ask: &Ask) -> bool {
    let Ok(bytes) = view::host::encode(ask) else { return false };
    HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.ask(bytes),
        Some(Host::Desktop(desktop)) => desktop.ask(bytes),
        None => false,
    })
}

/// Plays on this machine, or stops.
pub(crate) fn play(play: bool) {
    HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().play(play),
        Some(Host::Desktop(desktop)) => {
            if let Ok(bytes) = view::host::encode(&Ask::Play(play)) {
                desktop.ask(bytes);
            }
        }
        None => {}
    });
}

/// What to play, where the interface itself has the engine.
pub(crate) fn program(image: Vec<u8>) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().program(image);
        }
    });
}

/// Hears these tracks alone; all of them when there are none.
pub(crate) fn solo(tracks: &[TrackId]) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().solo(tracks);
        }
    });
}

/// Sets how loud this player listens, 0..=1.
pub(crate) fn level(level: f32) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().level(level);
        }
    });
}

/// Lets this player alone hear a click on every count, or no longer.
pub(crate) fn metronome(on: bool) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().metronome(if on { CLICK_LEVEL } else { 0.0 });
        }
    });
}

/// Takes in where a host without a clock of the page's says that the music is.
pub(crate) fn heard(playhead: &Playhead) {
    let report = Report {
        beat: playhead.beat.0 as f64,
        at_millis: browser::now(),
        is_playing: playhead.is_playing,
        peak: playhead.peak,
    };
    HEARD.set(report);
}

/// Where the music is, as it was reported last.
pub(crate) fn report() -> Report {
    HEARD.with_borrow(|heard| *heard)
}

/// 64 bits that nobody can foresee, for ids.
pub(crate) fn random() -> u64 {
    let half = || (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    half() << 32 | half()
}
