//! A page's sound: the engine in an AudioWorklet, loaded with the first play, that follows where the music is by the page's clock.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, BigInt, Float32Array, Promise, Reflect, Uint8Array, WebAssembly};
use score::{LocalTime, TrackId};
use view::host::{MAX_EARLY_STRIKES, bounded_trim};
use view::{Effort, FrameLine, Level, Levels, Playhead, SoundDelay, Tell, Transport, ViewPatch};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::output::{Output, context};
use super::{EFFORT, HEARD, LEVELS, Listener};
use crate::model::beat_clock::Report;
use crate::model::sound_clock::SoundClock;
use crate::{browser, log};

/// Whoever waits for the engine; it is told whether there is one.
pub(super) type Waiting = Box<dyn FnOnce(bool)>;

/// Under which name the browser keeps how the player has trimmed the sound.
const TRIM: &str = "offbeat-trim";

/// How long an engine that stands may take until it is heard, in milliseconds: far above any browser with a sound device.
const SILENT_MILLIS: i32 = 6_000;

/// The engine, wherever it is on its way.
pub(super) struct Sound {
    shared: Rc<RefCell<Shared>>,
    listener: Listener,
}

struct Shared {
    program: Vec<u8>,
    /// Where the music is, as the engine is told it.
    segments: Vec<u8>,
    ears: Vec<u8>,
    /// Keys that were pressed while the engine was on its way.
    strikes: Vec<(TrackId, i8, Option<f32>)>,
    wants_meters: bool,
    /// How much later than the browser says it is heard, as the player says.
    trim_micros: i32,
    module: Option<Promise>,
    output: Option<Output>,
    clock: SoundClock,
    is_starting: bool,
    waiting: Vec<Waiting>,
}

impl Sound {
    pub(super) fn new(program: Vec<u8>, listener: Listener) -> Self {
        let shared = Shared {
            program,
            segments: Vec::new(),
            ears: Vec::new(),
            strikes: Vec::new(),
            wants_meters: false,
            trim_micros: kept_trim(),
            module: None,
            output: None,
            clock: SoundClock::default(),
            is_starting: false,
            waiting: Vec::new(),
        };
        Self { shared: Rc::new(RefCell::new(shared)), listener }
    }

    /// Loads the engine's module ahead of the first play; what it will be, if there is one.
    pub(super) fn fetch_engine(&mut self) -> Option<Promise> {
        let mut shared = self.shared.borrow_mut();
        shared.fetch_engine();
        shared.module.clone()
    }

    /// Hears the music from here on, within the player's click. `then` is told whether that works, once it is known when the engine's
    /// frames are heard; it comes back where that is known already.
    pub(super) fn hear(&mut self, then: Waiting) -> Option<Waiting> {
        let mut shared = self.shared.borrow_mut();
        if let Some(output) = &shared.output {
            output.resume();
            // An engine that broke down begins anew with this.
            shared.tell_segments();
            if shared.line().is_some() {
                return Some(then);
            }
        }
        shared.waiting.push(then);
        let (stands, is_starting) = (shared.output.is_some(), shared.is_starting);
        drop(shared);
        if stands {
            give_up_later(&self.shared, &self.listener);
        } else if !is_starting {
            self.start();
        }
        None
    }

    pub(super) fn program(&mut self, image: Vec<u8>) {
        let mut shared = self.shared.borrow_mut();
        shared.program = image;
        shared.tell_program();
    }

    /// The music is there from here on.
    pub(super) fn transport(&mut self, transport: &Transport) {
        let mut shared = self.shared.borrow_mut();
        let numbers = transport.segments.iter().flat_map(|segment| {
            let tempo = segment.tempo.map_or(0, |tempo| i64::from(tempo.milli_bpm()));
            [segment.from.0, segment.beat.0, tempo, segment.pace]
        });
        shared.segments = numbers.flat_map(i64::to_le_bytes).collect();
        shared.tell_segments();
    }

    pub(super) fn ears(&mut self, image: Vec<u8>) {
        let mut shared = self.shared.borrow_mut();
        shared.ears = image;
        shared.tell_ears();
    }

    /// A key that is the first sound of the page starts the engine, and sounds once that is there.
    pub(super) fn strike(&mut self, track: TrackId, pitch: i8, velocity: Option<f32>) {
        let mut shared = self.shared.borrow_mut();
        if let Some(output) = &shared.output {
            output.resume();
            return shared.tell_strike(track, pitch, velocity);
        }
        if shared.strikes.len() < MAX_EARLY_STRIKES {
            shared.strikes.push((track, pitch, velocity));
        }
        if !shared.is_starting {
            drop(shared);
            self.start();
        }
    }

    pub(super) fn meters(&mut self, wanted: bool) {
        let mut shared = self.shared.borrow_mut();
        shared.wants_meters = wanted;
        shared.tell_meters();
    }

    /// How late it is heard.
    pub(super) fn delay(&mut self) -> SoundDelay {
        let shared = self.shared.borrow();
        let device_micros = shared.output.as_ref().and_then(Output::delay_micros);
        SoundDelay { device_micros, trim_micros: shared.trim_micros }
    }

    /// It is heard so much later than the browser says; that is remembered.
    pub(super) fn trim(&mut self, micros: i32) {
        let mut shared = self.shared.borrow_mut();
        shared.trim_micros = bounded_trim(micros);
        browser::keep(TRIM, &shared.trim_micros.to_string());
        shared.tell_clock();
    }

    fn start(&mut self) {
        let mut borrowed = self.shared.borrow_mut();
        borrowed.is_starting = true;
        borrowed.fetch_engine();
        let (module, context) = (borrowed.module.clone(), context());
        let (shared, listener) = (self.shared.clone(), self.listener.clone());
        spawn_local(async move {
            let (weak, told) = (Rc::downgrade(&shared), listener.clone());
            let on_message = move |message: JsValue| {
                if let Some(shared) = weak.upgrade() {
                    heard(&shared, &told, &message);
                }
            };
            let opened = async { Output::open(context?, module.ok_or(JsValue::NULL)?, on_message).await };
            started(&shared, &listener, opened.await.ok());
        });
    }
}

/// How the player has trimmed the sound of this browser, in microseconds.
fn kept_trim() -> i32 {
    bounded_trim(browser::kept(TRIM).and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The engine stands, or does not.
fn started(shared: &Rc<RefCell<Shared>>, listener: &Listener, output: Option<Output>) {
    let mut borrowed = shared.borrow_mut();
    borrowed.is_starting = false;
    if let Some(output) = output {
        output.resume();
        borrowed.output = Some(output);
        borrowed.tell_program();
        borrowed.tell_ears();
        borrowed.tell_meters();
        borrowed.tell_segments();
        for (track, pitch, velocity) in std::mem::take(&mut borrowed.strikes) {
            borrowed.tell_strike(track, pitch, velocity);
        }
        drop(borrowed);
        return give_up_later(shared, listener);
    }
    // Whatever came of it this time, the next play tries anew.
    borrowed.module = None;
    drop(borrowed);
    let line = if browser::window().is_secure_context() {
        "There is no sound: the engine did not load, or this browser has no sound device. Press Play to try again."
    } else {
        "There is no sound: browsers play on https:// and on the server's own machine alone. The grid still works."
    };
    give_up(shared, listener, line);
}

/// Whoever still waits after a while, though the engine stands, hears nothing: a browser without a sound device never says when.
fn give_up_later(shared: &Rc<RefCell<Shared>>, listener: &Listener) {
    let (shared, listener) = (shared.clone(), listener.clone());
    browser::after(SILENT_MILLIS, move || {
        if !shared.borrow().waiting.is_empty() {
            let line = "There is no sound: no sound device plays in this browser. The grid still works; connect one and press Play.";
            give_up(&shared, &listener, line);
        }
    });
}

/// Tells whoever waits that there is no sound, and the player why.
fn give_up(shared: &RefCell<Shared>, listener: &Listener, line: &str) {
    let waiting = std::mem::take(&mut shared.borrow_mut().waiting);
    for waiting in waiting {
        waiting(false);
    }
    listener(Tell::Patch(ViewPatch::Notice(line.to_owned())));
}

/// A message of the worklet.
fn heard(shared: &RefCell<Shared>, listener: &Listener, message: &JsValue) {
    let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let number = |name: &str| field(name).as_f64().unwrap_or(0.0);
    match field("kind").as_string().as_deref() {
        Some("position") => {
            let mut borrowed = shared.borrow_mut();
            let Some(line) = borrowed.read_clock() else { return };
            HEARD.set(Report {
                beat: number("beat"),
                at_millis: browser::page_millis(line.time_at(number("frame"))),
                is_playing: field("playing").is_truthy(),
                peak: number("peak") as f32,
            });
            EFFORT.set(Effort {
                voices: number("voices") as u32,
                load_percent: (number("load") * 100.0).round() as u32,
                late: number("late") as u32,
            });
            let waiting = std::mem::take(&mut borrowed.waiting);
            drop(borrowed);
            for waiting in waiting {
                waiting(true);
            }
        }
        Some("levels") => {
            let values = Float32Array::from(field("levels")).to_vec();
            let ids = Array::from(&field("tracks"));
            let ids = ids.iter().map(|id| id.as_string().and_then(|id| id.parse().ok()));
            LEVELS.set(levels(ids, &values));
        }
        Some("refused") => {
            log::note(
                browser::now(),
                format!("The engine refused {}", field("reason").as_string().unwrap_or_default()),
            );
        }
        Some("failed") => {
            log::note(
                browser::now(),
                format!("The engine failed: {}", field("reason").as_string().unwrap_or_default()),
            );
            listener(Tell::Playhead(Playhead::default()));
            let line = "The sound has broken down. Press Play to begin with another engine.";
            listener(Tell::Patch(ViewPatch::Notice(line.to_owned())));
        }
        _ => {}
    }
}

/// The levels as the worklet lists them: peak and average of the master, then of each track.
fn levels(ids: impl Iterator<Item = Option<TrackId>>, values: &[f32]) -> Levels {
    let mut pairs = values.as_chunks::<2>().0.iter().map(|&[peak, rms]| Level { peak, rms });
    let master = pairs.next().unwrap_or_default();
    Levels { master, tracks: ids.zip(pairs).filter_map(|(id, level)| Some((id?, level))).collect() }
}

impl Shared {
    fn fetch_engine(&mut self) {
        if self.module.is_none()
            && let Some(address) = browser::named_address("offbeat-engine")
        {
            let module = WebAssembly::compile_streaming(&browser::window().fetch_with_str(&address));
            // Who plays is told if it failed; until then it is nobody's trouble.
            let quiet = module.clone();
            spawn_local(async move { drop(JsFuture::from(quiet).await) });
            self.module = Some(module);
        }
    }

    /// Asks the browser when frames are heard, and tells the engine what is known of it.
    fn read_clock(&mut self) -> Option<FrameLine> {
        let output = self.output.as_ref()?;
        let news = output.reading().and_then(|(frame, at)| self.clock.read(frame, at));
        if news.is_some() {
            self.tell_clock();
        }
        self.line()
    }

    /// When frames are heard: what the browser says, and what the player adds to it.
    fn line(&self) -> Option<FrameLine> {
        Some(self.clock.line()?.trimmed_by(self.trim_micros))
    }

    fn tell_clock(&self) {
        if let (Some(line), Some(output)) = (self.line(), &self.output) {
            let LocalTime(at) = line.heard_at;
            let fields = [
                ("frame", line.frame.into()),
                ("at", BigInt::from(at).into()),
                ("nanos", line.nanos_per_frame.into()),
            ];
            output.post("clock", &fields);
        }
    }

    fn tell_program(&self) {
        if !self.program.is_empty() {
            self.post("program", "image", Uint8Array::from(self.program.as_slice()).into());
        }
    }

    fn tell_segments(&self) {
        if !self.segments.is_empty() {
            self.post("timeline", "segments", Uint8Array::from(self.segments.as_slice()).into());
        }
    }

    fn tell_ears(&self) {
        self.post("ears", "image", Uint8Array::from(self.ears.as_slice()).into());
    }

    fn tell_meters(&self) {
        self.post("meters", "on", self.wants_meters.into());
    }

    fn tell_strike(&self, track: TrackId, pitch: i8, velocity: Option<f32>) {
        if let Some(output) = &self.output {
            let fields = [
                ("track", JsValue::from_str(track.as_str())),
                ("pitch", JsValue::from_f64(pitch.into())),
                ("velocity", JsValue::from_f64(velocity.map_or(-1.0, f64::from))),
            ];
            output.post("strike", &fields);
        }
    }

    fn post(&self, kind: &str, field: &str, value: JsValue) {
        if let Some(output) = &self.output {
            output.post(kind, &[(field, value)]);
        }
    }
}
