//! `/assets/…` and `/service-worker.js`: what the pages load, from the interface in this program.
//!
//! The build names each file after its content and puts compressed copies beside it, so a file is sent as it lies there and a
//! browser asks for it once.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::Problem;

/// What the interface's build leaves beside its page.
#[derive(RustEmbed)]
#[folder = "../ui/dist/assets"]
struct Assets;

/// What keeps the interface on a visitor's machine. Its name stays the same, so a browser asks each time whether it has changed.
const SERVICE_WORKER: &str = include_str!("../../../ui/dist/service-worker.js");

/// A name holds the content's hash: it will never be anything else.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The encodings that a build makes, the better ones first, with how their files end.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// `GET /assets/{path}`.
pub(super) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let is_copy = ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending));
    let Some(plain) = Assets::get(&name).filter(|_| !is_copy) else {
        return Problem::missing("the interface has no such file; reload the page").into_response();
    };
    let accepted = |encoding: &str| accepts(&headers, encoding);
    let copies = ENCODINGS.iter().filter(|(encoding, _)| accepted(encoding));
    let copy =
        copies.filter_map(|(encoding, ending)| Some((*encoding, Assets::get(&format!("{name}{ending}"))?)));
    let (encoding, file) =
        copy.take(1).next().map_or((None, plain), |(encoding, file)| (Some(encoding), file));
    answer(&name, encoding, file, &headers)
}

/// `GET /service-worker.js`.
pub(super) async fn service_worker() -> Response {
    let headers =
        [(header::CONTENT_TYPE, content_type("service-worker.js")), (header::CACHE_CONTROL, "no-cache")];
    (headers, SERVICE_WORKER).into_response()
}

fn answer(name: &str, encoding: Option<&str>, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", HEXLOWER.encode(&file.metadata.sha256_hash()[..16]));
    let is_known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, content_type(name))], file.data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(encoding) =
        encoding.filter(|_| !is_known).and_then(|encoding| HeaderValue::from_str(encoding).ok())
    {
        headers.insert(header::CONTENT_ENCODING, encoding);
    }
    response
}

/// What a file is, by how its name ends. The build makes no others.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether the browser takes this encoding (RFC 9110, 12.5.3): named without `q=0`.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = |part: &str| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        };
        is_named && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_accepted_where_it_is_named_and_not_refused() {
        let accepts = |value: &'static str, encoding: &str| {
            let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(value))];
            accepts(&headers.into_iter().collect(), encoding)
        };
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
        assert!(!accepts("gzip;q=0, br", "gzip"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "br"));
    }
}
