//! What the server counts can be read as Prometheus reads it.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use served::Served;
use signal_server::limits::Limits;

#[tokio::test]
async fn what_is_turned_away_is_counted() {
    let server = Served::with_limits(Limits::default()).await;
    let too_large = vec![b' '; 1 << 20];
    assert_eq!(server.ask("POST", "/api/sessions", &[], &too_large).await.status(), 413);
    assert_eq!(server.figure("offbeat_refused_total{reason=\"too_large\"}").await, Some(1.0));
    server.stop().await;
}

#[tokio::test]
async fn two_servers_of_one_process_count_apart() {
    let (one, other) =
        tokio::join!(Served::with_limits(Limits::default()), Served::with_limits(Limits::default()));
    assert_eq!(one.ask("PUT", "/pkarr/nobody", &[], b"").await.status(), 400);
    let malformed = "offbeat_refused_total{reason=\"malformed\"}";
    assert_eq!(one.figure(malformed).await, Some(1.0));
    assert_eq!(other.figure(malformed).await, None);
}
