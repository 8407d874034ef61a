//! How players look in the page: the colours and shapes of the style sheet.

use view::Guise;

/// How many shapes a small picture of a player may have, so that a colour never stands alone.
const SHAPES: u8 = 6;

/// The style of something that belongs to a player: their colour.
pub(crate) fn colour(guise: &Guise) -> String {
    format!("--who:var(--player-{})", guise.colour)
}

/// The class of a player's small picture: its shape.
pub(crate) fn shape(guise: &Guise) -> String {
    format!("avatar shape-{}", guise.colour % SHAPES)
}

/// Text that cannot rearrange what stands around it, whichever way it is written.
pub(crate) fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_colours_have_different_shapes() {
        let guise = |colour| Guise { colour, name: String::new() };
        for of in 0..view::guise::PLAYER_COLOURS {
            assert_ne!(shape(&guise(of)), shape(&guise(of + 1)));
        }
        assert_eq!(colour(&guise(3)), "--who:var(--player-3)");
    }
}
