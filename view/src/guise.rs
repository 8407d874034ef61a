//! How players look: a colour, an animal and a name, out of their keys.
//!
//! Everyone works it out for themselves from the same keys, so all see the same: where two players of a session ask for one
//! colour or one animal, the smaller key has it and the larger takes the next that is free. A colour never stands alone: it comes with a
//! name, and no two names of a session are alike.

use std::collections::BTreeMap;

use score::PlayerKey;
use score::default_name::{ANIMAL_COUNT, animal};

use crate::player::{Player, Role};

/// How many colours there are for players.
pub const PLAYER_COLOURS: u8 = 18;

/// How a player looks among those who are here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guise {
    /// Which of the colours, from 0.
    pub colour: u8,
    /// The chosen name, or an animal.
    pub name: String,
}

impl Guise {
    /// How a key looks where nobody else is.
    pub fn alone(key: PlayerKey) -> Self {
        Self { colour: own_colour(key), name: animal(own_animal(key)).to_owned() }
    }

    /// One or two letters for a small picture: the first of two words, or the first two of one.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let (first, second) = (words.next().unwrap_or_default(), words.next());
        let mut letters = first.chars();
        let one = letters.next().into_iter().flat_map(char::to_uppercase);
        match second.and_then(|word| word.chars().next()) {
            Some(letter) => one.chain(letter.to_uppercase()).collect(),
            None => one.chain(letters.next()).collect(),
        }
    }
}

/// How each of the people looks. Whoever only keeps a copy is no person.
pub fn guises(players: &[Player]) -> BTreeMap<PlayerKey, Guise> {
    let mut guises = BTreeMap::new();
    for player in players.iter().filter(|player| player.role != Role::Archive) {
        guises.insert(player.key, Guise { colour: 0, name: player.name.clone() });
    }
    let (mut colours, mut animals) = (Free::new(u64::from(PLAYER_COLOURS)), Free::new(ANIMAL_COUNT));
    let mut names = Vec::new();
    for (&key, guise) in &mut guises {
        guise.colour = colours.take(u64::from(own_colour(key))) as u8;
        // Whoever chose a name leaves the animal to others.
        if guise.name.is_empty() {
            animal(animals.take(own_animal(key))).clone_into(&mut guise.name);
        }
        number_apart(&names, &mut guise.name);
        names.push(guise.name.clone());
    }
    guises
}

/// How somebody looks, or would look, among these players.
pub fn guise_among(players: &[Player], key: PlayerKey) -> Guise {
    guises(players).remove(&key).unwrap_or_else(|| Guise::alone(key))
}

/// The colour that a key asks for.
pub fn own_colour(key: PlayerKey) -> u8 {
    (number(key) % u64::from(PLAYER_COLOURS)) as u8
}

fn own_animal(key: PlayerKey) -> u64 {
    number(key) / u64::from(PLAYER_COLOURS) % ANIMAL_COUNT
}

/// What is still free, by number. Browsers download this: a list is smaller than a set.
struct Free(Vec<bool>);

impl Free {
    fn new(count: u64) -> Self {
        Self(vec![true; count as usize])
    }

    /// The wanted one, or the next that is free; the wanted one again where none is.
    fn take(&mut self, wanted: u64) -> u64 {
        let (before, from) = (0..wanted as usize, wanted as usize..self.0.len());
        let Some(next) = from.chain(before).find(|&number| self.0[number]) else { return wanted };
        self.0[next] = false;
        next as u64
    }
}

/// Puts a number behind the name where it is taken.
fn number_apart(taken: &[String], name: &mut String) {
    if taken.contains(name) {
        // One more than are taken: one of them is free.
        let mut numbered = (2..=taken.len() + 2).map(|number| format!("{name} {number}"));
        if let Some(free) = numbered.find(|name| !taken.contains(name)) {
            *name = free;
        }
    }
}

/// A key's bits are evenly spread already; FNV-1a mixes them into one number.
fn number(key: PlayerKey) -> u64 {
    key.0.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    }) >> 7
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn player(byte: u8, name: &str) -> Player {
        let key = PlayerKey([byte; 32]);
        Player { key, name: name.to_owned(), role: Role::Editor, cursor: None, me: false }
    }

    fn different<T: Ord>(of: impl Iterator<Item = T>) -> usize {
        of.collect::<BTreeSet<T>>().len()
    }

    #[test]
    fn eighteen_players_have_eighteen_colours_and_names() {
        let players: Vec<Player> = (0..18).map(|byte| player(byte, "")).collect();
        let guises = guises(&players);
        assert_eq!(different(guises.values().map(|guise| guise.colour)), 18);
        assert_eq!(different(guises.values().map(|guise| &guise.name)), 18);
        let first = PlayerKey([0; 32]);
        assert_eq!(guises[&first], Guise::alone(first), "the smallest key looks as it asks to");
    }

    #[test]
    fn of_many_more_no_two_look_alike() {
        let players: Vec<Player> = (0..=255).map(|byte| player(byte, "")).collect();
        let guises = guises(&players);
        assert!(guises.values().all(|guise| guise.colour < PLAYER_COLOURS));
        assert_eq!(different(guises.values().map(|guise| (guise.colour, &guise.name))), 256);
    }

    #[test]
    fn a_chosen_name_stands_before_the_animal_and_two_of_one_name_are_told_apart() {
        let guises = guises(&[player(9, "Ada Lovelace"), player(3, "Ada Lovelace"), player(4, "")]);
        let name = |byte| guises[&PlayerKey([byte; 32])].name.as_str();
        assert_eq!((name(3), name(9)), ("Ada Lovelace", "Ada Lovelace 2"));
        assert_eq!(name(4).split_whitespace().count(), 1);
    }

    #[test]
    fn a_server_is_no_person_and_takes_no_colour() {
        let server = Player { role: Role::Archive, ..player(1, "") };
        assert!(guises(&[server]).is_empty());
    }

    #[test]
    fn initials_tell_animals_apart() {
        let initials = |name: &str| Guise { colour: 0, name: name.to_owned() }.initials();
        assert_eq!(
            (initials("Otter"), initials("Owl"), initials("Ada Lovelace")),
            ("Ot".into(), "Ow".into(), "AL".into())
        );
        assert_eq!((initials(""), initials("x")), (String::new(), "X".into()));
    }
}
