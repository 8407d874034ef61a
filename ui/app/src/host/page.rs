//! A page's host: the session lives in a web worker, the engine in an AudioWorklet.

use std::collections::VecDeque;

use js_sys::{Array, Object, Reflect, Uint8Array};
use view::{Ready, Tell, ViewPatch};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::sound::Sound;
use super::{Listener, MAX_WAITING_ASKS};
use crate::browser;

/// A page with its worker, once that is wanted, and its sound.
pub(super) struct Page {
    listener: Listener,
    worker: Option<Worker>,
    waiting: VecDeque<Vec<u8>>,
    /// Until what is seen and heard has loaded, the worker is not.
    is_wanted: bool,
    sound: Sound,
}

/// What the server wrote into the page.
pub(super) fn ready() -> Option<Ready> {
    let text = browser::document().get_element_by_id("ready")?.text_content()?;
    let binary = browser::window().atob(text.trim()).ok()?;
    let bytes: Vec<u8> = binary.chars().map(|c| c as u8).collect();
    view::host::decode(&bytes).ok()
}

impl Page {
    pub(super) fn new(program: Vec<u8>, listener: Listener) -> Self {
        let sound = Sound::new(program, listener.clone());
        Self { listener, worker: None, waiting: VecDeque::new(), is_wanted: false, sound }
    }

    pub(super) fn sound(&mut self) -> &mut Sound {
        &mut self.sound
    }

    pub(super) fn load_session(&mut self) {
        self.is_wanted = true;
        self.pass_on();
    }

    /// Whether there was room for the request.
    pub(super) fn ask(&mut self, bytes: Vec<u8>) -> bool {
        if self.waiting.len() >= MAX_WAITING_ASKS {
            return false;
        }
        self.waiting.push_back(bytes);
        self.pass_on();
        true
    }

    /// The worker itself keeps what comes before it has loaded.
    fn pass_on(&mut self) {
        if !self.is_wanted || self.waiting.is_empty() {
            return;
        }
        if self.worker.is_none() {
            self.worker = start_worker(&self.listener).ok();
        }
        let Some(worker) = &self.worker else { return self.give_up() };
        for bytes in self.waiting.drain(..) {
            let bytes = Uint8Array::from(bytes.as_slice());
            // It fails only for what cannot be cloned.
            worker.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer())).ok();
        }
    }

    fn give_up(&mut self) {
        self.waiting.clear();
        let line =
            "This browser cannot start the session's worker; what is here plays, but cannot be edited.";
        // Not from within a request, whose sender is using the host.
        let listener = self.listener.clone();
        browser::after(0, move || listener(Tell::Failed(line.to_owned())));
    }
}

fn start_worker(listener: &Listener) -> Result<Worker, JsValue> {
    let address = browser::named_address("offbeat-worker").ok_or(JsValue::NULL)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&address, &options)?;
    let begin = Object::new();
    let origin = browser::window().location().origin()?;
    Reflect::set(&begin, &"start".into(), &origin.into())?;
    worker.post_message(&begin)?;
    let told = listener.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(bytes) = event.data().dyn_ref::<Uint8Array>().map(Uint8Array::to_vec) else { return };
        if let Ok(tell) = view::host::decode(&bytes) {
            told(tell);
        }
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let told = listener.clone();
    let on_error = Closure::<dyn Fn()>::new(move || {
        let line = "The session's worker has stopped. What is here plays on; reload the page to edit.";
        told(Tell::Patch(ViewPatch::Notice(line.to_owned())));
    });
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // Both for as long as the page lives.
    on_error.forget();
    Ok(worker)
}
