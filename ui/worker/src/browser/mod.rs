//! The browser's faces that the worker needs, each as small as its use.

mod channel;
mod clock;
mod database;
mod locks;
mod page;
mod request;
mod socket;
mod timer;

pub(crate) use channel::Channel;
pub(crate) use clock::{now, random, today};
pub(crate) use database::{Database, DatabaseError, Write};
pub(crate) use locks::{Held, Patience, Taken, take};
pub(crate) use page::{on_online, post};
pub(crate) use request::{Answer, get, post_signed};
pub(crate) use socket::Socket;
pub(crate) use timer::Timer;

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's own global object.
fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
