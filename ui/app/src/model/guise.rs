//! How players look: a colour and an animal, out of the key.

use std::collections::{BTreeMap, BTreeSet};

use score::PlayerKey;
use score::default_name::animal;
use view::{Player, Role};

/// How many colours there are for players; the style sheet names them `--player-0` and so on.
pub(crate) const PLAYER_COLOURS: u8 = 18;

/// The colour of each player, so that no two of them look alike while there are colours left: where two keys ask for the same
/// one, the larger takes the next that is free.
pub(crate) fn colours(players: &[Player]) -> BTreeMap<PlayerKey, u8> {
    let keys: BTreeSet<PlayerKey> =
        players.iter().filter(|p| p.role != Role::Archive).map(|p| p.key).collect();
    let mut taken = BTreeMap::new();
    let mut free: BTreeSet<u8> = (0..PLAYER_COLOURS).collect();
    for key in keys {
        let own = own_colour(key);
        let next = free.range(own..).next().or_else(|| free.first()).copied().unwrap_or(own);
        free.remove(&next);
        taken.insert(key, next);
    }
    taken
}

/// The colour that a key asks for.
pub(crate) fn own_colour(key: PlayerKey) -> u8 {
    (number(key) % u64::from(PLAYER_COLOURS)) as u8
}

/// What a player is called: the chosen name, or an animal.
pub(crate) fn player_name(player: &Player) -> String {
    if player.name.is_empty() {
        animal(number(player.key) / u64::from(PLAYER_COLOURS)).to_owned()
    } else {
        player.name.clone()
    }
}

/// One or two letters for a small round picture.
pub(crate) fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A key's bits are evenly spread already; FNV-1a mixes them into one number.
fn number(key: PlayerKey) -> u64 {
    key.0.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    }) >> 7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(byte: u8) -> Player {
        Player {
            key: PlayerKey([byte; 32]),
            name: String::new(),
            role: Role::Editor,
            cursor: None,
            me: false,
        }
    }

    #[test]
    fn eighteen_players_have_eighteen_colours() {
        let players: Vec<Player> = (0..18).map(player).collect();
        let colours = colours(&players);
        let different: BTreeSet<u8> = colours.values().copied().collect();
        assert_eq!(different.len(), 18);
        let first = colours[&PlayerKey([0; 32])];
        assert_eq!(first, own_colour(PlayerKey([0; 32])), "the smallest key has the colour it asks for");
    }

    #[test]
    fn who_comes_next_has_a_colour_too() {
        let players: Vec<Player> = (0..30).map(player).collect();
        assert!(colours(&players).values().all(|colour| *colour < PLAYER_COLOURS));
        assert_eq!(colours(&players).len(), 30);
    }

    #[test]
    fn a_name_stands_before_the_animal() {
        let mut someone = player(9);
        assert_eq!(player_name(&someone), player_name(&someone));
        assert_eq!(player_name(&someone).split_whitespace().count(), 1);
        someone.name = "Ada Lovelace".to_owned();
        assert_eq!(initials(&player_name(&someone)), "AL");
    }
}
