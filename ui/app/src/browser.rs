//! What the interface takes from the browser, in a few words.

use js_sys::{Function, Object, Reflect};
use score::LocalTime;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, Window};

use crate::state::Anchor;

/// The window.
pub(crate) fn window() -> Window {
    web_sys::window().expect("the interface runs in a window")
}

/// The page.
pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Milliseconds of the page's clock.
pub(crate) fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// A moment of the page's clock as the threads of the page share it: each counts from an origin of its own.
pub(crate) fn local_time(millis: f64) -> LocalTime {
    LocalTime((origin() * 1e6) as i64 + (millis * 1e6) as i64)
}

/// The same in milliseconds of the page's clock.
pub(crate) fn page_millis(at: LocalTime) -> f64 {
    (at.0 - (origin() * 1e6) as i64) as f64 / 1e6
}

fn origin() -> f64 {
    window().performance().map_or(0.0, |clock| clock.time_origin())
}

/// The address that the page's head gives under this name.
pub(crate) fn named_address(name: &str) -> Option<String> {
    let element = document().query_selector(&format!("meta[name={name}]")).ok()??;
    element.get_attribute("content").filter(|address| !address.is_empty())
}

/// Calls back once, after so many milliseconds.
pub(crate) fn after(millis: i32, callback: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(callback);
    // It fails only where there is no event loop.
    window().set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), millis).ok();
}

/// Calls back once, before the next picture.
pub(crate) fn before_next_paint(callback: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(callback);
    window().request_animation_frame(callback.unchecked_ref()).ok();
}

/// Shows the address of what the page shows, so that it can be copied and reloaded. A desktop's window has none to show.
pub(crate) fn show_address(path: &str) {
    if crate::host::is_desktop() {
        return;
    }
    if self::path().is_some_and(|shown| shown != path)
        && let Ok(history) = window().history()
    {
        history.push_state_with_url(&JsValue::NULL, "", Some(path)).ok();
    }
}

/// The path of the page's address.
pub(crate) fn path() -> Option<String> {
    window().location().pathname().ok()
}

/// Back and forward lead to what their addresses say, loaded anew.
pub(crate) fn reload_on_back() {
    let on_back = Closure::<dyn Fn()>::new(|| {
        window().location().reload().ok();
    });
    window().set_onpopstate(Some(on_back.as_ref().unchecked_ref()));
    // For as long as the page lives.
    on_back.forget();
}

/// Puts text on the clipboard; `done` says whether it worked.
pub(crate) fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let clipboard = window().navigator().clipboard();
    // A page without a secure address has none.
    if clipboard.is_undefined() {
        return done(false);
    }
    let written = clipboard.write_text(text);
    wasm_bindgen_futures::spawn_local(async move {
        done(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
    });
}

/// An element's edges.
pub(crate) fn edges(element: &Element) -> Anchor {
    let rect = element.get_bounding_client_rect();
    Anchor { left: rect.left(), top: rect.top(), right: rect.right(), bottom: rect.bottom() }
}

/// The edges of what an event happened to.
pub(crate) fn edges_of_target(event: &web_sys::Event) -> Anchor {
    let target = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    target.map_or_else(Anchor::default, |element| edges(&element))
}

/// Puts the focus on an element.
pub(crate) fn focus(id: &str) {
    if let Some(element) =
        document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlElement>().ok())
    {
        element.focus().ok();
    }
}

/// The same without scrolling there.
pub(crate) fn focus_in_place(id: &str) {
    let options = Object::new();
    // Setting a property of a plain object does not fail.
    Reflect::set(&options, &"preventScroll".into(), &true.into()).ok();
    if let Some(element) = document().get_element_by_id(id)
        && let Ok(focus) = Reflect::get(&element, &"focus".into())
        && let Some(focus) = focus.dyn_ref::<Function>()
    {
        focus.call1(&element, &options).ok();
    }
}

/// Keeps a value for the next visit, where the browser keeps anything.
pub(crate) fn keep(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        storage.set_item(name, value).ok();
    }
}

/// What was kept under this name.
pub(crate) fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}
