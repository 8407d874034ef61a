//! A desktop window's host: the process behind it, by Tauri's bridge.
//!
//! Calls of the bridge overtake each other, so each waits for the one before; what the process tells is numbered, and put in
//! order here.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use score::LocalTime;
use view::{Tell, ViewPatch};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Listener, MAX_WAITING_ASKS};
use crate::browser;

/// Most messages that may come before one that was sent earlier.
const MAX_EARLY_TELLS: usize = 4_096;

/// The bridge to the process.
pub(super) struct Desktop {
    bridge: JsValue,
    waiting: Rc<RefCell<Waiting>>,
    listener: Listener,
}

#[derive(Default)]
struct Waiting {
    asks: VecDeque<Vec<u8>>,
    is_sending: bool,
}

impl Desktop {
    /// The bridge, where this is a desktop's window. What the process tells goes to `listener` from here on.
    pub(super) fn find(listener: &Listener) -> Option<Self> {
        let bridge = Reflect::get(&browser::window(), &"__TAURI_INTERNALS__".into()).ok()?;
        if bridge.is_undefined() {
            return None;
        }
        listen(&bridge, listener).ok()?;
        Some(Self { bridge, waiting: Rc::default(), listener: listener.clone() })
    }

    /// Whether there was room for the request.
    pub(super) fn ask(&self, bytes: Vec<u8>) -> bool {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.asks.len() >= MAX_WAITING_ASKS {
            return false;
        }
        waiting.asks.push_back(bytes);
        if !waiting.is_sending {
            waiting.is_sending = true;
            spawn_local(send_all(self.bridge.clone(), self.waiting.clone(), self.listener.clone()));
        }
        true
    }
}

async fn send_all(bridge: JsValue, waiting: Rc<RefCell<Waiting>>, listener: Listener) {
    loop {
        let next = waiting.borrow_mut().asks.pop_front();
        let Some(bytes) = next else { break };
        let sent = match call(&bridge, "ask", &Uint8Array::from(bytes.as_slice())) {
            Ok(promise) => JsFuture::from(promise).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            let line =
                error.as_string().unwrap_or_else(|| "The app did not take that in; try again.".to_owned());
            listener(Tell::Patch(ViewPatch::Notice(line)));
        }
    }
    waiting.borrow_mut().is_sending = false;
}

fn call(bridge: &JsValue, command: &str, payload: &JsValue) -> Result<Promise, JsValue> {
    let invoke: Function = Reflect::get(bridge, &"invoke".into())?.dyn_into()?;
    invoke.call2(bridge, &command.into(), payload)?.dyn_into()
}

/// Opens the channel by which the process tells: messages `{ message: ArrayBuffer, index }` in any order.
fn listen(bridge: &JsValue, listener: &Listener) -> Result<(), JsValue> {
    let listener = listener.clone();
    let order = RefCell::new(Order::default());
    let on_message = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        let field = |name: &str| Reflect::get(&message, &name.into()).ok();
        let Some(index) = field("index").and_then(|index| index.as_f64()) else { return };
        let bytes = field("message").filter(|bytes| !bytes.is_undefined());
        let bytes = bytes.map(|bytes| Uint8Array::new(&bytes).to_vec()).unwrap_or_default();
        let ready = order.borrow_mut().take(index as u64, bytes);
        for tell in ready.iter().filter_map(|bytes| view::host::decode(bytes).ok()) {
            listener(by_own_clock(tell));
        }
    });
    let register: Function = Reflect::get(bridge, &"transformCallback".into())?.dyn_into()?;
    let id = register.call1(bridge, on_message.as_ref())?;
    on_message.forget();
    let payload = Object::new();
    let id = id.as_f64().unwrap_or_default() as u64;
    Reflect::set(&payload, &"channel".into(), &format!("__CHANNEL__:{id}").into())?;
    let opened = call(bridge, "listen", &payload)?;
    // A refusal shows as an app that never answers; there is nobody else to tell.
    spawn_local(async move { drop(JsFuture::from(opened).await) });
    Ok(())
}

/// The process says where the music is by a clock that reads 0 as it says so; this is the same by the window's.
fn by_own_clock(tell: Tell) -> Tell {
    match tell {
        Tell::Transport(Some(transport)) => {
            let LocalTime(now) = browser::local_time(browser::now());
            Tell::Transport(Some(transport.by_clock_ahead(now)))
        }
        tell => tell,
    }
}

/// Puts numbered messages in order.
#[derive(Default)]
struct Order {
    next: u64,
    early: BTreeMap<u64, Vec<u8>>,
}

impl Order {
    /// All messages that are due with this one.
    fn take(&mut self, index: u64, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        if index >= self.next && self.early.len() < MAX_EARLY_TELLS {
            self.early.insert(index, bytes);
        }
        let mut due = Vec::new();
        while let Some(bytes) = self.early.remove(&self.next) {
            due.push(bytes);
            self.next += 1;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_overtook_each_other_are_put_in_order() {
        let mut order = Order::default();
        assert_eq!(order.take(1, vec![1]), Vec::<Vec<u8>>::new());
        assert_eq!(order.take(2, vec![2]), Vec::<Vec<u8>>::new());
        assert_eq!(order.take(0, vec![0]), [vec![0], vec![1], vec![2]]);
        assert_eq!(order.take(1, vec![1]), Vec::<Vec<u8>>::new(), "it was told before");
        assert_eq!(order.take(3, vec![3]), [vec![3]]);
    }
}
