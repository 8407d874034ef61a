//! A session as a sheet of text: a header, one line of notation per track, and remarks.
//!
//! ```text
//! # Fuzzy House · 124 BPM · swing 20 % · 4/4 · C minor-pentatonic
//! kick: X...x...X...x...
//! Bass: X..x..X.{3:pitch=5}
//! # Bass plays synth:acid
//! ```
//! Header and remarks are comments of the notation, so a sheet can be imported wherever notation can; this program reads
//! them too.

use std::fmt::Write;

use score::catalogue::{INSTRUMENTS, instrument, nearest};
use score::lower::fallbacks;
use score::notation::{self, NamedPattern, TracksError};
use score::score::Scene;
use score::text::{MAX_SESSION_NAME_CHARS, clean_name};
use score::track::MAX_TRACKS;
use score::{SceneId, Score, Tempo, Track, TrackId};

/// What stands between the header's fields.
const BETWEEN: &str = " · ";

/// A session read from a sheet, and what was guessed.
#[derive(Debug, PartialEq)]
pub struct Sheet {
    /// The session.
    pub score: Score,
    /// For the player to read: which instruments were guessed.
    pub remarks: Vec<String>,
}

/// Writes the first scene of a session.
pub fn write(score: &Score) -> String {
    let name = clean_name(&score.name, MAX_SESSION_NAME_CHARS);
    let name = if name.is_empty() { "Untitled".to_owned() } else { name };
    let mut fields = vec![name, format!("{} BPM", score.tempo.bpm())];
    if score.swing > 0.0 {
        fields.push(format!("swing {} %", score.swing));
    }
    fields.extend([score.meter.to_string(), score.scale.to_string()]);
    let lines = notation::write_scene(score, score.first_scene());
    format!("# {}\n{lines}{}", fields.join(BETWEEN), remarks(score))
}

/// What a line of notation cannot say: instruments that the name does not, stand-ins, parked tracks.
fn remarks(score: &Score) -> String {
    let mut text = String::new();
    let stand_ins = fallbacks(score);
    for (position, (id, track)) in score.tracks_in_order().into_iter().enumerate() {
        let name = clean_name(&track.name, usize::MAX);
        let stand_in = stand_ins.iter().find(|fallback| fallback.track == id);
        // Writing into a string cannot fail.
        if stand_in.is_some() || by_name(&name) != Some(track.instrument.as_str()) {
            let heard = stand_in.map_or_else(String::new, |other| format!(" (heard as {})", other.played_by));
            _ = writeln!(text, "# {name} plays {}{heard}", clean_name(&track.instrument, 128));
        }
        if position >= MAX_TRACKS {
            _ = writeln!(
                text,
                "# {name} is parked: silent until one of the first {MAX_TRACKS} tracks is removed"
            );
        }
    }
    text
}

/// The instrument that a track's name names: an id, a shown name, or a synth's last word, a number behind it aside.
fn by_name(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let row = [name.as_str(), word].into_iter().find_map(|name| {
        let shown = || INSTRUMENTS.iter().find(|row| row.name.eq_ignore_ascii_case(name));
        instrument(name).or_else(shown).or_else(|| instrument(&format!("synth:{name}")))
    });
    row.map(|row| row.id)
}

/// Reads a sheet, or any text of tracks in notation.
pub fn read(text: &str) -> Result<Sheet, TracksError> {
    let tracks = notation::read_tracks(text)?;
    let mut sheet = Sheet { score: Score::default(), remarks: Vec::new() };
    let scene = Scene { name: "Scene 1".to_owned(), order: "V".to_owned(), deleted: false };
    sheet.score.scenes.insert(SceneId::from_random(0), scene);
    let comments: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix('#')).map(str::trim).collect();
    if let Some(header) = comments.first() {
        read_header(&mut sheet.score, header);
    }
    for (number, named) in tracks.into_iter().enumerate() {
        sheet.add(number, named, &comments);
    }
    Ok(sheet)
}

impl Sheet {
    fn add(&mut self, number: usize, NamedPattern { name, pattern }: NamedPattern, comments: &[&str]) {
        let remark =
            comments.iter().find_map(|comment| comment.strip_prefix(name.as_str())?.strip_prefix(" plays "));
        let stated = remark.and_then(|remark| remark.split_whitespace().next());
        let instrument = stated.or_else(|| by_name(&name)).unwrap_or_else(|| {
            let guess = nearest(&name).id;
            self.remarks.push(format!("`{name}` names no instrument: {guess} plays it"));
            guess
        });
        let scene = self.score.first_scene();
        let track = Track {
            instrument: instrument.to_owned(),
            // A fractional index with room before, between and behind.
            order: format!("{number:04}V"),
            patterns: [(scene, pattern)].into(),
            name,
            ..Track::default()
        };
        self.score.tracks.insert(TrackId::from_random(number as u64 + 1), track);
    }
}

/// Reads the header's fields from the right, for a name may hold anything. Any other comment is left alone.
fn read_header(score: &mut Score, header: &str) {
    let mut rest = header;
    while let Some((before, _)) = rest.rsplit_once(BETWEEN).filter(|(_, field)| read_field(score, field)) {
        rest = before;
    }
    if rest != header {
        score.name = clean_name(rest, MAX_SESSION_NAME_CHARS);
    }
}

/// Sets what a field says, if it says something.
fn read_field(score: &mut Score, field: &str) -> bool {
    let bpm = field.strip_suffix(" BPM").and_then(|bpm| Tempo::from_bpm(bpm.parse().ok()?));
    let swing = field.strip_prefix("swing ").and_then(|rest| rest.strip_suffix(" %")?.parse::<f32>().ok());
    let swing = swing.filter(|swing| (0.0..=100.0).contains(swing));
    let (meter, scale) = (field.parse().ok(), field.parse().ok());
    let says_something = bpm.is_some() || swing.is_some() || meter.is_some() || scale.is_some();
    score.tempo = bpm.unwrap_or(score.tempo);
    score.swing = swing.unwrap_or(score.swing);
    score.meter = meter.unwrap_or(score.meter);
    score.scale = scale.unwrap_or(score.scale);
    says_something
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: &str = "\
# Fuzzy · House · 124.5 BPM · swing 20 % · 7/8 · A dorian
kick:    X...x...X...x...
Bass 2:  X..x..X.{4:pitch=5}
Whatsit: x...
# Bass 2 plays synth:acid
# Whatsit plays conga
";

    #[test]
    fn a_sheet_reads_what_it_wrote() {
        let sheet = read(HOUSE).unwrap();
        assert_eq!(sheet.remarks, Vec::<String>::new());
        assert_eq!(sheet.score.name, "Fuzzy · House");
        assert_eq!((sheet.score.tempo.milli_bpm(), sheet.score.swing), (124_500, 20.0));
        let instruments: Vec<&str> =
            sheet.score.tracks_in_order().iter().map(|(_, track)| track.instrument.as_str()).collect();
        assert_eq!(instruments, ["kick", "synth:acid", "conga"]);
        assert_eq!(read(&write(&sheet.score)).unwrap(), sheet);
        assert_eq!(
            write(&sheet.score).lines().take(4).collect::<Vec<_>>(),
            HOUSE.lines().take(4).collect::<Vec<_>>()
        );
    }

    #[test]
    fn names_name_instruments_and_what_is_guessed_is_said() {
        let sheet = read("Hi-Hat: x.x.\nkick 2: X...\nacid: x\nmy odd drum: x").unwrap();
        let instruments: Vec<&str> =
            sheet.score.tracks_in_order().iter().map(|(_, track)| track.instrument.as_str()).collect();
        assert_eq!(instruments, ["hihat", "kick", "synth:acid", "kick"]);
        assert_eq!(sheet.remarks, ["`my odd drum` names no instrument: kick plays it"]);
    }

    #[test]
    fn parked_tracks_and_stand_ins_are_marked() {
        let lines: Vec<String> = (0..17).map(|number| format!("t{number}: x")).collect();
        let mut score = read(&lines.join("\n")).unwrap().score;
        score.tracks.values_mut().for_each(|track| track.instrument = "sawtooth".into());
        let text = write(&score);
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 17);
        assert!(text.contains("# t3 plays sawtooth (heard as synth:lead)"), "{text}");
        assert!(text.contains("# t16 is parked") && !text.contains("# t15 is parked"), "{text}");
    }

    #[test]
    fn a_hostile_name_stays_on_its_line() {
        let mut score = read("kick: X").unwrap().score;
        score.name = "a\nkick: x".into();
        score.tracks.values_mut().for_each(|track| track.name = "b\n# c\u{1b}[2J".into());
        let text = write(&score);
        assert!(!text.contains('\u{1b}'), "{text:?}");
        assert_eq!(read(&text).unwrap().score.tracks.len(), 1, "{text:?}");
    }
}
