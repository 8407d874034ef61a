//! Reading one edit's words from left to right.

use core::fmt::Display;
use core::str::FromStr;

use score::step::in_range;
use score::text::clean_name;
use score::{PlayerKey, SceneId, Score, TrackId, UnixMillis};

use super::error::WordsError;
use super::sample::BroughtFiles;

/// What reading needs to know of the world.
pub(crate) struct Context<'a> {
    /// The session as it stands.
    pub(crate) score: &'a Score,
    /// Who edits.
    pub(crate) me: PlayerKey,
    /// The calendar's time, for what is stamped.
    pub(crate) now: UnixMillis,
    /// Random bits for ids and random fills.
    pub(crate) random: &'a mut dyn FnMut() -> u64,
    /// The scene whose patterns are edited.
    pub(crate) scene: SceneId,
    /// The samples that were brought in for the edits.
    pub(crate) samples: &'a BroughtFiles,
}

/// The words of one edit after its verb.
pub(super) struct Cursor<'a> {
    words: &'a [String],
    usage: &'static str,
}

impl<'a> Cursor<'a> {
    pub(super) fn over(words: &'a [String], usage: &'static str) -> Self {
        Self { words, usage }
    }

    /// The next word, if there is one.
    pub(super) fn peek(&self) -> Option<&'a str> {
        self.words.first().map(String::as_str)
    }

    /// Takes the next word.
    pub(super) fn word(&mut self, what: &'static str) -> Result<&'a str, WordsError> {
        let (first, rest) =
            self.words.split_first().ok_or(WordsError::Missing { what, usage: self.usage })?;
        self.words = rest;
        Ok(first)
    }

    /// Takes all words that are left, as one text.
    pub(super) fn rest(&mut self, what: &'static str) -> Result<String, WordsError> {
        if self.words.is_empty() {
            return Err(WordsError::Missing { what, usage: self.usage });
        }
        Ok(std::mem::take(&mut self.words).join(" "))
    }

    /// Takes all words that are left, as a name or a text of at most so many characters.
    pub(super) fn text(&mut self, what: &'static str, max: usize) -> Result<String, WordsError> {
        bounded(what, &self.rest(what)?, max)
    }

    /// Takes a word that another type can read.
    pub(super) fn parsed<T: FromStr>(&mut self, what: &'static str) -> Result<T, WordsError> {
        let word = self.word(what)?;
        word.parse().map_err(|_| self.not_a(word, what))
    }

    /// Takes a number within a range.
    pub(super) fn number<T>(&mut self, what: &'static str, min: T, max: T) -> Result<T, WordsError>
    where
        T: FromStr + Copy + PartialOrd + Display,
    {
        let word = self.word(what)?;
        match word.parse() {
            Ok(value) => Ok(in_range(what, value, min, max)?),
            // An integer type cannot hold 300 or -1: say the range rather than that it is no number.
            Err(_) if word.parse::<f64>().is_ok() => {
                Err(self.not_a(word, &format!("a {what} from {min} to {max}")))
            }
            Err(_) => Err(self.not_a(word, what)),
        }
    }

    /// Takes `on` or `off`.
    pub(super) fn switch(&mut self) -> Result<bool, WordsError> {
        let word = self.word("on or off")?;
        read_switch(word).ok_or_else(|| self.not_a(word, "on or off"))
    }

    /// Takes a step, counted from 1 in the words and from 0 in the result.
    pub(super) fn step(&mut self) -> Result<u16, WordsError> {
        Ok(self.number::<u16>("step", 1, score::pattern::MAX_STEPS)? - 1)
    }

    /// Takes a track: by id, `#position`, or name in any case. A name may be several words; the longest one that fits wins.
    pub(super) fn track(&mut self, score: &Score) -> Result<TrackId, WordsError> {
        let first = self.peek().ok_or(WordsError::Missing { what: "track", usage: self.usage })?;
        for count in (1..=self.words.len()).rev() {
            if let Some(found) = find_track(score, &self.words[..count].join(" "))? {
                self.words = &self.words[count..];
                return Ok(found);
            }
        }
        Err(WordsError::Unknown { what: "track", word: first.to_owned(), present: present_tracks(score) })
    }

    /// Makes sure that nothing is left over.
    pub(super) fn end(self) -> Result<(), WordsError> {
        match self.words.first() {
            Some(word) => Err(WordsError::Extra { word: word.clone(), usage: self.usage }),
            None => Ok(()),
        }
    }

    pub(super) fn not_a(&self, word: &str, wanted: &str) -> WordsError {
        WordsError::NotA { word: word.to_owned(), wanted: wanted.to_owned(), usage: self.usage }
    }

    /// How many words are left.
    pub(super) fn remaining(&self) -> usize {
        self.words.len()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.words.is_empty()
    }
}

/// A name or a text as it is kept. One that is too long is refused: nobody wants a part of what they wrote.
pub(crate) fn bounded(what: &'static str, text: &str, max: usize) -> Result<String, WordsError> {
    let clean = clean_name(text, usize::MAX);
    match clean.chars().count() {
        chars if chars > max => Err(WordsError::TooLong { what, chars, max }),
        _ => Ok(clean),
    }
}

/// `on`, `off` and their usual spellings.
pub(super) fn read_switch(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "on" | "yes" | "true" | "1" => Some(true),
        "off" | "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn find_track(score: &Score, word: &str) -> Result<Option<TrackId>, WordsError> {
    let tracks = score.tracks_in_order();
    if let Some(position) = word.strip_prefix('#').and_then(|digits| digits.parse::<usize>().ok()) {
        return Ok(position.checked_sub(1).and_then(|index| tracks.get(index)).map(|&(id, _)| id));
    }
    let wanted = word.to_lowercase();
    let named: Vec<(usize, TrackId)> = tracks
        .iter()
        .enumerate()
        .filter(|(_, (_, track))| track.name.to_lowercase() == wanted)
        .map(|(index, &(id, _))| (index + 1, id))
        .collect();
    match named[..] {
        [(_, id)] => Ok(Some(id)),
        [] => Ok(word.parse().ok().filter(|id| score.tracks.contains_key(id))),
        _ => {
            let present: Vec<String> =
                named.iter().map(|(position, id)| format!("#{position} ({id})")).collect();
            Err(WordsError::Ambiguous {
                count: named.len(),
                word: word.to_owned(),
                present: present.join(", "),
            })
        }
    }
}

fn present_tracks(score: &Score) -> String {
    let tracks = score.tracks_in_order();
    if tracks.is_empty() {
        return "no tracks; `add-track INSTRUMENT` adds one".to_owned();
    }
    let names = tracks.iter().enumerate().map(|(index, (_, track))| format!("#{} {}", index + 1, track.name));
    names.collect::<Vec<_>>().join(", ")
}
