//! Requests to the page's server.

use crdt_model::trust::Identity;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response};

use super::{scope, today};
use crate::signed;

/// What a server has answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    body: JsValue,
}

impl Answer {
    /// Whether it was done.
    pub(crate) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A text of the answer's JSON object.
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        Reflect::get(&self.body, &field.into()).ok()?.as_string()
    }

    /// Why it was not done: what the server's problem document says.
    pub(crate) fn problem(&self) -> String {
        let said = self.text("detail").or_else(|| self.text("title"));
        said.unwrap_or_else(|| format!("the server answered with status {}", self.status))
    }
}

/// Fetches `path` of the page's server.
///
/// # Errors
/// When the server cannot be reached.
pub(crate) async fn get(origin: &str, path: &str) -> Result<Answer, String> {
    let init = RequestInit::new();
    init.set_method("GET");
    send(origin, path, &init).await
}

/// Posts JSON to `path` of the page's server in the player's name.
///
/// # Errors
/// When the server cannot be reached.
pub(crate) async fn post_signed(
    identity: &Identity,
    origin: &str,
    path: &str,
    body: &str,
) -> Result<Answer, String> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body.into());
    let unreachable = |_| "the request cannot be made".to_owned();
    let headers = Headers::new().map_err(unreachable)?;
    headers.set("Content-Type", "application/json").map_err(unreachable)?;
    for (name, value) in signed::headers(identity, "POST", path, today(), body.as_bytes()) {
        headers.set(name, &value).map_err(unreachable)?;
    }
    init.set_headers(&headers);
    send(origin, path, &init).await
}

async fn send(origin: &str, path: &str, init: &RequestInit) -> Result<Answer, String> {
    let unreachable = |_| format!("{origin} cannot be reached");
    let request = Request::new_with_str_and_init(&format!("{origin}{path}"), init).map_err(unreachable)?;
    let response = JsFuture::from(scope().fetch_with_request(&request)).await.map_err(unreachable)?;
    let response: Response = response.unchecked_into();
    let status = response.status();
    // An answer without JSON is none the worse: its status says what there is to say.
    let body = match response.json() {
        Ok(json) => JsFuture::from(json).await.unwrap_or(JsValue::UNDEFINED),
        Err(_) => JsValue::UNDEFINED,
    };
    Ok(Answer { status, body })
}
