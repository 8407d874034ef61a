//! The interface's colours can be read, in both themes: WCAG 2.2, AA. Text has 4.5 to 1 against what it stands on, what is no text
//! but has to be told apart 3 to 1.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Red, green and blue, 0..=1.
type Colour = [f64; 3];

/// The least contrast of text.
const TEXT: f64 = 4.5;
/// The least contrast of marks.
const MARK: f64 = 3.0;

/// What text is written on.
const SURFACES: [&str; 4] = ["surface-0", "surface-1", "surface-2", "surface-3"];

/// How much of a player's colour is in the edge that marks them in the light theme; the rest is black.
const EDGE_SHARE: f64 = 0.6;

/// The letters on a player's colour.
const LETTERS: &str = "#14100c";

#[derive(Clone, Copy, PartialEq)]
enum Theme {
    Light,
    Dark,
}

/// The style sheets' tokens, in the words that define them.
struct Tokens(BTreeMap<String, String>);

impl Tokens {
    fn read() -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/app/style");
        let mut tokens = BTreeMap::new();
        let sheets = fs::read_dir(&folder)?.chain(fs::read_dir(folder.join("later"))?);
        for entry in sheets {
            let path = entry?.path();
            if path.is_dir() {
                continue;
            }
            let text = fs::read_to_string(path)?;
            let root =
                text.split(":root {").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
            for (name, value) in
                root.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'))
            {
                tokens.entry(name.trim().to_owned()).or_insert_with(|| value.trim().to_owned());
            }
        }
        Ok(Self(tokens))
    }

    fn colour(&self, name: &str, theme: Theme) -> Result<Colour> {
        let value = self.0.get(name).with_context(|| format!("there is no token --{name}"))?;
        let both = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')'));
        let Some((light, dark)) = both.and_then(|both| both.split_once(',')) else { return parse(value) };
        parse(if theme == Theme::Light { light.trim() } else { dark.trim() })
    }
}

fn parse(text: &str) -> Result<Colour> {
    let digits = text.strip_prefix('#').with_context(|| format!("{text} is no colour"))?;
    ensure!(digits.len() == 6, "{text} is no opaque colour");
    let channel =
        |at: usize| Ok::<f64, anyhow::Error>(f64::from(u8::from_str_radix(&digits[at..at + 2], 16)?) / 255.0);
    Ok([channel(0)?, channel(2)?, channel(4)?])
}

/// Relative luminance, as WCAG defines it.
fn luminance(colour: Colour) -> f64 {
    let linear = colour.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn all(tokens: &Tokens, above: &[&str], below: &[&str], least: f64) -> Result<Vec<String>> {
    let mut low = Vec::new();
    for (theme, called) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        for (front, back) in above.iter().flat_map(|front| below.iter().map(move |back| (front, back))) {
            let ratio = contrast(tokens.colour(front, theme)?, tokens.colour(back, theme)?);
            if ratio < least {
                low.push(format!("--{front} on --{back}, {called}: {ratio:.2}, wants {least}"));
            }
        }
    }
    Ok(low)
}

#[test]
fn both_themes_are_readable() -> Result<()> {
    let tokens = Tokens::read()?;
    let mut low = all(&tokens, &["text", "text-2", "text-3"], &SURFACES, TEXT)?;
    low.extend(all(&tokens, &["accent-text"], &["accent"], TEXT)?);
    low.extend(all(&tokens, &["bad", "accent"], &["surface-0", "surface-1", "surface-2"], TEXT)?);
    low.extend(all(&tokens, &["good", "warn"], &["surface-1", "surface-2"], MARK)?);
    let families = ["drums", "bass", "keys", "leads", "pads", "fx", "sample"];
    low.extend(all(&tokens, &families, &["surface-0", "cell", "cell-beat"], MARK)?);
    ensure!(low.is_empty(), "{}", low.join("\n"));
    Ok(())
}

#[test]
fn players_are_seen_in_both_themes() -> Result<()> {
    let (tokens, letters) = (Tokens::read()?, parse(LETTERS)?);
    for number in 0..view::guise::PLAYER_COLOURS {
        let colour = tokens.colour(&format!("player-{number}"), Theme::Dark)?;
        let named = format!("player {number}");
        ensure!(contrast(colour, letters) >= TEXT, "{named}: its letters");
        for back in ["surface-0", "cell"] {
            let on_dark = contrast(colour, tokens.colour(back, Theme::Dark)?);
            let edge = colour.map(|channel| channel * EDGE_SHARE);
            let on_light = contrast(edge, tokens.colour(back, Theme::Light)?);
            ensure!(
                on_dark >= MARK && on_light >= MARK,
                "{named} on --{back}: {on_dark:.2} dark, {on_light:.2} light"
            );
        }
    }
    Ok(())
}

#[test]
fn the_contrast_of_black_and_white_is_the_highest() -> Result<()> {
    let ratio = contrast(parse("#000000")?, parse("#ffffff")?);
    ensure!((ratio - 21.0).abs() < 1e-9, "{ratio}");
    Ok(())
}
