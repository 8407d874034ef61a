//! The whole picture of the demo: who plays what, where the music is, and that both replicas hold the same.

use score::{Beats, Score};

use super::grid::Grid;
use super::palette::{self, Rgb};
use super::screen::{Line, Span, fit};

/// A player's line.
pub(super) struct PlayerLine {
    /// What the player is called.
    pub(super) name: String,
    /// The last edit, in words.
    pub(super) act: String,
    /// Edits so far.
    pub(super) edits: usize,
    /// The link, in words.
    pub(super) link: String,
    /// The beginning of the hash of the replica.
    pub(super) hash: String,
}

/// What the picture shows beside the grid.
pub(super) struct Picture<'a> {
    pub(super) grid: Grid<'a>,
    pub(super) players: [PlayerLine; 2],
    /// How it is heard, in words.
    pub(super) sound: String,
    /// The peak of what is heard, 1.0 being full scale.
    pub(super) peak: f32,
    /// Where the music is, stopped or not.
    pub(super) beat: Beats,
    pub(super) rows: usize,
}

impl Picture<'_> {
    /// The lines, at most as many as the terminal has.
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut top = vec![self.title(), self.transport()];
        let mut grid = self.grid.lines();
        let mut bottom = vec![self.player(0), self.player(1), self.verdict()];
        let spare = self.rows.saturating_sub(top.len() + grid.len() + bottom.len());
        if spare >= 1 {
            bottom.insert(0, Line::new());
        }
        if spare >= 2 {
            top.push(Line::new());
        }
        if spare >= 3 {
            bottom.insert(bottom.len() - 1, Line::new());
        }
        // On a small terminal the last tracks give way: the players stay.
        grid.truncate(self.rows.saturating_sub(top.len() + bottom.len()));
        top.into_iter().chain(grid).chain(bottom).collect()
    }

    fn title(&self) -> Line {
        let score = self.grid.score;
        vec![
            Span::text(" Offbeat ", palette::SURFACE).on(palette::ACCENT).bold(),
            Span::text(format!("  {} ", fit(&name(score), 22)), palette::TEXT).bold(),
            Span::text(fit(&settings(score), 44), palette::FAINT),
        ]
    }

    fn transport(&self) -> Line {
        let bar = self.grid.score.meter.bar().0.max(1);
        let beat = self.beat.0.max(0);
        let within = (beat % bar) / Beats::from_beats(1).0;
        let sixteenth = self.beat.step().rem_euclid(4);
        let place = format!("{}.{}.{}", beat / bar + 1, within + 1, sixteenth + 1);
        let (sign, ink) =
            if self.grid.beat.is_some() { ("▶", palette::GOOD) } else { ("■", palette::FAINT) };
        vec![
            Span::text(format!(" {sign} "), ink).bold(),
            Span::text(fit(&place, 9), palette::TEXT).bold(),
            Span::text(level(self.peak), palette::GOOD.towards(palette::SURFACE, 0.3)),
            Span::text(format!("  {}", self.sound), palette::FAINT),
        ]
    }

    fn player(&self, index: usize) -> Line {
        let PlayerLine { name, act, edits, link, hash } = &self.players[index];
        let ink = palette::PLAYERS[index];
        vec![
            Span::text(format!(" ● {} ", fit(name, 9)), ink).bold(),
            Span::text(fit(act, 30), palette::TEXT),
            Span::text(format!(" {edits:>4} edits  "), palette::FAINT),
            Span::text(fit(link, 15), palette::FAINT),
            Span::text(format!(" {hash}"), palette::FAINTER),
        ]
    }

    fn verdict(&self) -> Line {
        let (sign, words, ink): (_, _, Rgb) = if self.players[0].hash == self.players[1].hash {
            ("✓", "both replicas hold the same", palette::GOOD)
        } else {
            ("…", "edits on their way", palette::ACCENT)
        };
        let parked = self.grid.parked();
        let parked = if parked == 0 { String::new() } else { format!("  ·  {parked} parked") };
        vec![
            Span::text(format!(" {sign} {}", fit(words, 28)), ink),
            Span::text(format!("  space stops and starts  ·  q ends{parked}"), palette::FAINTER),
        ]
    }
}

/// A level as a bar of 16 columns over 48 dB: what is softer is as good as silent beside the music.
fn level(peak: f32) -> String {
    const COLUMNS: usize = 16;
    let share = if peak > 0.0 { (1.0 + 20.0 * peak.log10() / 48.0).clamp(0.0, 1.0) } else { 0.0 };
    let eighths = (share * (COLUMNS * 8) as f32) as usize;
    let part = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    fit(&("█".repeat(eighths / 8) + part), COLUMNS)
}

fn name(score: &Score) -> String {
    if score.name.is_empty() { "a session without a name".to_owned() } else { score.name.clone() }
}

fn settings(score: &Score) -> String {
    let swing = if score.swing > 0.0 { format!(" · swing {} %", score.swing) } else { String::new() };
    format!("{} BPM{swing} · {} · {}", score.tempo.bpm(), score.meter, score.scale)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use score::{Track, TrackId};
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn lines(tracks: u64, rows: usize, hashes: [&str; 2]) -> Vec<String> {
        let mut score = Score { name: "A very long name ".repeat(6), swing: 33.0, ..Score::default() };
        for number in 0..tracks {
            score
                .tracks
                .insert(TrackId::from_random(number), Track { name: "kick".into(), ..Track::default() });
        }
        let flashes = BTreeMap::new();
        let beat = Beats::from_steps(37);
        let grid = Grid { score: &score, other: &score, beat: Some(beat), flashes: &flashes, frame: 0 };
        let player = |hash: &str| PlayerLine {
            name: "Ada".into(),
            act: "pattern kick X...x...X..o....X...x...".into(),
            edits: 42,
            link: "direct, 0.2 ms".into(),
            hash: hash.into(),
        };
        let players = hashes.map(player);
        let picture =
            Picture { grid, players, sound: "through the default device".into(), peak: 0.5, beat, rows };
        picture.lines().iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect()
    }

    #[test]
    fn everything_fits_eighty_columns_and_twenty_four_rows() {
        for tracks in [0, 4, 16, 20] {
            let lines = lines(tracks, 24, ["3fa2b1", "3fa2b1"]);
            assert!(lines.len() <= 24, "{} rows", lines.len());
            let widest = lines.iter().map(|line| line.width()).max().unwrap();
            assert!(widest <= 80, "{widest} columns: {lines:#?}");
        }
    }

    #[test]
    fn it_says_where_the_music_is_and_whether_the_replicas_agree() {
        let same = lines(4, 24, ["3fa2b1", "3fa2b1"]).join("\n");
        assert!(same.contains("▶ 3.2.2") && same.contains("both replicas hold the same"), "{same}");
        let differing = lines(4, 24, ["3fa2b1", "99c0de"]).join("\n");
        assert!(differing.contains("edits on their way"), "{differing}");
        assert!(lines(20, 24, ["a", "a"]).join("\n").contains("4 parked"));
    }

    #[test]
    fn on_a_small_terminal_the_players_stay() {
        let lines = lines(16, 10, ["a", "a"]);
        assert_eq!(lines.len(), 10);
        assert!(lines[7].contains("Ada") && lines[8].contains("Ada"));
    }
}
