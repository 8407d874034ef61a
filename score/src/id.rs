//! Identifiers: short random ids inside a session, and the long ones of sessions, players and samples.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digits::{BASE32, HEXADECIMAL};

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what}: it must be {length} characters from a-z and 2-7")]
pub struct IdError {
    what: &'static str,
    length: usize,
    text: String,
}

impl IdError {
    fn new(what: &'static str, length: usize, text: &str) -> Self {
        Self { what, length, text: text.chars().take(64).collect() }
    }
}

macro_rules! text_identity {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({self})", stringify!($name))
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    Self::from_raw(Deserialize::deserialize(deserializer)?)
                        .ok_or_else(|| serde::de::Error::custom(concat!("invalid ", stringify!($name))))
                }
            }
        }
    };
}

macro_rules! short_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 8]);

        impl $name {
            /// Makes an id from 40 random bits (the low ones of `random`).
            pub fn from_random(random: u64) -> Self {
                Self(core::array::from_fn(|digit| BASE32.digit(random >> (digit * 5))))
            }

            /// The id as its eight characters.
            pub fn as_str(&self) -> &str {
                core::str::from_utf8(&self.0).expect("ids hold base32 digits only")
            }

            /// The id with these characters, if they are base32 digits; allocates nothing.
            pub(crate) fn from_raw(raw: [u8; 8]) -> Option<Self> {
                raw.iter().all(|digit| BASE32.has(*digit)).then_some(Self(raw))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let raw = <[u8; 8]>::try_from(text.as_bytes()).ok();
                raw.and_then(Self::from_raw).ok_or_else(|| IdError::new($what, 8, text))
            }
        }

        text_identity!($name);
    };
}

macro_rules! long_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            #[allow(clippy::unnecessary_wraps, reason = "the short ids' counterpart can refuse")]
            fn from_raw(raw: [u8; $bytes]) -> Option<Self> {
                Some(Self(raw))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&BASE32.write(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let length = ($bytes * 8usize).div_ceil(5);
                BASE32.read(text).map(Self).ok_or_else(|| IdError::new($what, length, text))
            }
        }

        text_identity!($name);
    };
}

short_id!(
    /// A track of a session.
    TrackId,
    "track id"
);
short_id!(
    /// A scene: a row of patterns, one per track.
    SceneId,
    "scene id"
);
short_id!(
    /// An entry of the song: a scene and how often it repeats.
    EntryId,
    "song entry id"
);
short_id!(
    /// A named version of a session.
    VersionId,
    "version id"
);
short_id!(
    /// A chat message.
    MessageId,
    "message id"
);
long_id!(
    /// A session: 128 bits derived from its founder's key, so that the id itself says who owns the session. Knowing it
    /// is the permission to join, so it never goes into logs.
    SessionId,
    16,
    "session id"
);
long_id!(
    /// A player: an ed25519 public key.
    PlayerKey,
    32,
    "player key"
);

/// The BLAKE3 hash of a sample's stored bytes, written as 64 hexadecimal digits (as in `sample:<hash>`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleHash(pub [u8; 32]);

impl SampleHash {
    #[allow(clippy::unnecessary_wraps, reason = "the short ids' counterpart can refuse")]
    fn from_raw(raw: [u8; 32]) -> Option<Self> {
        Some(Self(raw))
    }
}

impl fmt::Display for SampleHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&HEXADECIMAL.write(&self.0))
    }
}

/// Why a text is not a sample hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sample hash is 64 hexadecimal digits")]
pub struct SampleHashError;

impl FromStr for SampleHash {
    type Err = SampleHashError;
    fn from_str(text: &str) -> Result<Self, SampleHashError> {
        HEXADECIMAL.read(text).map(Self).ok_or(SampleHashError)
    }
}

text_identity!(SampleHash);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_what_they_write() {
        let track = TrackId::from_random(0x1234_5678_9abc_def0);
        assert_eq!(track.to_string().parse(), Ok(track));
        let session = SessionId(core::array::from_fn(|i| i as u8 * 17));
        assert_eq!(session.to_string().len(), 26);
        assert_eq!(session.to_string().parse(), Ok(session));
        let player = PlayerKey([0xa5; 32]);
        assert_eq!(player.to_string().parse(), Ok(player));
        let sample = SampleHash([0xc3; 32]);
        assert_eq!(sample.to_string().parse(), Ok(sample));
    }

    #[test]
    fn a_value_has_one_spelling() {
        let canonical = SessionId([0; 16]).to_string();
        let sloppy = format!("{}b", &canonical[..25]);
        assert!(sloppy.parse::<SessionId>().is_err(), "the unused bits of the last digit are zero");
    }

    #[test]
    fn refused_texts_are_named_and_bounded() {
        let error = "not an id".parse::<TrackId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`not an id` is not a track id: it must be 8 characters from a-z and 2-7"
        );
        let long = "x".repeat(100_000).parse::<SessionId>().unwrap_err();
        assert!(long.to_string().len() < 200);
    }
}
