//! `--stats`: how a session is connected and how well its time is known, one JSON object a line, once a second.

use std::time::Duration;

use score::PlayerKey;
use serde::Serialize;
use tokio::time::{Interval, MissedTickBehavior};
use view::{Connection, LinkPath, Playhead, Playing};

use crate::failure::Outcome;
use crate::output;

/// How often a line is printed.
const EVERY: Duration = Duration::from_secs(1);

/// What is printed, and when next.
pub(super) struct Stats {
    interval: Interval,
    connection: Connection,
    playing: Playing,
    playhead: Playhead,
}

/// A line. Times are in microseconds.
#[derive(Serialize)]
struct Line<'a> {
    playing: bool,
    time: Option<Time>,
    sound: Option<Sound<'a>>,
    links: Vec<Link<'a>>,
    unacknowledged: u32,
    unsaved: u32,
}

/// The time that all players share, as it is known here.
#[derive(Serialize)]
struct Time {
    follows: Option<String>,
    hops: u8,
    uncertainty_us: u32,
    behind_us: i32,
    rate_ppb: i32,
}

/// What is heard here.
#[derive(Serialize)]
struct Sound<'a> {
    device: &'a str,
    /// What the device says of how late it is; `None` in its first second.
    latency_us: Option<u32>,
    trim_us: i32,
}

#[derive(Serialize)]
struct Link<'a> {
    player: String,
    path: &'a str,
    round_trip_us: Option<u32>,
    offset_us: Option<i64>,
    uncertainty_us: Option<u32>,
    least_delay_us: Option<u32>,
    rate_ppb: Option<i32>,
    in_sync: bool,
}

impl Stats {
    pub(super) fn new() -> Self {
        let mut interval = tokio::time::interval(EVERY);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            interval,
            connection: Connection::default(),
            playing: Playing::Stopped,
            playhead: Playhead::default(),
        }
    }

    pub(super) fn connection(&mut self, connection: &Connection) {
        self.connection.clone_from(connection);
    }

    pub(super) fn timeline(&mut self, timeline: view::Timeline) {
        self.playing = timeline.playing;
    }

    pub(super) fn playhead(&mut self, playhead: Playhead) {
        self.playhead = playhead;
    }

    /// Waits until a line is due, and prints it.
    pub(super) async fn print_next(&mut self) -> Outcome {
        self.interval.tick().await;
        output::print_line(&self.line()?)
    }

    fn line(&self) -> Result<String, serde_json::Error> {
        let Connection { links, unacknowledged, unsaved, time } = &self.connection;
        let time = time.map(|time| Time {
            follows: time.follows.map(|key: PlayerKey| key.to_string()),
            hops: time.hops,
            uncertainty_us: time.uncertainty_micros,
            behind_us: time.behind_micros,
            rate_ppb: time.rate_ppb,
        });
        let sound = self.playhead.device.as_deref().map(|device| Sound {
            device,
            latency_us: self.playhead.delay.device_micros,
            trim_us: self.playhead.delay.trim_micros,
        });
        serde_json::to_string(&Line {
            playing: self.playing == Playing::Playing,
            time,
            sound,
            links: links.iter().map(Link::of).collect(),
            unacknowledged: *unacknowledged,
            unsaved: *unsaved,
        })
    }
}

impl Link<'_> {
    fn of(link: &view::Link) -> Self {
        let path = match link.path {
            LinkPath::Direct => "direct",
            LinkPath::Relayed => "relayed",
            LinkPath::Server => "server",
        };
        Self {
            player: link.key.to_string(),
            path,
            round_trip_us: link.round_trip_micros,
            offset_us: link.clock.map(|clock| clock.ahead_micros),
            uncertainty_us: link.clock.map(|clock| clock.uncertainty_micros),
            least_delay_us: link.clock.map(|clock| clock.least_delay_micros),
            rate_ppb: link.clock.map(|clock| clock.rate_ppb),
            in_sync: link.in_sync,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_is_one_object_with_every_link_and_the_shared_time() {
        let mut stats = Stats::new();
        let clock = view::LinkClock {
            ahead_micros: -5,
            uncertainty_micros: 12,
            least_delay_micros: 340,
            rate_ppb: 7,
        };
        let link = view::Link {
            key: PlayerKey([7; 32]),
            path: LinkPath::Relayed,
            round_trip_micros: Some(400),
            clock: Some(clock),
            in_sync: true,
        };
        let time = view::SharedClock {
            follows: Some(PlayerKey([7; 32])),
            hops: 1,
            uncertainty_micros: 12,
            behind_micros: -3,
            rate_ppb: 7,
        };
        stats.connection(&Connection { links: vec![link], time: Some(time), ..Connection::default() });
        let delay = view::SoundDelay { device_micros: Some(34_000), trim_micros: -500 };
        stats.playhead(Playhead { device: Some("A card".to_owned()), delay, ..Playhead::default() });
        let line = stats.line().unwrap();
        assert!(!line.contains('\n'), "{line}");
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["links"][0]["path"], "relayed");
        assert_eq!(
            (&line["links"][0]["offset_us"], &line["time"]["behind_us"]),
            (&(-5).into(), &(-3).into())
        );
        assert_eq!(line["sound"]["device"], "A card");
        assert_eq!(
            (&line["sound"]["latency_us"], &line["sound"]["trim_us"]),
            (&34_000.into(), &(-500).into())
        );
        assert_eq!(line["time"]["follows"], line["links"][0]["player"]);
    }
}
