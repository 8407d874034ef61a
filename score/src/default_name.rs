//! Names for sessions that nobody has named: two words, such as "Fuzzy Penguin".

/// How the animal is.
const ADJECTIVES: [&str; 64] = [
    "Amber",
    "Ancient",
    "Bashful",
    "Bouncy",
    "Brave",
    "Breezy",
    "Bright",
    "Bubbly",
    "Calm",
    "Cheerful",
    "Clever",
    "Cosmic",
    "Crimson",
    "Curious",
    "Dapper",
    "Daring",
    "Dizzy",
    "Dreamy",
    "Dusty",
    "Eager",
    "Electric",
    "Fancy",
    "Fearless",
    "Fluffy",
    "Frosty",
    "Funky",
    "Fuzzy",
    "Gentle",
    "Giddy",
    "Golden",
    "Happy",
    "Hazy",
    "Humble",
    "Jolly",
    "Lively",
    "Lucky",
    "Mellow",
    "Merry",
    "Midnight",
    "Misty",
    "Nimble",
    "Noisy",
    "Patient",
    "Peppy",
    "Playful",
    "Proud",
    "Quiet",
    "Quirky",
    "Restless",
    "Rusty",
    "Shiny",
    "Silent",
    "Sleepy",
    "Snappy",
    "Sneaky",
    "Speedy",
    "Sunny",
    "Swift",
    "Tiny",
    "Velvet",
    "Wandering",
    "Wild",
    "Witty",
    "Zesty",
];

/// The animals, as many as players can be shown as.
const ANIMALS: [&str; 73] = [
    "Alpaca",
    "Antelope",
    "Armadillo",
    "Badger",
    "Bat",
    "Bear",
    "Beaver",
    "Bison",
    "Buffalo",
    "Camel",
    "Capybara",
    "Cat",
    "Chameleon",
    "Cheetah",
    "Chinchilla",
    "Crane",
    "Crow",
    "Deer",
    "Dingo",
    "Dolphin",
    "Duck",
    "Eagle",
    "Elephant",
    "Falcon",
    "Ferret",
    "Flamingo",
    "Fox",
    "Frog",
    "Gazelle",
    "Gecko",
    "Giraffe",
    "Goose",
    "Gopher",
    "Hamster",
    "Hedgehog",
    "Heron",
    "Hippo",
    "Ibex",
    "Iguana",
    "Jackal",
    "Jaguar",
    "Kangaroo",
    "Kiwi",
    "Koala",
    "Lemur",
    "Leopard",
    "Llama",
    "Lobster",
    "Lynx",
    "Manatee",
    "Marmot",
    "Meerkat",
    "Mole",
    "Moose",
    "Narwhal",
    "Newt",
    "Octopus",
    "Orca",
    "Otter",
    "Owl",
    "Panda",
    "Pelican",
    "Penguin",
    "Puffin",
    "Quail",
    "Rabbit",
    "Raccoon",
    "Raven",
    "Seal",
    "Sloth",
    "Tapir",
    "Turtle",
    "Walrus",
];

/// How many animals there are.
pub const ANIMAL_COUNT: u64 = ANIMALS.len() as u64;

/// One of the animals; evenly spread numbers give each about as often.
pub fn animal(number: u64) -> &'static str {
    ANIMALS[(number % ANIMAL_COUNT) as usize]
}

/// A name of two words. The same bits give the same name; evenly spread bits give each of the 4,672 names about as often.
pub fn default_name(random: u64) -> String {
    let adjective = ADJECTIVES[(random % ADJECTIVES.len() as u64) as usize];
    format!("{adjective} {}", animal(random / ADJECTIVES.len() as u64))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::{MAX_SESSION_NAME_CHARS, clean_name};

    #[test]
    fn every_name_is_another_and_fits() {
        let names: BTreeSet<String> = (0..4_672).map(default_name).collect();
        assert_eq!(names.len(), ADJECTIVES.len() * ANIMALS.len());
        assert!(names.iter().all(|name| *name == clean_name(name, MAX_SESSION_NAME_CHARS)));
        assert!(names.contains("Fuzzy Penguin"));
        assert_eq!(default_name(u64::MAX), default_name(u64::MAX));
    }
}
