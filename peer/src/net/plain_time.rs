//! What the time is, without a session: a connection of its own on which nothing but readings of clocks travels, as datagrams.

use std::time::Duration;

use iroh::endpoint::{Connection, VarInt};
use iroh::{Endpoint, EndpointAddr};
use jam::wire::{self, Clock, Message};
use score::time::LocalTime;

use super::{Answer, Answers, NetError};
use crate::clock::HostClock;

/// The protocol, as TLS negotiates it.
pub const CLOCK_ALPN: &[u8] = b"offbeat/clock/1";

/// How long somebody is told the time on one connection: far longer than it takes to know it.
pub(super) const SERVE_FOR: Duration = Duration::from_mins(1);

/// How often the time is asked, how fast, and how long the last answer is waited for.
const QUESTIONS: u32 = 40;
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(15);
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// What another machine's clock was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// How much more it reads than ours, in nanoseconds. Each counts from a moment of its own.
    pub ahead_nanos: i64,
    /// How long the quickest answer took, there and back, in nanoseconds. The reading is wrong by half of that at most.
    pub round_trip_nanos: i64,
    /// How many of the questions were answered.
    pub answers: u32,
    /// How many were asked.
    pub questions: u32,
}

/// Tells the time until nobody asks any more.
pub(super) async fn tell(connection: Connection, clock: HostClock) {
    let mut answers = Answers::by(clock);
    let telling = async {
        while let Ok(question) = connection.read_datagram().await {
            if let Answer::Is(answer) = answers.answer(&question) {
                connection.send_datagram(answer.into()).ok();
            }
        }
    };
    tokio::time::timeout(SERVE_FOR, telling).await.ok();
    connection.close(VarInt::from_u32(0), b"");
}

/// Reads the clock of a peer or server.
///
/// # Errors
/// When it cannot be reached, or never answers.
pub(super) async fn read(
    endpoint: &Endpoint,
    addr: EndpointAddr,
    clock: &HostClock,
) -> Result<ClockReading, NetError> {
    let peer = addr.id.fmt_short().to_string();
    let unreachable = |reason: String| NetError::Unreachable { peer: peer.clone(), reason };
    let connection =
        endpoint.connect(addr, CLOCK_ALPN).await.map_err(|error| unreachable(error.to_string()))?;
    let (mut asked, mut best, mut answers) = (Vec::new(), None, 0);
    for number in 0..QUESTIONS {
        let question = wire::encode(&Message::Clock(Clock::Ask(number)));
        asked.push(clock.now());
        connection.send_datagram(question.into()).map_err(|error| unreachable(error.to_string()))?;
        let patience = if number + 1 == QUESTIONS { ANSWER_WITHIN } else { BETWEEN_QUESTIONS };
        let listening = async {
            while answers < QUESTIONS
                && let Ok(bytes) = connection.read_datagram().await
            {
                let Some(reading) = reading(&bytes, &asked, clock.now()) else { continue };
                answers += 1;
                if best.is_none_or(|(_, least)| reading.1 < least) {
                    best = Some(reading);
                }
            }
        };
        tokio::time::timeout(patience, listening).await.ok();
    }
    connection.close(VarInt::from_u32(0), b"");
    let (ahead_nanos, round_trip_nanos) =
        best.ok_or_else(|| unreachable("it does not say what the time is".to_owned()))?;
    Ok(ClockReading { ahead_nanos, round_trip_nanos, answers, questions: QUESTIONS })
}

/// How much more the other clock reads, and how long the answer took.
fn reading(bytes: &[u8], asked: &[LocalTime], now: LocalTime) -> Option<(i64, i64)> {
    let Ok(Message::Clock(Clock::Answer { number, came, held_nanos })) = wire::decode(bytes) else {
        return None;
    };
    let asked = *asked.get(number as usize)?;
    let there = came.nanos_since(asked);
    let back = now.nanos_since(came.plus_nanos(i64::from(held_nanos)));
    Some((there.saturating_sub(back) / 2, there.saturating_add(back)))
}
