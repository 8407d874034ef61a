//! A WebSocket to the page's server.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// Most bytes that wait for a slow network before the link is given up; the next one catches up.
const MAX_WAITING_BYTES: u32 = 8 << 20;

/// An open socket, or one that is being opened. Dropped, it closes once what was sent is through.
#[derive(Debug)]
pub(crate) struct Socket {
    inner: WebSocket,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket. `heard` is called with each binary message, and at last with none.
    pub(crate) fn open(
        url: &str,
        heard: impl Fn(Option<Vec<u8>>) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let ended = heard.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                heard(Some(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |_| ended(None));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { inner: socket, _message: message, _closed: closed })
    }

    /// Sends one binary message; false when the link is of no more use.
    pub(crate) fn send(&self, bytes: &[u8]) -> bool {
        self.inner.buffered_amount() <= MAX_WAITING_BYTES && self.inner.send_with_u8_array(bytes).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        self.inner.close().ok();
    }
}
