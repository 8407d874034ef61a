//! What the server counts, for whoever runs it: `GET /metrics` in the text format of Prometheus and `OpenMetrics` 1.0.
//!
//! Each server has a registry of its own and nothing is global, so that two servers of one process, as in tests, do not count for
//! each other. Next to our own figures ([`Metrics`]) stand those that iroh keeps of its relay.

mod figures;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use iroh_metrics::{MetricsGroup, MetricsSource as _, Registry};

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

    /// Exposes a group of figures under names that begin so, where another group has the same names.
    pub fn add_as(&mut self, prefix: &'static str, group: Arc<impl MetricsGroup>) {
        self.registry.sub_registry_with_prefix(prefix).register(group);
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn exposed(metrics: &Arc<Metrics>) -> String {
        let mut exposition = Exposition::default();
        exposition.add(metrics.clone());
        exposition.add_as("other", metrics.clone());
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = exposition.router::<()>().oneshot(request).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], CONTENT_TYPE);
        String::from_utf8(to_bytes(answer.into_body(), 100_000).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn figures_are_exposed_as_they_stand() {
        let metrics = Arc::new(Metrics::default());
        metrics.sessions_open.set(3);
        metrics.link_opens(Carrier::Quic);
        metrics.link_opens(Carrier::WebSocket);
        metrics.link_opens(Carrier::WebSocket);
        metrics.link_ends(Carrier::WebSocket);
        metrics.message_in(Carrier::WebSocket);
        metrics.message_out(Carrier::Quic);
        metrics.refuse(Refusal::TooLarge);
        metrics.stored_within(Duration::from_millis(3));
        let text = exposed(&metrics).await;
        for line in [
            "# TYPE offbeat_sessions_open gauge",
            "offbeat_sessions_open 3",
            "offbeat_links{carrier=\"quic\"} 1",
            "offbeat_links{carrier=\"web_socket\"} 1",
            "offbeat_messages_in_total{carrier=\"web_socket\"} 1",
            "offbeat_messages_out_total{carrier=\"quic\"} 1",
            "offbeat_refused_total{reason=\"too_large\"} 1",
            "offbeat_store_seconds_bucket{le=\"0.0025\"} 0",
            "offbeat_store_seconds_bucket{le=\"0.005\"} 1",
            "offbeat_store_seconds_count 1",
            "other_offbeat_sessions_open 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
        }
    }
}
