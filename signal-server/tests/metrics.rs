//! What the server counts can be read as Prometheus reads it.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::time::Duration;

use served::Served;
use signal_server::limits::Limits;
use signal_server::metrics::{Carrier, Refusal};

#[tokio::test]
async fn figures_are_exposed_as_they_stand() {
    let server = Served::with_limits(Limits::default()).await;
    server.metrics.sessions_open.set(3);
    server.metrics.link_opens(Carrier::Quic);
    server.metrics.link_opens(Carrier::WebSocket);
    server.metrics.link_opens(Carrier::WebSocket);
    server.metrics.link_ends(Carrier::WebSocket);
    server.metrics.message_in(Carrier::WebSocket);
    server.metrics.message_out(Carrier::Quic);
    server.metrics.refuse(Refusal::TooLarge);
    server.metrics.stored_within(Duration::from_millis(3));
    let answer = server.get("/metrics").await;
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
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
        "relayserver_bytes_sent_total 0",
    ] {
        assert!(answer.body().lines().any(|found| found == line), "{line}\nis not in\n{}", answer.body());
    }
}

#[tokio::test]
async fn two_servers_of_one_process_count_apart() {
    let (one, other) =
        tokio::join!(Served::with_limits(Limits::default()), Served::with_limits(Limits::default()));
    one.metrics.slowed.inc();
    assert!(one.get("/metrics").await.body().contains("offbeat_slowed_total 1"));
    assert!(other.get("/metrics").await.body().contains("offbeat_slowed_total 0"));
}
