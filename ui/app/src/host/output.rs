//! What a page's sound comes out of: a context, and the engine in its AudioWorklet.

use js_sys::{Array, Function, Object, Promise, Reflect};
use score::LocalTime;
use score::time::SAMPLE_RATE;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, AudioContextOptions, AudioWorkletNode, AudioWorkletNodeOptions, MessageEvent};

use crate::browser;

/// How long a browser that has begun to play may take to say when, in seconds of sound.
const SILENT_SECONDS: f64 = 0.5;

/// A longer delay is no device's, in seconds.
const MAX_DELAY_SECONDS: f64 = 60.0;

/// The engine and its way out.
pub(super) struct Output {
    context: AudioContext,
    node: AudioWorkletNode,
}

/// A context. To be made within the player's click: a browser refuses sound otherwise.
pub(super) fn context() -> Result<AudioContext, JsValue> {
    let options = AudioContextOptions::new();
    options.set_sample_rate(SAMPLE_RATE as f32);
    AudioContext::new_with_context_options(&options)
}

impl Output {
    /// The engine in a context; what it says goes to `listener`.
    pub(super) async fn open(
        context: AudioContext,
        module: Promise,
        listener: impl Fn(JsValue) + 'static,
    ) -> Result<Self, JsValue> {
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
        node.connect_with_audio_node(&context.destination())?;
        let on_message =
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| listener(event.data()));
        node.port()?.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // For as long as the page lives.
        on_message.forget();
        Ok(Self { context, node })
    }

    /// Lets it sound, within the player's click.
    pub(super) fn resume(&self) {
        // It waits for the click, if it waits at all.
        drop(self.context.resume());
    }

    /// Says something to the engine.
    pub(super) fn post(&self, kind: &str, fields: &[(&str, JsValue)]) {
        let Ok(port) = self.node.port() else { return };
        let message = Object::new();
        // Setting a property of a plain object does not fail.
        Reflect::set(&message, &"kind".into(), &kind.into()).ok();
        for (name, value) in fields {
            Reflect::set(&message, &(*name).into(), value).ok();
        }
        port.post_message(&message).ok();
    }

    /// How much later than the engine makes it a frame is heard, in microseconds, as far as the browser says; `None` where it does not.
    pub(super) fn delay_micros(&self) -> Option<u32> {
        let field = |name: &str| Reflect::get(&self.context, &name.into()).ok()?.as_f64();
        let seconds = field("outputLatency")? + field("baseLatency").unwrap_or(0.0);
        (0.0..MAX_DELAY_SECONDS).contains(&seconds).then_some((seconds * 1e6) as u32)
    }

    /// Which frame of the context is heard at which moment, as the browser says now; `None` before it plays.
    pub(super) fn reading(&self) -> Option<(f64, LocalTime)> {
        let (seconds, millis) = match output_timestamp(&self.context) {
            Some(told) if told.1 > 0.0 => told,
            // A browser that never says it plays what it makes, as far as anybody knows.
            _ if self.context.current_time() > SILENT_SECONDS => {
                (self.context.current_time(), browser::now())
            }
            _ => return None,
        };
        Some((seconds * f64::from(SAMPLE_RATE), browser::local_time(millis)))
    }
}

/// What is heard at which moment of the page's clock: seconds of the context, milliseconds of the page.
fn output_timestamp(context: &AudioContext) -> Option<(f64, f64)> {
    let method: Function = Reflect::get(context, &"getOutputTimestamp".into()).ok()?.dyn_into().ok()?;
    let timestamp = method.call0(context).ok()?;
    let field = |name: &str| Reflect::get(&timestamp, &name.into()).ok()?.as_f64();
    Some((field("contextTime")?, field("performanceTime")?))
}
