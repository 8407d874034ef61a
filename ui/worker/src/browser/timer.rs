//! A timeout that ends with its owner.

use score::LocalTime;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::{now, scope};

/// Calls back once; dropped before, never.
#[derive(Debug)]
pub(crate) struct Timer {
    at: LocalTime,
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls back at `at`, or soon where that has passed.
    pub(crate) fn at(at: LocalTime, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        // Rounded up: a call that comes too early would only have to wait again.
        let millis = at.nanos_since(now()).max(0) / 1_000_000 + 1;
        let millis = i32::try_from(millis).unwrap_or(i32::MAX);
        let function = callback.as_ref().unchecked_ref();
        let handle = scope().set_timeout_with_callback_and_timeout_and_arguments_0(function, millis);
        Self { at, handle: handle.unwrap_or_default(), _callback: callback }
    }

    /// When it is due.
    pub(crate) fn due(&self) -> LocalTime {
        self.at
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        scope().clear_timeout_with_handle(self.handle);
    }
}
