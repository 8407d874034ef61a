//! What all tabs of this origin hear.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel between tabs; closed when dropped.
#[derive(Debug)]
pub(crate) struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of this name. What is sent here is heard by the others alone.
    pub(crate) fn open(name: &str, heard: impl Fn(Vec<u8>) + 'static) -> Result<Self, JsValue> {
        let channel = BroadcastChannel::new(name)?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(bytes) = event.data().dyn_into::<Uint8Array>() {
                heard(bytes.to_vec());
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Ok(Self { channel, _heard: heard })
    }

    /// Tells the other tabs.
    pub(crate) fn send(&self, bytes: &[u8]) {
        self.channel.post_message(&Uint8Array::from(bytes)).ok();
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
