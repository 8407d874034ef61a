//! The page that has started this worker.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::scope;

/// Sends the page a message; the bytes move over without another copy.
pub(crate) fn post(bytes: &[u8]) {
    let bytes = Uint8Array::from(bytes);
    let transferred = Array::of1(&bytes.buffer());
    // It fails only for what cannot be cloned.
    scope().post_message_with_transfer(&bytes, &transferred).ok();
}

/// Calls back whenever the browser says that the network is there again.
pub(crate) fn on_online(callback: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(callback);
    scope().set_ononline(Some(callback.as_ref().unchecked_ref()));
    // For as long as the worker lives.
    callback.forget();
}
