//! Web Locks: which tab hosts a session.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// A lock; given back when dropped, and by the browser when the tab ends.
#[derive(Debug)]
pub(crate) struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).ok();
    }
}

/// What came of asking for a lock.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It is ours.
    Ours(Held),
    /// Another tab has it.
    Elsewhere,
    /// This browser has no locks (a page that is neither on HTTPS nor on this machine), or the wait was given up.
    Unknown,
}

/// Waits for a lock, until dropped.
#[derive(Debug)]
pub(crate) struct Patience(AbortController);

impl Patience {
    /// A wait that has not begun.
    pub(crate) fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    /// What the wait is to be given.
    pub(crate) fn signal(&self) -> JsValue {
        self.0.signal().into()
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Takes the lock of this name: at once or not at all, or with the signal of a [`Patience`] whenever it becomes free.
pub(crate) async fn take(name: &str, wait: Option<JsValue>) -> Taken {
    match request(name, wait).await {
        Ok(release) => match release.dyn_into::<Function>() {
            Ok(release) => Taken::Ours(Held(release)),
            Err(_) => Taken::Elsewhere,
        },
        Err(_) => Taken::Unknown,
    }
}

/// Asks for the lock; what comes back is the function that releases it, or null when somebody else has it.
async fn request(name: &str, wait: Option<JsValue>) -> Result<JsValue, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    match wait {
        Some(signal) => Reflect::set(&options, &"signal".into(), &signal)?,
        None => Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?,
    };
    let answer = Promise::new(&mut |resolve, reject| {
        let granted = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                resolve.call1(&JsValue::NULL, &JsValue::NULL).ok();
                return JsValue::UNDEFINED;
            }
            // The lock is held until this promise is resolved.
            Promise::new(&mut |release, _| {
                resolve.call1(&JsValue::NULL, &release).ok();
            })
            .into()
        });
        match request.call3(&locks, &name.into(), &options, &granted) {
            Ok(promise) => {
                let failed = Closure::once_into_js(move |error: JsValue| {
                    reject.call1(&JsValue::NULL, &error).ok();
                });
                // Without a handler an abandoned wait would be reported as an error of the page.
                if let Ok(catch) = Reflect::get(&promise, &"catch".into())
                    && let Ok(catch) = catch.dyn_into::<Function>()
                {
                    catch.call1(&promise, &failed).ok();
                }
            }
            Err(error) => {
                reject.call1(&JsValue::NULL, &error).ok();
            }
        }
    });
    JsFuture::from(answer).await
}
