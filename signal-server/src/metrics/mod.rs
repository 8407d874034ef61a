//! What the server counts, for whoever runs it: `GET /metrics` in the text format of Prometheus and `OpenMetrics` 1.0.
//!
//! Each server has a registry of its own and nothing is global, so that two servers of one process, as in tests, do not count for
//! each other. Next to our own figures ([`Metrics`]) stand those that iroh keeps of its relay and endpoint.

mod figures;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use iroh_metrics::{MetricsGroup, MetricsGroupSet, MetricsSource as _, Registry};

pub use figures::{Carrier, Metrics, OfCarrier, OfRefusal, Refusal};

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All figures of one server, as they are exposed.
#[derive(Debug, Default)]
pub struct Exposition {
    registry: Registry,
}

impl Exposition {
    /// Exposes a group of figures.
    pub fn add(&mut self, group: Arc<impl MetricsGroup>) {
        self.registry.register(group);
    }

    /// Exposes a set of groups, such as those of an iroh endpoint.
    pub fn add_all(&mut self, set: &impl MetricsGroupSet) {
        self.registry.register_all(set);
    }

    /// The route `/metrics`.
    pub fn router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new().route("/metrics", get(expose)).with_state(Arc::new(self))
    }
}

async fn expose(State(exposition): State<Arc<Exposition>>) -> Response {
    match exposition.registry.encode_openmetrics_to_string() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
