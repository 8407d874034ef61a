//! Everything over HTTP: the interface for programs under `/api`, and the pages.

mod problem;

use axum::Router;

pub use problem::Problem;

/// The routes of the interface for programs and of the pages.
pub fn router() -> Router {
    Router::new().fallback(nothing_here)
}

async fn nothing_here() -> Problem {
    Problem::missing("nothing is at this address")
}
