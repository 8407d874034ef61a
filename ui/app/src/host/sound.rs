//! A page's sound: the engine in an AudioWorklet, loaded with the first play.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array, WebAssembly};
use score::TrackId;
use score::time::SAMPLE_RATE;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioContext, AudioContextOptions, AudioWorkletNode, AudioWorkletNodeOptions, GainNode, MessageEvent,
};

use super::HEARD;
use crate::browser;
use crate::model::beat_clock::Report;

/// The engine, wherever it is on its way.
pub(super) struct Sound {
    shared: Rc<RefCell<Shared>>,
    remark: Rc<dyn Fn(String)>,
    module: Option<Promise>,
    is_starting: bool,
}

struct Shared {
    program: Vec<u8>,
    solo: Vec<TrackId>,
    level: f32,
    /// How loud the metronome clicks, 0 for not at all.
    click: f32,
    is_playing: bool,
    output: Option<Output>,
}

struct Output {
    context: AudioContext,
    node: AudioWorkletNode,
    gain: GainNode,
}

impl Sound {
    pub(super) fn new(program: Vec<u8>, remark: impl Fn(String) + 'static) -> Self {
        let shared =
            Shared { program, solo: Vec::new(), level: 1.0, click: 0.0, is_playing: false, output: None };
        Self {
            shared: Rc::new(RefCell::new(shared)),
            remark: Rc::new(remark),
            module: None,
            is_starting: false,
        }
    }

    /// Loads the engine's module ahead of the first play.
    pub(super) fn fetch_engine(&mut self) {
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

    pub(super) fn play(&mut self, play: bool) {
        self.shared.borrow_mut().is_playing = play;
        if !play {
            HEARD.with_borrow_mut(|heard| heard.is_playing = false);
        }
        let has_output = self.shared.borrow().output.is_some();
        if has_output {
            self.shared.borrow().tell_playing();
        } else if play && !self.is_starting {
            self.start();
        }
    }

    pub(super) fn program(&mut self, image: Vec<u8>) {
        let mut shared = self.shared.borrow_mut();
        shared.program = image;
        shared.tell_program();
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
            output.gain.gain().set_value(level);
        }
    }

    pub(super) fn metronome(&mut self, level: f32) {
        let mut shared = self.shared.borrow_mut();
        shared.click = level;
        shared.tell_click();
    }

    /// The context is made within the player's click: a browser refuses sound otherwise.
    fn start(&mut self) {
        self.is_starting = true;
        self.fetch_engine();
        let (shared, remark, module) = (self.shared.clone(), self.remark.clone(), self.module.clone());
        let options = AudioContextOptions::new();
        options.set_sample_rate(SAMPLE_RATE as f32);
        let context = AudioContext::new_with_context_options(&options);
        spawn_local(async move {
            let started = async {
                let (context, module) = (context?, module.ok_or(JsValue::NULL)?);
                open(context, module, &shared).await
            };
            match started.await {
                Ok(output) => {
                    let mut shared = shared.borrow_mut();
                    output.gain.gain().set_value(shared.level);
                    shared.output = Some(output);
                    shared.tell_program();
                    shared.tell_solo();
                    shared.tell_click();
                    shared.tell_playing();
                }
                Err(_) => remark(
                    "There is no sound: this browser could not start its sound device. The grid still works."
                        .to_owned(),
                ),
            }
        });
    }
}

impl Shared {
    fn tell_program(&self) {
        if !self.program.is_empty() {
            self.post("program", &[("image", Uint8Array::from(self.program.as_slice()).into())]);
        }
    }

    fn tell_solo(&self) {
        let tracks: Array = self.solo.iter().map(|track| JsValue::from_str(track.as_str())).collect();
        self.post("solo", &[("tracks", tracks.into())]);
    }

    fn tell_click(&self) {
        self.post("metronome", &[("level", f64::from(self.click).into())]);
    }

    fn tell_playing(&self) {
        if let Some(output) = &self.output
            && self.is_playing
        {
            // It waits for the click that began this, if it waits at all.
            drop(output.context.resume());
            self.post("play", &[("beat", JsValue::from_f64(0.0))]);
        } else {
            self.post("stop", &[]);
        }
    }

    fn post(&self, kind: &str, fields: &[(&str, JsValue)]) {
        let Some(port) = self.output.as_ref().and_then(|output| output.node.port().ok()) else { return };
        let message = Object::new();
        // Setting a property of a plain object does not fail.
        Reflect::set(&message, &"kind".into(), &kind.into()).ok();
        for (name, value) in fields {
            Reflect::set(&message, &(*name).into(), value).ok();
        }
        port.post_message(&message).ok();
    }

    /// A message of the worklet.
    fn heard(&mut self, message: &JsValue) {
        let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let number = |name: &str| field(name).as_f64().unwrap_or(0.0);
        match field("kind").as_string().as_deref() {
            Some("position") => {
                let Some(output) = &self.output else { return };
                let report = Report {
                    beat: number("beat"),
                    at_millis: heard_at(&output.context, number("frame")),
                    is_playing: self.is_playing && field("playing").is_truthy(),
                    peak: number("peak") as f32,
                };
                HEARD.set(report);
            }
            // The next play begins with another engine.
            Some("failed") => self.is_playing = false,
            _ => {}
        }
    }
}

/// The moment of the page's clock at which a frame of the context is heard.
fn heard_at(context: &AudioContext, frame: f64) -> f64 {
    let now = browser::now();
    let seconds = frame / f64::from(SAMPLE_RATE);
    match output_timestamp(context) {
        Some((context_time, page_time)) if page_time > 0.0 => page_time + (seconds - context_time) * 1000.0,
        _ => now + (seconds - context.current_time()) * 1000.0,
    }
}

/// What is heard at which moment of the page's clock: seconds of the context, milliseconds of the page.
fn output_timestamp(context: &AudioContext) -> Option<(f64, f64)> {
    let method: Function = Reflect::get(context, &"getOutputTimestamp".into()).ok()?.dyn_into().ok()?;
    let timestamp = method.call0(context).ok()?;
    let field = |name: &str| Reflect::get(&timestamp, &name.into()).ok()?.as_f64();
    Some((field("contextTime")?, field("performanceTime")?))
}

async fn open(
    context: AudioContext,
    module: Promise,
    shared: &Rc<RefCell<Shared>>,
) -> Result<Output, JsValue> {
    let address = browser::named_address("offbeat-worklet").ok_or(JsValue::NULL)?;
    let script = JsFuture::from(context.audio_worklet()?.add_module(&address)?);
    let module = JsFuture::from(module).await?;
    script.await?;
    let settings = Object::new();
    Reflect::set(&settings, &"module".into(), &module)?;
    let options = AudioWorkletNodeOptions::new();
    options.set_number_of_inputs(0);
    options.set_output_channel_count(&Array::of1(&2.into()));
    options.set_processor_options(Some(&settings));
    let node = AudioWorkletNode::new_with_options(&context, "offbeat", &options)?;
    let gain = context.create_gain()?;
    node.connect_with_audio_node(&gain)?.connect_with_audio_node(&context.destination())?;
    let listening = Rc::downgrade(shared);
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(shared) = listening.upgrade() {
            shared.borrow_mut().heard(&event.data());
        }
    });
    node.port()?.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // For as long as the page lives.
    on_message.forget();
    Ok(Output { context, node, gain })
}
