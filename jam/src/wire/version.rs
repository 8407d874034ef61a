//! Which versions of the protocol a program speaks.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::WireError;

/// A range of protocol versions, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protocols {
    /// The version that is spoken where the other end can.
    pub newest: u16,
    /// The oldest version still understood.
    pub oldest: u16,
}

/// What this program speaks: the current version and the version before it.
///
/// | version | since then |
/// |---|---|
/// | 2 | a player's selection is a rectangle of its own |
pub const PROTOCOLS: Protocols = Protocols::current_and_previous(2);

impl Protocols {
    /// A version and its predecessor; version 1 has none.
    pub const fn current_and_previous(newest: u16) -> Self {
        Self { newest, oldest: if newest > 1 { newest - 1 } else { newest } }
    }
}

impl fmt::Display for Protocols {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.oldest == self.newest {
            write!(out, "{}", self.newest)
        } else {
            write!(out, "{} to {}", self.oldest, self.newest)
        }
    }
}

/// The newest version that both ends speak.
///
/// # Errors
/// [`WireError::Version`] if they have none in common.
pub fn negotiate(ours: Protocols, theirs: Protocols) -> Result<u16, WireError> {
    let newest = ours.newest.min(theirs.newest);
    let oldest = ours.oldest.max(theirs.oldest);
    if newest >= oldest && theirs.oldest <= theirs.newest {
        Ok(newest)
    } else {
        Err(WireError::Version { theirs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_versions_meet_at_the_older_one() {
        let (one, two, three) = (
            Protocols::current_and_previous(1),
            Protocols::current_and_previous(2),
            Protocols::current_and_previous(3),
        );
        assert_eq!(negotiate(one, one), Ok(1));
        assert_eq!(negotiate(one, two), Ok(1));
        assert_eq!(negotiate(two, one), Ok(1));
        assert_eq!(negotiate(three, two), Ok(2));
        assert!(negotiate(one, three).is_err());
        assert!(negotiate(three, one).is_err());
    }

    #[test]
    fn an_unknown_version_is_refused_in_words() {
        let later = Protocols { newest: 9, oldest: 8 };
        let error = negotiate(PROTOCOLS, later).unwrap_err().to_string();
        assert_eq!(error, "the other end speaks protocol 8 to 9, this one 1 to 2: update the older program");
        assert!(negotiate(PROTOCOLS, Protocols { newest: 1, oldest: 2 }).is_err());
    }
}
