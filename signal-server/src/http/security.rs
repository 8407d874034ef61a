//! What every answer tells browsers not to do.

use axum::extract::{Request, State as Here};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Site;
use super::site::PublicUrl;

/// A session's link is the permission to join it: it is told to nobody else.
const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "microphone=(self), midi=(self), clipboard-write=(self), camera=(), geolocation=(), payment=(), usb=()",
    ),
];

/// A browser that was here by HTTPS comes back by it: two years.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Sets the headers, unless a route has set its own.
pub(super) async fn headers(Here(site): Here<Site>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let url = PublicUrl::of(&site, &parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_policy(url.authority())) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    if url.0.starts_with("https://") {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(TRANSPORT);
    }
    response
}

/// Scripts, WebAssembly, workers and links of this server alone.
fn content_policy(host: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; connect-src 'self' ws://{host} wss://{host}; worker-src 'self' blob:; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
