//! The demo's colours, and what a terminal can show of them.

use crossterm::style::Color;
use score::catalogue::Family;

/// A colour as the design names it: red, green and blue, 0-255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const SURFACE: Rgb = Rgb(0x0f, 0x11, 0x15);
pub(super) const CELL: Rgb = Rgb(0x20, 0x24, 0x2d);
pub(super) const BEAT_CELL: Rgb = Rgb(0x2a, 0x2f, 0x3a);
pub(super) const PLAYHEAD: Rgb = Rgb(0x5a, 0x60, 0x6e);
pub(super) const TEXT: Rgb = Rgb(0xe8, 0xea, 0xf0);
pub(super) const FAINT: Rgb = Rgb(0x9a, 0xa3, 0xb2);
pub(super) const FAINTER: Rgb = Rgb(0x58, 0x60, 0x6e);
pub(super) const ACCENT: Rgb = Rgb(0xff, 0x7a, 0x45);
pub(super) const GOOD: Rgb = Rgb(0x5f, 0xd3, 0x8d);

/// The two players of the demo.
pub(super) const PLAYERS: [Rgb; 2] = [Rgb(0xff, 0xd1, 0x66), Rgb(0x4c, 0xc9, 0xf0)];

/// The tint of a family of instruments.
pub(super) const fn tint(family: Family) -> Rgb {
    match family {
        Family::Drums => Rgb(0xf5, 0xa5, 0x24),
        Family::Bass => Rgb(0x9d, 0x7b, 0xff),
        Family::Keys => Rgb(0x4f, 0x9d, 0xff),
        Family::Leads => Rgb(0xff, 0x6b, 0x9a),
        Family::Pads => Rgb(0x4c, 0xc3, 0x8a),
        Family::Fx => Rgb(0x35, 0xc7, 0xd6),
    }
}

impl Rgb {
    /// This colour on its way to another: 0 is this one, 1 the other.
    pub(super) fn towards(self, other: Self, share: f32) -> Self {
        let mix = |from: u8, to: u8| {
            (f32::from(from) + (f32::from(to) - f32::from(from)) * share.clamp(0.0, 1.0)) as u8
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// All of them.
    True,
    /// The 256 of xterm.
    Indexed,
    /// The player wants none; heights, letters and signs say it all.
    None,
}

impl Depth {
    /// What the environment says of the terminal.
    pub(super) fn of_terminal() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if set("NO_COLOR").is_some() {
            return Self::None;
        }
        let says = set("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
        if says { Self::True } else { Self::Indexed }
    }

    /// The colour as this terminal shows it.
    pub(super) fn show(self, Rgb(r, g, b): Rgb) -> Color {
        match self {
            Self::True => Color::Rgb { r, g, b },
            Self::Indexed => Color::AnsiValue(nearest_of_256(Rgb(r, g, b))),
            Self::None => Color::Reset,
        }
    }
}

/// The nearest colour of xterm's 6x6x6 cube (from 16) or its ramp of 24 greys (from 232).
fn nearest_of_256(wanted: Rgb) -> u8 {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let level = |value: u8| (0..6).min_by_key(|&index| LEVELS[index].abs_diff(value)).unwrap_or(0);
    let (r, g, b) = (level(wanted.0), level(wanted.1), level(wanted.2));
    let cube = Rgb(LEVELS[r], LEVELS[g], LEVELS[b]);
    let mean = ((u16::from(wanted.0) + u16::from(wanted.1) + u16::from(wanted.2)) / 3) as u8;
    let step = (mean.saturating_sub(8) / 10).min(23);
    let grey = Rgb(8 + step * 10, 8 + step * 10, 8 + step * 10);
    if distance(wanted, grey) < distance(wanted, cube) { 232 + step } else { 16 + (36 * r + 6 * g + b) as u8 }
}

fn distance(a: Rgb, b: Rgb) -> u32 {
    let squared = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    squared(a.0, b.0) + squared(a.1, b.1) + squared(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_the_cube_and_greys_are_found_exactly() {
        assert_eq!(nearest_of_256(Rgb(255, 0, 0)), 196);
        assert_eq!(nearest_of_256(Rgb(0, 0, 0)), 16);
        assert_eq!(nearest_of_256(Rgb(38, 38, 38)), 235);
    }

    #[test]
    fn mixing_ends_where_it_should() {
        assert_eq!(SURFACE.towards(TEXT, 0.0), SURFACE);
        assert_eq!(SURFACE.towards(TEXT, 1.0), TEXT);
    }
}
