//! The server's own figures.

use std::time::Duration;

use iroh_metrics::{Counter, EncodeLabelSet, EncodeLabelValue, Family, Gauge, Histogram, MetricsGroup};

/// How a link travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelValue)]
pub enum Carrier {
    /// A native peer's QUIC stream.
    Quic,
    /// A browser's WebSocket.
    WebSocket,
}

/// Why something was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelValue)]
pub enum Refusal {
    /// Too many connections, in all or from one address.
    Connection,
    /// A link to a session that has all it takes.
    Link,
    /// An address asked too often.
    Rate,
    /// A body past its bound.
    TooLarge,
    /// A signature that does not hold, or a key that was not proven.
    Unproven,
    /// What cannot be read.
    Malformed,
}

/// Figures by carrier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelSet)]
pub struct OfCarrier {
    /// Which.
    pub carrier: Carrier,
}

/// Figures by reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelSet)]
pub struct OfRefusal {
    /// Which.
    pub reason: Refusal,
}

/// What the server does, in figures that only grow (counters) or stand at a moment (gauges).
#[derive(Debug, MetricsGroup)]
#[metrics(default, name = "offbeat")]
pub struct Metrics {
    /// Sessions that are loaded.
    pub sessions_open: Gauge,
    /// Links that stand.
    pub links: Family<OfCarrier, Gauge>,
    /// Messages that links have sent to the server.
    pub messages_in: Family<OfCarrier, Counter>,
    /// Messages that the server has sent to links.
    pub messages_out: Family<OfCarrier, Counter>,
    /// Times that a link was read more slowly because it sent too fast.
    pub slowed: Counter,
    /// Connections, links and requests that were turned away.
    pub refused: Family<OfRefusal, Counter>,
    /// Seconds from asking the store to keep changes until they are durable.
    #[default(Histogram::new(STORE_SECONDS.to_vec()))]
    pub store_seconds: Histogram,
}

/// The bounds of the store's latency, in seconds: from a battery-backed controller to a disk that is failing.
const STORE_SECONDS: [f64; 12] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0];

impl Metrics {
    /// Counts something that was turned away.
    pub fn refuse(&self, reason: Refusal) {
        self.refused.get_or_create(&OfRefusal { reason }).inc();
    }

    /// Counts a link that opens.
    pub fn link_opens(&self, carrier: Carrier) {
        self.links.get_or_create(&OfCarrier { carrier }).inc();
    }

    /// Counts a link that ends.
    pub fn link_ends(&self, carrier: Carrier) {
        self.links.get_or_create(&OfCarrier { carrier }).dec();
    }

    /// Counts a message from a link.
    pub fn message_in(&self, carrier: Carrier) {
        self.messages_in.get_or_create(&OfCarrier { carrier }).inc();
    }

    /// Counts a message to a link.
    pub fn message_out(&self, carrier: Carrier) {
        self.messages_out.get_or_create(&OfCarrier { carrier }).inc();
    }

    /// Notes how long the store took.
    pub fn stored_within(&self, time: Duration) {
        self.store_seconds.observe(time.as_secs_f64());
    }
}
