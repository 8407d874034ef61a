//! Who holds the session: a web worker behind a page, or the process behind the desktop's window.
//!
//! The rest of the interface sends [`Ask`]s, is told [`Tell`]s, and asks where the music is; it knows nothing of the carrier.

mod desktop;
pub(crate) mod export;
mod output;
mod page;
mod sound;

use std::cell::RefCell;
use std::rc::Rc;

use score::{Beats, LocalTime, Tempo, TrackId};
use view::{ALONE_AHEAD_NANOS, Ask, Effort, Level, Levels, Playhead, Ready, SoundDelay, Tell, Transport};
use wasm_bindgen_futures::JsFuture;

use crate::browser;
use crate::model::beat_clock::Report;

/// Most requests that wait for a carrier that is on its way.
const MAX_WAITING_ASKS: usize = 256;

/// Takes in what a host tells.
type Listener = Rc<dyn Fn(Tell)>;

enum Host {
    Page(page::Page),
    Desktop(desktop::Desktop),
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
    static HEARD: RefCell<Report> = const { RefCell::new(Report { beat: 0.0, at_millis: 0.0, is_playing: false, peak: 0.0 }) };
    static LEVELS: RefCell<Levels> = const { RefCell::new(Levels { master: Level { peak: 0.0, rms: 0.0 }, tracks: Vec::new() }) };
    static DELAY: RefCell<SoundDelay> = const { RefCell::new(SoundDelay { device_micros: None, trim_micros: 0 }) };
    static EFFORT: RefCell<Effort> = const { RefCell::new(Effort { voices: 0, load_percent: 0, late: 0 }) };
    static DEVICE: RefCell<Option<String>> = const { RefCell::new(None) };
    static TRANSPORT: RefCell<Option<Transport>> = const { RefCell::new(None) };
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

/// Loads what sounds, where the interface itself has the engine; it is there, or will not come, when this is done.
pub(crate) async fn load_engine() {
    let engine = HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().fetch_engine(),
        _ => None,
    });
    if let Some(engine) = engine {
        // Who plays is told if it failed; until then it is nobody's trouble.
        drop(JsFuture::from(engine).await);
    }
}

/// Begins to load what holds the session; what was asked until now is passed on.
pub(crate) fn load_session() {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.load_session();
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

/// Hears the music on this machine from here on. `then` is told whether that works; a desktop's process plays by itself as soon
/// as it does, and says so.
pub(crate) fn hear(then: sound::Waiting) {
    let now = HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().hear(then),
        Some(Host::Desktop(desktop)) => {
            if let Ok(bytes) = view::host::encode(&Ask::Play) {
                desktop.ask(bytes);
            }
            None
        }
        None => None,
    });
    if let Some(then) = now {
        then(true);
    }
}

/// The same without beginning to play. A desktop's process does so by itself with what it is asked.
pub(crate) fn listen(then: sound::Waiting) {
    if !is_desktop() {
        hear(then);
    }
}

/// The music is there from here on, by the clock of this machine.
pub(crate) fn transport(transport: &Transport) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().transport(transport);
        }
    });
    TRANSPORT.set(Some(transport.clone()));
}

/// Begins music that is heard here alone.
pub(crate) fn play_alone(tempo: Tempo, start: Beats) {
    let from = browser::local_time(browser::now()).plus_nanos(ALONE_AHEAD_NANOS);
    transport(&Transport::alone(tempo, start, from));
}

/// Where music that is heard here alone was at a moment.
pub(crate) fn alone_since() -> Option<(Beats, LocalTime)> {
    TRANSPORT.with_borrow(|transport| {
        let begun = transport.as_ref()?.segments.last()?;
        Some((begun.beat, begun.from))
    })
}

/// What to play, where the interface itself has the engine.
pub(crate) fn program(image: Vec<u8>) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().program(image);
        }
    });
}

/// Hears the session as this private mix says.
pub(crate) fn ears(image: Vec<u8>) {
    HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().ears(image),
        Some(Host::Desktop(desktop)) => send(desktop, &Ask::Ears(image)),
        None => {}
    });
}

/// Presses a key on a track, or lets it go.
pub(crate) fn strike(track: TrackId, pitch: i8, velocity: Option<f32>) {
    HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().strike(track, pitch, velocity),
        Some(Host::Desktop(desktop)) => send(desktop, &Ask::Strike { track, pitch, velocity }),
        None => {}
    });
}

/// What is worth nothing later: where there is no room for it, it is passed over.
fn send(desktop: &desktop::Desktop, ask: &Ask) {
    if let Ok(bytes) = view::host::encode(ask) {
        desktop.ask(bytes);
    }
}

/// Whether the levels of all tracks are wanted.
pub(crate) fn meters(wanted: bool) {
    HOST.with_borrow_mut(|host| {
        if let Some(Host::Page(page)) = host {
            page.sound().meters(wanted);
        }
    });
}

/// Shows the newest levels.
pub(crate) fn with_levels(show: impl FnOnce(&Levels)) {
    LEVELS.with_borrow(show);
}

/// How late this machine is heard.
pub(crate) fn delay() -> SoundDelay {
    HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().delay(),
        _ => DELAY.with_borrow(|delay| *delay),
    })
}

/// How the engine fares.
pub(crate) fn effort() -> Effort {
    EFFORT.with_borrow(|effort| *effort)
}

/// The sound device that plays, where the host says that.
pub(crate) fn device() -> Option<String> {
    DEVICE.with_borrow(Clone::clone)
}

/// This machine is heard so many microseconds later than its device says; whoever plays makes up for it, and remembers it.
pub(crate) fn trim(micros: i32) {
    HOST.with_borrow_mut(|host| match host {
        Some(Host::Page(page)) => page.sound().trim(micros),
        Some(Host::Desktop(desktop)) => {
            send(desktop, &Ask::Trim(micros));
            DELAY.with_borrow_mut(|delay| delay.trim_micros = micros);
        }
        None => {}
    });
}

/// Takes in where a host without a clock of the page's says that the music is.
pub(crate) fn heard(playhead: &Playhead) {
    let report = Report {
        beat: playhead.beat.0 as f64,
        at_millis: browser::now(),
        is_playing: playhead.is_playing,
        peak: playhead.levels.master.peak,
    };
    HEARD.set(report);
    DELAY.set(playhead.delay);
    EFFORT.set(playhead.effort);
    DEVICE.with_borrow_mut(|device| device.clone_from(&playhead.device));
    LEVELS.with_borrow_mut(|levels| levels.clone_from(&playhead.levels));
}

/// Where the music is, as the engine reported it last; where none plays, as the session says.
pub(crate) fn report() -> Report {
    let heard = HEARD.with_borrow(|heard| *heard);
    let drawn = || TRANSPORT.with_borrow(|transport| drawn(transport.as_ref()?, heard.peak));
    if heard.is_playing { heard } else { drawn().unwrap_or(heard) }
}

fn drawn(transport: &Transport, peak: f32) -> Option<Report> {
    let millis = browser::now();
    let now = browser::local_time(millis);
    let is_playing = transport.segment_at(now)?.tempo.is_some();
    Some(Report { beat: transport.beat_at(now).0 as f64, at_millis: millis, is_playing, peak })
}

/// 64 bits that nobody can foresee, for ids.
pub(crate) fn random() -> u64 {
    let half = || (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    half() << 32 | half()
}
