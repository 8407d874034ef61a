//! The worker's one owner, and the way to it.
//!
//! A worker has one thread, on which the browser calls back one thing after another; so its mailbox is the browser's own queue, and
//! what is posted here is taken in at once. Only what is posted while something is taken in waits, for moments.

use std::cell::RefCell;
use std::collections::VecDeque;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::host::Host;
use crate::news::News;

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
    static WAITING: RefCell<VecDeque<News>> = const { RefCell::new(VecDeque::new()) };
}

/// Begins: `server` is the page's own, as in `https://offbeat.example`.
#[wasm_bindgen]
pub fn start(server: &str) {
    let host = Host::begin(server.trim_end_matches('/').to_owned());
    HOST.with(|held| held.replace(Some(host)));
}

/// Takes in what the interface asks for, as postcard of a `view::Ask`.
#[wasm_bindgen]
pub fn receive(ask: Vec<u8>) {
    post(News::Asked(ask));
}

/// Tells the worker what has happened.
pub(crate) fn post(news: News) {
    WAITING.with(|waiting| waiting.borrow_mut().push_back(news));
    HOST.with(|held| {
        // Whoever holds it takes in what waits before letting go.
        let Ok(mut host) = held.try_borrow_mut() else { return };
        let Some(host) = host.as_mut() else { return };
        while let Some(news) = WAITING.with(|waiting| waiting.borrow_mut().pop_front()) {
            host.take_in(news);
        }
    });
}
