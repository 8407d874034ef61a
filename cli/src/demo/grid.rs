//! The grid: every track's pattern with its own playhead, heights for velocities, names for notes.

use std::collections::BTreeMap;

use score::catalogue::{self, Family, Playback, Sound};
use score::pattern::{DEFAULT_STEPS, MAX_STEPS};
use score::step::Step;
use score::track::MAX_TRACKS;
use score::{Beats, SceneId, Score, Track, TrackId};

use super::palette::{self, Rgb};
use super::screen::{Line, Span, fit};

/// Columns of an instrument's name.
const LABEL_COLUMNS: usize = 14;
/// Columns of a track's name.
pub(super) const NAME_COLUMNS: usize = 11;
/// Steps of a page when some pattern is longer than a bar of sixteenths.
const PAGE_STEPS: u16 = 32;
/// For how many frames of the picture an edited step keeps its author's colour.
pub(super) const FLASH_FRAMES: u64 = 24;

/// Which player edited a step, and in which frame of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flash {
    pub(super) player: usize,
    pub(super) frame: u64,
}

/// What the grid shows.
pub(super) struct Grid<'a> {
    /// One player's replica.
    pub(super) score: &'a Score,
    /// The other's: steps that differ are marked.
    pub(super) other: &'a Score,
    /// Where the music is; `None` while it is stopped.
    pub(super) beat: Option<Beats>,
    /// Steps edited lately.
    pub(super) flashes: &'a BTreeMap<(TrackId, u16), Flash>,
    /// The frame of the picture.
    pub(super) frame: u64,
}

/// How wide cells are, and how many steps a page has.
#[derive(Clone, Copy)]
struct Measure {
    page: u16,
    cell: usize,
    gap: usize,
}

impl Measure {
    fn of(score: &Score, scene: SceneId) -> Self {
        let longest = score.playing_tracks().iter().map(|(_, track)| track.pattern(scene).length).max();
        if longest.unwrap_or(DEFAULT_STEPS) <= DEFAULT_STEPS {
            Self { page: DEFAULT_STEPS, cell: 2, gap: 1 }
        } else {
            Self { page: PAGE_STEPS, cell: 1, gap: 0 }
        }
    }

    /// The blanks before a step: beats are grouped in fours.
    fn blanks_before(self, step: u16) -> usize {
        if step == 0 { 0 } else { self.gap + usize::from(step.is_multiple_of(4)) }
    }
}

impl Grid<'_> {
    /// A ruler and a line per playing track.
    pub(super) fn lines(&self) -> Vec<Line> {
        let scene = self.score.first_scene();
        let measure = Measure::of(self.score, scene);
        let tracks = self.score.playing_tracks();
        let rows = tracks.iter().map(|&(id, track)| self.row(id, track, scene, measure));
        std::iter::once(ruler(measure)).chain(rows).collect()
    }

    /// How many tracks have no line because they are parked.
    pub(super) fn parked(&self) -> usize {
        self.score.tracks_in_order().len().saturating_sub(MAX_TRACKS)
    }

    fn row(&self, id: TrackId, track: &Track, scene: SceneId, measure: Measure) -> Line {
        let voice = Voice::of(track);
        let pattern = track.pattern(scene);
        let length = pattern.length.clamp(1, MAX_STEPS);
        let playing = self.beat.map(|beat| beat.step().rem_euclid(i64::from(length)) as u16);
        let first = playing.unwrap_or(0) / measure.page * measure.page;
        let theirs = self.other.tracks.get(&id).map(|track| track.pattern(scene));
        let mut line = vec![Span::text(format!(" {} ", fit(&track.name, NAME_COLUMNS)), voice.tint)];
        for column in 0..measure.page {
            line.push(Span::text(" ".repeat(measure.blanks_before(column)), palette::FAINT));
            let number = first + column;
            if number >= length {
                line.push(Span::text(" ".repeat(measure.cell), palette::FAINT));
                continue;
            }
            let step = pattern.step(number);
            let differs = theirs.as_ref().is_none_or(|theirs| theirs.step(number) != step);
            let cell = Cell { number, step, differs, is_playing: playing == Some(number) };
            line.push(self.cell(id, &cell, &voice, measure));
        }
        line.push(Span::text(format!(" {}", fit(voice.label, LABEL_COLUMNS)), palette::FAINTER));
        line
    }

    fn cell(&self, id: TrackId, cell: &Cell<'_>, voice: &Voice, measure: Measure) -> Span {
        let glyph = cell.glyph(voice, measure.cell);
        let is_lit = cell.step.is_some_and(|step| step.on);
        let mut paper = if (cell.number / 4).is_multiple_of(2) { palette::CELL } else { palette::BEAT_CELL };
        let mut ink = voice.tint;
        if cell.is_playing {
            paper = palette::PLAYHEAD;
            ink = if is_lit { palette::TEXT } else { palette::FAINT };
        }
        if let Some(flash) = self.flashes.get(&(id, cell.number)) {
            let age = self.frame.saturating_sub(flash.frame) as f32 / FLASH_FRAMES as f32;
            paper = palette::PLAYERS[flash.player].towards(paper, age);
            if age < 0.5 && is_lit {
                ink = palette::SURFACE;
            }
        }
        Span { text: glyph, ink, paper, bold: is_lit }
    }
}

fn ruler(measure: Measure) -> Line {
    let mut text = " ".repeat(NAME_COLUMNS + 2);
    for step in 0..measure.page {
        text += &" ".repeat(measure.blanks_before(step));
        let label = if step.is_multiple_of(4) { (step / 4 + 1).to_string() } else { "·".to_owned() };
        text += &fit(&label, measure.cell);
    }
    vec![Span::text(text, palette::FAINTER)]
}

/// What a track's cells are drawn with.
struct Voice {
    tint: Rgb,
    label: &'static str,
    is_melodic: bool,
    base_note: u8,
}

impl Voice {
    fn of(track: &Track) -> Self {
        let (label, family, is_melodic, base_note) = match catalogue::resolve(&track.instrument) {
            Sound::BuiltIn(row) | Sound::Unknown(row) => (
                row.name,
                row.family,
                row.playback == Playback::Held || row.family != Family::Drums,
                row.base_note,
            ),
            Sound::Sample(_) => ("a recording", Family::Fx, false, 60),
        };
        let tint = palette::tint(family);
        let tint = if track.mute { tint.towards(palette::SURFACE, 0.65) } else { tint };
        let base_note = base_note.saturating_add_signed(track.transpose);
        Self { tint, label, is_melodic: is_melodic && family != Family::Fx, base_note }
    }
}

struct Cell<'a> {
    number: u16,
    step: Option<&'a Step>,
    differs: bool,
    is_playing: bool,
}

impl Cell<'_> {
    /// Height says velocity, a letter says the note, a bridge says a tie.
    fn glyph(&self, voice: &Voice, columns: usize) -> String {
        let Some(step) = self.step.filter(|step| step.on || step.tie) else {
            return if self.differs { "?".repeat(columns) } else { " ".repeat(columns) };
        };
        if step.tie {
            return "━".repeat(columns);
        }
        let pitch = step.notes.keys().next().copied().or(step.pitch);
        if voice.is_melodic && columns > 1 {
            return fit(note_name(i16::from(voice.base_note) + i16::from(pitch.unwrap_or(0))), columns);
        }
        let velocity = step.notes.values().copied().fold(0.0, f32::max);
        let velocity = if step.notes.is_empty() { step.velocity() } else { velocity };
        height(velocity).to_string().repeat(columns)
    }
}

fn height(velocity: f32) -> char {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    HEIGHTS[((velocity.clamp(0.0, 1.0) * 8.0).ceil() as usize).clamp(1, 8) - 1]
}

fn note_name(key: i16) -> &'static str {
    const NAMES: [&str; 12] = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
    NAMES[key.rem_euclid(12) as usize]
}

#[cfg(test)]
mod tests {
    use score::{Pattern, SceneId};
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn score(lengths: &[u16]) -> Score {
        let mut score = Score::default();
        for (number, &length) in lengths.iter().enumerate() {
            let mut pattern = Pattern { length, ..Pattern::default() };
            pattern.change_step(0, |step| *step = Step { volume: Some(1.0), ..Step::active() });
            let mut track = Track { name: format!("太鼓 number {number}"), ..Track::default() };
            track.instrument = if number % 2 == 0 { "kick" } else { "synth:acid" }.to_owned();
            track.patterns.insert(SceneId::from_random(0), pattern);
            score.tracks.insert(TrackId::from_random(number as u64), track);
        }
        score
    }

    fn drawn(score: &Score, other: &Score, beat: Option<Beats>) -> Vec<String> {
        let flashes = BTreeMap::new();
        let grid = Grid { score, other, beat, flashes: &flashes, frame: 0 };
        grid.lines().iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect()
    }

    #[test]
    fn lines_fit_a_terminal_of_eighty_columns() {
        for lengths in [&[16, 12, 4][..], &[32, 17], &[64, 128], &[16; 20]] {
            let score = score(lengths);
            let lines = drawn(&score, &score, Some(Beats::from_steps(70)));
            assert_eq!(lines.len(), lengths.len().min(MAX_TRACKS) + 1);
            let widest = lines.iter().map(|line| line.width()).max().unwrap();
            assert!(widest <= 80, "{widest} columns: {lines:#?}");
        }
    }

    #[test]
    fn hits_have_heights_and_notes_have_names() {
        let score = score(&[16, 16]);
        let lines = drawn(&score, &score, None);
        let rows = [&lines[1], &lines[2]];
        assert!(rows.iter().any(|row| row.contains("██")), "{lines:#?}");
        assert!(rows.iter().any(|row| row.contains("C ")), "{lines:#?}");
    }

    #[test]
    fn what_one_replica_lacks_is_marked() {
        let (here, mut there) = (score(&[16]), score(&[16]));
        there
            .tracks
            .values_mut()
            .next()
            .unwrap()
            .patterns
            .values_mut()
            .next()
            .unwrap()
            .change_step(3, |step| step.on = true);
        assert!(!drawn(&here, &here, None)[1].contains('?'));
        assert!(drawn(&here, &there, None)[1].contains("??"));
    }
}
