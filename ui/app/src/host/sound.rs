//! A page's sound: the engine in an AudioWorklet, loaded with the first play, that follows where the music is by the page's clock.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, BigInt, Promise, Reflect, Uint8Array, WebAssembly};
use score::{LocalTime, TrackId};
use view::{FrameLine, Playhead, Tell, Transport, ViewPatch};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::output::{Output, context};
use super::{HEARD, Listener};
use crate::browser;
use crate::model::beat_clock::Report;
use crate::model::sound_clock::SoundClock;

/// Whoever waits for the engine; it is told whether there is one.
pub(super) type Waiting = Box<dyn FnOnce(bool)>;

/// The engine, wherever it is on its way.
pub(super) struct Sound {
    shared: Rc<RefCell<Shared>>,
    listener: Listener,
}

struct Shared {
    program: Vec<u8>,
    /// Where the music is, as the engine is told it.
    segments: Vec<u8>,
    solo: Vec<TrackId>,
    level: f32,
    /// How loud the metronome clicks, 0 for not at all.
    click: f32,
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
            solo: Vec::new(),
            level: 1.0,
            click: 0.0,
            module: None,
            output: None,
            clock: SoundClock::default(),
            is_starting: false,
            waiting: Vec::new(),
        };
        Self { shared: Rc::new(RefCell::new(shared)), listener }
    }

    /// Loads the engine's module ahead of the first play.
    pub(super) fn fetch_engine(&mut self) {
        self.shared.borrow_mut().fetch_engine();
    }

    /// Hears the music from here on, within the player's click. `then` is told whether that works, once it is known when the engine's
    /// frames are heard; it comes back where that is known already.
    pub(super) fn hear(&mut self, then: Waiting) -> Option<Waiting> {
        let mut shared = self.shared.borrow_mut();
        if let Some(output) = &shared.output {
            output.resume();
            // An engine that broke down begins anew with this.
            shared.tell_segments();
            if shared.clock.line().is_some() {
                return Some(then);
            }
        }
        shared.waiting.push(then);
        if shared.output.is_none() && !shared.is_starting {
            drop(shared);
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

    pub(super) fn solo(&mut self, tracks: &[TrackId]) {
        let mut shared = self.shared.borrow_mut();
        shared.solo = tracks.to_vec();
        shared.tell_solo();
    }

    pub(super) fn level(&mut self, level: f32) {
        let mut shared = self.shared.borrow_mut();
        shared.level = level;
        if let Some(output) = &shared.output {
            output.set_level(level);
        }
    }

    pub(super) fn metronome(&mut self, level: f32) {
        let mut shared = self.shared.borrow_mut();
        shared.click = level;
        shared.tell_click();
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

/// The engine stands, or does not.
fn started(shared: &RefCell<Shared>, listener: &Listener, output: Option<Output>) {
    let mut borrowed = shared.borrow_mut();
    borrowed.is_starting = false;
    if let Some(output) = output {
        output.set_level(borrowed.level);
        output.resume();
        borrowed.output = Some(output);
        borrowed.tell_program();
        borrowed.tell_solo();
        borrowed.tell_click();
        borrowed.tell_segments();
        return;
    }
    // Whatever came of it this time, the next play tries anew.
    borrowed.module = None;
    let waiting = std::mem::take(&mut borrowed.waiting);
    drop(borrowed);
    for waiting in waiting {
        waiting(false);
    }
    let line = "There is no sound: the engine did not load, or this browser has no sound device. Press Play to try again.";
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
            let waiting = std::mem::take(&mut borrowed.waiting);
            drop(borrowed);
            for waiting in waiting {
                waiting(true);
            }
        }
        Some("failed") => {
            listener(Tell::Playhead(Playhead::default()));
            let line = "The sound has broken down. Press Play to begin with another engine.";
            listener(Tell::Patch(ViewPatch::Notice(line.to_owned())));
        }
        _ => {}
    }
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
        if let Some((frame, at)) = output.reading()
            && let Some(line) = self.clock.read(frame, at)
        {
            let LocalTime(at) = line.heard_at;
            let fields = [
                ("frame", line.frame.into()),
                ("at", BigInt::from(at).into()),
                ("nanos", line.nanos_per_frame.into()),
            ];
            output.post("clock", &fields);
        }
        self.clock.line()
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

    fn tell_solo(&self) {
        let tracks: Array = self.solo.iter().map(|track| JsValue::from_str(track.as_str())).collect();
        self.post("solo", "tracks", tracks.into());
    }

    fn tell_click(&self) {
        self.post("metronome", "level", f64::from(self.click).into());
    }

    fn post(&self, kind: &str, field: &str, value: JsValue) {
        if let Some(output) = &self.output {
            output.post(kind, &[(field, value)]);
        }
    }
}
