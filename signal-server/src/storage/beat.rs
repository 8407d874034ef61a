//! A beat as it is kept: published once, the same for ever.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use score::UnixMillis;
use score::id::{PlayerKey, SessionId};

/// Names a beat: 80 random bits, as 16 characters of a-z and 2-7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BeatId(pub [u8; 10]);

/// A text is no beat's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a beat's id is 16 characters from a-z and 2-7")]
pub struct NotABeatId;

impl fmt::Display for BeatId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

impl FromStr for BeatId {
    type Err = NotABeatId;

    fn from_str(text: &str) -> Result<Self, NotABeatId> {
        let text = Some(text).filter(|text| text.len() == 16).ok_or(NotABeatId)?;
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).map_err(|_| NotABeatId)?;
        bytes.try_into().map(Self).map_err(|_| NotABeatId)
    }
}

/// A session as it was at one moment, published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// What is known about it.
    pub facts: BeatFacts,
    /// The music, as the canonical JSON of a session.
    pub state: Vec<u8>,
    /// What to play, as `score::program_image` writes it.
    pub program: Vec<u8>,
}

/// What is known about a beat without its music.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeatFacts {
    /// Its id.
    pub id: BeatId,
    /// The session that it was made from.
    pub session: SessionId,
    /// What the session was called.
    pub name: String,
    /// Who published it.
    pub author: PlayerKey,
    /// When.
    pub published_at: UnixMillis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nothing_else_does() {
        let id = BeatId([7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        for text in ["", "short", "0000000000000000", "é23456789abcdefg", &"a".repeat(17), &"a".repeat(26)] {
            assert_eq!(text.parse::<BeatId>(), Err(NotABeatId), "{text}");
        }
    }
}
