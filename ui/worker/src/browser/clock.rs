//! Time and chance.

use score::{LocalTime, UnixMillis};
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// The browser's monotonic clock, counted from where the page counts too: each of its threads has an origin of its own.
pub(crate) fn now() -> LocalTime {
    let performance = js_sys::global().unchecked_into::<WorkerGlobalScope>().performance();
    let millis = |performance: web_sys::Performance| (performance.time_origin(), performance.now());
    let (origin, since) = performance.map_or((0.0, 0.0), millis);
    LocalTime((origin * 1e6) as i64 + (since * 1e6) as i64)
}

/// The calendar.
pub(crate) fn today() -> UnixMillis {
    UnixMillis(js_sys::Date::now() as i64)
}

/// Random bytes from a cryptographic source.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every browser has a source of randomness");
    bytes
}
