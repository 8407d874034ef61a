//! A page's files: made in a worker of their own, and saved as downloads.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, HtmlAnchorElement, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use crate::browser;

/// How long a download may read the file before its address goes, in milliseconds.
const KEEP_MILLIS: i32 = 60_000;

/// How it goes.
pub(crate) enum Exporting {
    /// So much is done, 0..=1.
    Progress(f32),
    /// The browser has a file of this name; what it could not hold, or nothing.
    Saved(String, String),
    /// Why there is none.
    Failed(String),
}

/// Makes a file of a session: postcard of its score, its id, and the place of the kind of file.
///
/// # Errors
/// When the browser starts no worker.
pub(crate) fn export(
    score: &[u8],
    session: &str,
    format: usize,
    listener: impl Fn(Exporting) + 'static,
) -> Result<(), JsValue> {
    let address = browser::named_address("offbeat-export").ok_or(JsValue::NULL)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&address, &options)?;
    let order = Object::new();
    Reflect::set(&order, &"score".into(), &Uint8Array::from(score).into())?;
    Reflect::set(&order, &"session".into(), &session.into())?;
    Reflect::set(&order, &"format".into(), &(format as u32).into())?;
    let listener = std::rc::Rc::new(listener);
    let (told, ended) = (listener.clone(), worker.clone());
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let news = read(&event.data());
        if !matches!(news, Exporting::Progress(_)) {
            ended.terminate();
        }
        told(news);
    });
    let on_error = Closure::<dyn Fn()>::new(move || {
        listener(Exporting::Failed(
            "The file could not be made: its part of the page did not load.".to_owned(),
        ));
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // Both for as long as the worker lives.
    on_message.forget();
    on_error.forget();
    worker.post_message(&order)
}

fn read(message: &JsValue) -> Exporting {
    let field = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if let Some(done) = field("progress").as_f64() {
        return Exporting::Progress(done as f32);
    }
    let text = |name: &str| field(name).as_string().unwrap_or_default();
    match field("error").as_string() {
        Some(error) => Exporting::Failed(error),
        None => match save(&text("name"), &field("bytes")) {
            Ok(()) => Exporting::Saved(text("name"), text("leftOut")),
            Err(_) => Exporting::Failed("This browser did not take the file.".to_owned()),
        },
    }
}

/// Has the browser save bytes under a name, as with every download.
fn save(name: &str, bytes: &JsValue) -> Result<(), JsValue> {
    let address =
        Url::create_object_url_with_blob(&Blob::new_with_buffer_source_sequence(&Array::of1(bytes))?)?;
    let link: HtmlAnchorElement = browser::document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    browser::after(KEEP_MILLIS, move || {
        Url::revoke_object_url(&address).ok();
    });
    Ok(())
}
