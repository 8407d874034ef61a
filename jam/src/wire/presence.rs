//! Who is here and where they point, in the words of protocol 2 and of protocol 1.
//!
//! Protocol 1 knew a selection only as a number of steps from the cursor on. What it says is read as such; what is said to it
//! leaves out what it has no words for.

use score::PlayerKey;
use serde::{Deserialize, Serialize};
use view::{Cursor, Role};

use super::bounded;
use crate::limits::{MAX_NAME_BYTES, MAX_OTHERS, MAX_OTHERS_PER_MESSAGE};

/// A player's name and cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// What the player is called; empty for the default.
    #[serde(deserialize_with = "bounded::text::<MAX_NAME_BYTES, _>")]
    pub name: String,
    /// Where the player is pointing.
    pub cursor: Option<Cursor>,
}

/// What is different among the people who are linked with a server, since it last told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// Those who came, or moved.
    #[serde(deserialize_with = "bounded::list::<MAX_OTHERS_PER_MESSAGE, _, _>")]
    pub here: Vec<(PlayerKey, Person)>,
    /// Those who went.
    #[serde(deserialize_with = "bounded::list::<MAX_OTHERS, _, _>")]
    pub gone: Vec<PlayerKey>,
}

/// Someone who is in the session, heard of through a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What the player may do.
    pub role: Role,
    /// Name and cursor.
    pub presence: Presence,
}

/// The words of protocol 1.
pub(super) mod first {
    use score::{PlayerKey, SceneId, TrackId};
    use serde::{Deserialize, Serialize};
    use view::{Role, Selected};

    use crate::limits::{MAX_NAME_BYTES, MAX_OTHERS, MAX_OTHERS_PER_MESSAGE};
    use crate::wire::bounded;

    #[derive(Serialize, Deserialize)]
    struct Cursor {
        scene: SceneId,
        track: TrackId,
        step: u16,
        selected: u16,
    }

    #[derive(Serialize, Deserialize)]
    pub(in crate::wire) struct Presence {
        #[serde(deserialize_with = "bounded::text::<MAX_NAME_BYTES, _>")]
        name: String,
        cursor: Option<Cursor>,
    }

    #[derive(Serialize, Deserialize)]
    pub(in crate::wire) struct Others {
        #[serde(deserialize_with = "bounded::list::<MAX_OTHERS_PER_MESSAGE, _, _>")]
        here: Vec<(PlayerKey, (Role, Presence))>,
        #[serde(deserialize_with = "bounded::list::<MAX_OTHERS, _, _>")]
        gone: Vec<PlayerKey>,
    }

    impl From<&super::Presence> for Presence {
        fn from(presence: &super::Presence) -> Self {
            let cursor = presence.cursor.map(|view::Cursor { scene, track, step, selected }| {
                let from_here = selected.filter(|selected| (selected.track, selected.step) == (track, step));
                Cursor { scene, track, step, selected: from_here.map_or(0, |selected| selected.steps) }
            });
            Self { name: presence.name.clone(), cursor }
        }
    }

    impl From<Presence> for super::Presence {
        fn from(Presence { name, cursor }: Presence) -> Self {
            let cursor = cursor.map(|Cursor { scene, track, step, selected }| {
                let selected = (selected > 0).then_some(Selected { track, step, steps: selected, tracks: 1 });
                view::Cursor { scene, track, step, selected }
            });
            Self { name, cursor }
        }
    }

    impl From<&super::Others> for Others {
        fn from(others: &super::Others) -> Self {
            let person = |(key, person): &(PlayerKey, super::Person)| {
                (*key, (person.role, Presence::from(&person.presence)))
            };
            Self { here: others.here.iter().map(person).collect(), gone: others.gone.clone() }
        }
    }

    impl From<Others> for super::Others {
        fn from(others: Others) -> Self {
            let person = |(key, (role, presence)): (_, (Role, Presence))| {
                (key, super::Person { role, presence: presence.into() })
            };
            Self { here: others.here.into_iter().map(person).collect(), gone: others.gone }
        }
    }
}

#[cfg(test)]
mod tests {
    use score::{SceneId, TrackId};
    use view::Selected;

    use super::*;
    use crate::wire::{Kind, Message, decode, encode, encode_as};

    fn pointing(selected: Option<Selected>) -> Presence {
        let (scene, track) = (SceneId::from_random(1), TrackId::from_random(2));
        Presence { name: "Ada".to_owned(), cursor: Some(Cursor { scene, track, step: 3, selected }) }
    }

    fn selected(step: u16, tracks: u16) -> Selected {
        Selected { track: TrackId::from_random(2), step, steps: 4, tracks }
    }

    #[test]
    fn the_first_protocol_is_told_what_it_has_words_for() {
        let (here, elsewhere) = (Some(selected(3, 1)), Some(selected(5, 2)));
        for (ours, theirs) in [(None, None), (here, here), (elsewhere, None)] {
            let message = Message::Presence(pointing(ours));
            let frame = encode_as(1, &message);
            assert_eq!(frame[0], Kind::FirstPresence as u8);
            assert_eq!(decode(&frame).unwrap(), Message::Presence(pointing(theirs)));
            assert_eq!(decode(&encode(&message)).unwrap(), message);
        }
        let person = Person { role: Role::Editor, presence: pointing(here) };
        let others = Message::Others(Others {
            here: vec![(PlayerKey([1; 32]), person)],
            gone: vec![PlayerKey([2; 32])],
        });
        let frame = encode_as(1, &others);
        assert_eq!((frame[0], decode(&frame).unwrap()), (Kind::FirstOthers as u8, others));
    }
}
