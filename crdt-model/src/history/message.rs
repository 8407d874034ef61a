//! What a change says about itself: which act it belongs to, and whether it makes or takes back.
//!
//! An act is named by the actor that wrote it and the number of its first change, so the common change, an act by itself, needs no
//! message at all.

use core::fmt;
use core::str::FromStr;

use crate::trust::ActorId;

/// Names an act: the actor, and the number of the act's first change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ActId {
    pub(crate) actor: ActorId,
    pub(crate) first: u64,
}

/// The message of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Message {
    /// The first change of an act.
    #[default]
    Do,
    /// One more change of the act, or undo, or redo, that began with this number of the same actor.
    Continue(u64),
    /// The first change that takes an act back.
    Undo(ActId),
    /// The first change that takes an undo back.
    Redo(ActId),
    /// No act: nothing that undo is about.
    Aside,
}

impl Message {
    /// The text in the change; none for an act by itself.
    pub(crate) fn text(&self) -> Option<String> {
        (*self != Self::Do).then(|| self.to_string())
    }

    /// What a change's message means; one that this version does not know makes an act by itself.
    pub(crate) fn read(text: Option<&str>) -> Self {
        text.and_then(|text| text.parse().ok()).unwrap_or_default()
    }
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Do => Ok(()),
            Self::Continue(first) => write!(out, "+{first}"),
            Self::Undo(act) => write!(out, "undo {act}"),
            Self::Redo(act) => write!(out, "redo {act}"),
            Self::Aside => out.write_str("-"),
        }
    }
}

impl FromStr for Message {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |text: &str| text.parse().map_err(|_| ());
        match (text, text.split_once(' ')) {
            ("", _) => Ok(Self::Do),
            ("-", _) => Ok(Self::Aside),
            (_, Some(("undo", act))) => act.parse().map(Self::Undo),
            (_, Some(("redo", act))) => act.parse().map(Self::Redo),
            _ => text.strip_prefix('+').ok_or(()).and_then(number).map(Self::Continue),
        }
    }
}

impl fmt::Display for ActId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}@{}", self.first, self.actor)
    }
}

impl FromStr for ActId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (first, actor) = text.split_once('@').ok_or(())?;
        let bytes = data_encoding::HEXLOWER.decode(actor.as_bytes()).map_err(|_| ())?;
        let actor = ActorId(bytes.try_into().map_err(|_| ())?);
        Ok(Self { actor, first: first.parse().map_err(|_| ())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_as_written() {
        let act = ActId { actor: ActorId([7; 16]), first: 12 };
        let all = [Message::Do, Message::Continue(3), Message::Undo(act), Message::Redo(act), Message::Aside];
        for message in all {
            assert_eq!(Message::read(message.text().as_deref()), message);
        }
    }

    #[test]
    fn an_unknown_message_makes_an_act_by_itself() {
        for text in ["", "+", "+x", "undo", "undo 3", "undo 3@00", "hello world", "+99999999999999999999999"]
        {
            assert_eq!(Message::read(Some(text)), Message::Do);
        }
    }
}
