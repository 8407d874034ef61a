//! How the session is connected, in the words of one calm chip.

use view::{Connection, LinkClock, LinkPath, Player, Role, SharedClock};

/// What the chip says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// The session is on its way.
    Connecting,
    /// Nobody else is linked; so many changes wait.
    Offline(u32),
    /// So many people are here, this player included.
    Live(usize),
}

impl LinkState {
    /// How it stands with a connection; `is_settling` while the first link may still come.
    pub(crate) fn of(connection: &Connection, players: &[Player], is_settling: bool) -> Self {
        if connection.links.is_empty() {
            return if is_settling { Self::Connecting } else { Self::Offline(connection.unacknowledged) };
        }
        let people = players.iter().filter(|player| player.role != Role::Archive).count();
        Self::Live(people.max(1))
    }

    /// The chip's words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Connecting => "connecting".to_owned(),
            Self::Offline(0) => "offline".to_owned(),
            Self::Offline(1) => "offline (1 change waiting)".to_owned(),
            Self::Offline(changes) => format!("offline ({changes} changes waiting)"),
            Self::Live(people) => format!("live {people}"),
        }
    }

    /// A word for the style sheet.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Offline(_) => "offline",
            Self::Live(_) => "live",
        }
    }
}

/// The way of a link, in a word.
pub(crate) const fn path_word(path: LinkPath) -> &'static str {
    match path {
        LinkPath::Direct => "direct",
        LinkPath::Relayed => "relayed",
        LinkPath::Server => "server",
    }
}

/// How far off the time that all share may be here, in microseconds, or before anybody played the best known of their clocks;
/// `None` while none is known.
pub(crate) fn uncertainty(connection: &Connection) -> Option<u32> {
    let clocks = connection.links.iter().filter_map(|link| Some(link.clock?.uncertainty_micros));
    let best = clocks.min()?;
    Some(connection.time.map_or(best, |time| time.uncertainty_micros))
}

/// A time as it is shown.
pub(crate) fn milliseconds(micros: Option<u32>) -> String {
    micros.map_or_else(|| "–".to_owned(), |micros| format!("{:.1} ms", f64::from(micros) / 1000.0))
}

/// How much more another clock reads than this machine's, as it is shown. Each counts from a moment of its own, so it may be anything.
pub(crate) fn offset(clock: Option<LinkClock>) -> String {
    clock.map_or_else(|| "–".to_owned(), |clock| format!("{:+.4} s", clock.ahead_micros as f64 / 1e6))
}

/// How shared time is kept here, in a sentence.
pub(crate) fn shared_words(time: &SharedClock) -> String {
    let rate = f64::from(time.rate_ppb) / 1e3;
    let pace = format!("It runs {rate:+.1} millionths against this machine's clock");
    match time.behind_micros {
        -50..=50 => format!("{pace}."),
        behind => format!("{pace}; {:+.1} ms are being caught up.", f64::from(behind) / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use score::PlayerKey;
    use view::Link;

    use super::*;

    #[test]
    fn clocks_are_told_in_figures_that_can_be_read() {
        let clock = LinkClock {
            ahead_micros: -1_500_200,
            uncertainty_micros: 40,
            least_delay_micros: 900,
            rate_ppb: 0,
        };
        assert_eq!((offset(Some(clock)).as_str(), offset(None).as_str()), ("-1.5002 s", "–"));
        let shared = |behind_micros| SharedClock {
            follows: None,
            hops: 0,
            uncertainty_micros: 30,
            behind_micros,
            rate_ppb: -12_340,
        };
        assert_eq!(shared_words(&shared(20)), "It runs -12.3 millionths against this machine's clock.");
        assert!(shared_words(&shared(1_200)).ends_with("; +1.2 ms are being caught up."));
    }

    #[test]
    fn the_chip_counts_what_waits_and_who_is_here() {
        let mut connection = Connection { unacknowledged: 2, ..Connection::default() };
        let state = |connection: &Connection, settling| LinkState::of(connection, &[], settling).words();
        assert_eq!(state(&connection, true), "connecting");
        assert_eq!(state(&connection, false), "offline (2 changes waiting)");
        connection.unacknowledged = 1;
        assert_eq!(state(&connection, false), "offline (1 change waiting)");
        connection.unacknowledged = 0;
        assert_eq!(state(&connection, false), "offline");
        let key = PlayerKey([1; 32]);
        connection.links.push(Link {
            key,
            path: LinkPath::Server,
            round_trip_micros: None,
            clock: None,
            in_sync: true,
        });
        let player = |role, byte| Player {
            key: PlayerKey([byte; 32]),
            name: String::new(),
            role,
            cursor: None,
            me: false,
        };
        let players = [player(Role::Editor, 1), player(Role::Listener, 2), player(Role::Archive, 3)];
        assert_eq!(LinkState::of(&connection, &players, false), LinkState::Live(2));
        assert_eq!(state(&connection, false), "live 1", "this player is always here");
    }
}
