//! How everything fares, in lines to read and to put into a bug report: only what is known, and what is not known said so.

use score::PlayerKey;
use view::{Connection, Effort, Link, SharedClock, SoundDelay};

use super::link_state::{milliseconds, offset, path_word, shared_words};
use crate::log::Line;

/// What belongs together: a heading, and lines of what and how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    /// The heading.
    pub(crate) title: &'static str,
    /// What, and how it is.
    pub(crate) lines: Vec<(String, String)>,
}

impl Section {
    fn new(title: &'static str, lines: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { title, lines: lines.into_iter().map(|(what, how)| (what.to_owned(), how)).collect() }
    }
}

/// The time that all share: whose it is, how far off it reads from this machine's clock, and how well it is known.
pub(crate) fn clock(connection: &Connection, name_of: impl Fn(PlayerKey) -> String) -> Section {
    let lines = match (&connection.time, best(connection)) {
        (Some(time), _) => shared(time, connection, name_of),
        (None, Some((link, micros))) => vec![
            ("Shared time", "none: nobody has played yet".to_owned()),
            ("Best known clock", name_of(link.key)),
            ("Offset", offset(link.clock)),
            ("Sure to", format!("±{}", milliseconds(Some(micros)))),
        ],
        (None, None) => vec![("Shared time", "none: no other clock is known".to_owned())],
    };
    Section::new("Clock", lines)
}

fn shared(
    time: &SharedClock,
    connection: &Connection,
    name_of: impl Fn(PlayerKey) -> String,
) -> Vec<(&'static str, String)> {
    let whose = time.follows.map_or_else(|| "this machine".to_owned(), name_of);
    let followed = connection.links.iter().find(|link| Some(link.key) == time.follows);
    let mut lines = vec![
        ("Shared time", format!("that of {whose}{}", away(time.hops))),
        ("Sure to", format!("±{}", milliseconds(Some(time.uncertainty_micros)))),
        ("Pace", shared_words(time)),
    ];
    if let Some(link) = followed {
        lines.insert(1, ("Offset", offset(link.clock)));
    }
    lines
}

fn away(links: u8) -> String {
    match links {
        0 => String::new(),
        1 => ", one link away".to_owned(),
        links => format!(", {links} links away"),
    }
}

fn best(connection: &Connection) -> Option<(&Link, u32)> {
    let known = connection.links.iter().filter_map(|link| Some((link, link.clock?.uncertainty_micros)));
    known.min_by_key(|(_, micros)| *micros)
}

/// Every link: to whom, by which way, how long there and back.
pub(crate) fn links(connection: &Connection, name_of: impl Fn(PlayerKey) -> String) -> Section {
    let line = |link: &Link| {
        let sync = if link.in_sync { "in step" } else { "catching up" };
        let trip = milliseconds(link.round_trip_micros);
        (name_of(link.key), format!("{}, {trip} there and back, {sync}", path_word(link.path)))
    };
    let mut lines: Vec<_> = connection.links.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(("Links".to_owned(), "none: nobody else is linked".to_owned()));
    }
    Section { title: "Links", lines }
}

/// What was done in the session, as far as that is listed, and what of this player's waits.
pub(crate) fn changes(connection: &Connection, acts: usize, most: usize, tracks: usize) -> Section {
    let acts = if acts < most { acts.to_string() } else { format!("{most} or more") };
    Section::new(
        "Changes",
        [
            ("Acts in the session", acts),
            ("Tracks", tracks.to_string()),
            ("Waiting to be saved", connection.unsaved.to_string()),
            ("Waiting for the others", connection.unacknowledged.to_string()),
        ],
    )
}

/// What sounds, on what, and how hard that is.
pub(crate) fn engine(effort: Effort, device: String, delay: SoundDelay) -> Section {
    let trim = f64::from(delay.trim_micros) / 1e3;
    Section::new(
        "Engine",
        [
            ("Plays on", device),
            ("Load", format!("{} %", effort.load_percent)),
            ("Voices", effort.voices.to_string()),
            ("Too late", effort.late.to_string()),
            ("Heard after", milliseconds(delay.device_micros)),
            ("Trimmed by", format!("{trim:+.1} ms")),
        ],
    )
}

/// The last lines that were said, the newest first.
pub(crate) fn said(lines: &[Line]) -> Section {
    let line = |line: &Line| (format!("{:.1} s", line.at_millis / 1e3), line.text.clone());
    let mut lines = lines.iter().rev().map(line).collect::<Vec<_>>();
    if lines.is_empty() {
        lines.push(("So far".to_owned(), "nothing was said".to_owned()));
    }
    Section { title: "Log", lines }
}

/// All of it as text.
pub(crate) fn text(sections: &[Section]) -> String {
    let mut text = String::new();
    for Section { title, lines } in sections {
        text = text + title + "\n";
        for (what, how) in lines {
            text = text + "  " + what + ": " + how + "\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use view::{LinkClock, LinkPath};

    use super::*;

    const THERE: PlayerKey = PlayerKey([1; 32]);

    fn linked() -> Connection {
        let clock = LinkClock {
            ahead_micros: 2_000_000,
            uncertainty_micros: 40,
            least_delay_micros: 900,
            rate_ppb: 0,
        };
        let link = Link {
            key: THERE,
            path: LinkPath::Relayed,
            round_trip_micros: Some(12_300),
            clock: Some(clock),
            in_sync: true,
        };
        Connection { links: vec![link], unacknowledged: 2, unsaved: 1, time: None }
    }

    fn how<'a>(section: &'a Section, what: &str) -> &'a str {
        &section.lines.iter().find(|(line, _)| line == what).unwrap().1
    }

    #[test]
    fn a_clock_is_told_before_and_after_anybody_has_played() {
        let name = |_| "Otter".to_owned();
        let mut connection = linked();
        let before = clock(&connection, name);
        assert_eq!((how(&before, "Best known clock"), how(&before, "Offset")), ("Otter", "+2.0000 s"));
        connection.time = Some(SharedClock {
            follows: Some(THERE),
            hops: 1,
            uncertainty_micros: 300,
            behind_micros: 0,
            rate_ppb: 0,
        });
        let after = clock(&connection, name);
        assert_eq!(how(&after, "Shared time"), "that of Otter, one link away");
        assert_eq!((how(&after, "Offset"), how(&after, "Sure to")), ("+2.0000 s", "±0.3 ms"));
        assert!(how(&clock(&Connection::default(), name), "Shared time").contains("no other clock"));
    }

    #[test]
    fn all_of_it_is_text_for_a_report() {
        let connection = linked();
        let lines = [Line { at_millis: 1_250.0, text: "No sound.".to_owned() }];
        let sections = [
            links(&connection, |_| "Otter".to_owned()),
            changes(&connection, 200, 200, 4),
            engine(
                Effort { voices: 3, load_percent: 7, late: 0 },
                "a card".to_owned(),
                SoundDelay::default(),
            ),
            said(&lines),
        ];
        let text = text(&sections);
        for line in [
            "Links\n  Otter: relayed, 12.3 ms there and back, in step\n",
            "Acts in the session: 200 or more\n",
            "Waiting to be saved: 1\n  Waiting for the others: 2\n",
            "Load: 7 %\n  Voices: 3\n",
            "Log\n  1.2 s: No sound.\n",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(how(&links(&Connection::default(), |_| String::new()), "Links").starts_with("none"));
        assert_eq!(how(&said(&[]), "So far"), "nothing was said");
    }
}
