//! Everything over HTTP: the interface for programs under `/api`, and the pages.
//!
//! | | |
//! |---|---|
//! | `POST /api/sessions` | a new session: 201 `{id, url}` |
//! | `GET /api/sessions/{id}` | what is known about it, and its state |
//! | `PUT /api/sessions/{id}` | its music becomes that of the file in the body: 204 |
//! | `PATCH /api/sessions/{id}` | `{name}`: 204 |
//! | `POST /api/sessions/{id}/remix`, `POST /api/beats/{id}/remix` | a session that begins as that: 201 `{id, url}` |
//! | `POST /api/sessions/{id}/beats` | the session as it is, published: 201 `{id, url}` |
//! | `GET /api/sessions/{id}/beats`, `GET /api/beats/{id}` | what was published |
//! | `GET /api/sessions/{id}/live` | a browser's link, as a WebSocket |
//! | `GET /api/server`, `GET /api/health` | the server itself |
//! | `/`, `/s/{id}`, `/s/{id}/remix`, `/b/{id}`, `/assets/…`, `/service-worker.js` | the pages and what they load |
//!
//! What changes a session is signed by a player's key; founding one need not be. Every answer of `/api` that is no success is a
//! [`Problem`].

mod about;
mod assets;
mod beats;
mod body;
mod founding;
mod live;
mod pages;
mod problem;
mod ready;
mod security;
mod sessions;
mod site;
mod template;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

pub use problem::Problem;
pub use site::Site;

/// The routes of the interface for programs and of the pages. `others` are put beside them, under the same headers.
pub fn router(site: Site, others: Router<Site>) -> Router {
    let limits = &site.limits;
    let state = DefaultBodyLimit::max(limits.max_state_bytes);
    let session = get(sessions::show).patch(sessions::rename);
    let api = Router::new()
        .route("/api/sessions", post(sessions::create))
        .route("/api/sessions/{id}", session)
        .route("/api/sessions/{id}/remix", post(sessions::remix))
        .route("/api/sessions/{id}/beats", get(beats::list).post(beats::publish))
        .route("/api/sessions/{id}/live", get(live::link))
        .route("/api/beats/{id}", get(beats::show))
        .route("/api/beats/{id}/remix", post(beats::remix))
        .route("/api/server", get(about::server))
        .route("/api/health", get(about::health))
        .layer(DefaultBodyLimit::max(limits.max_body_bytes))
        .merge(Router::new().route("/api/sessions/{id}", axum::routing::put(sessions::replace)).layer(state));
    let pages = Router::new()
        .route("/", get(pages::home))
        .route("/s/{id}", get(pages::session))
        .route("/s/{id}/remix", get(pages::session))
        .route("/b/{id}", get(pages::beat))
        .route("/assets/{*path}", get(assets::serve))
        .route("/service-worker.js", get(assets::service_worker));
    api.merge(pages)
        .merge(others)
        .fallback(pages::nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(site.clone(), security::headers))
        .with_state(site)
}

async fn wrong_method() -> Problem {
    let detail = "this address does not take that method; the header Allow names those that it does";
    Problem::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, "method", detail)
}
