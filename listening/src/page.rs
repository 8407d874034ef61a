//! The page: families, and for each instrument its name, its spectrogram with axes, and a player.

use std::fmt::Write;

use score::catalogue::{Family, INSTRUMENTS, Instrument, Synthesis};

use crate::phrase::BEATS;
use crate::spectrogram::{FLOOR, HEIGHT, RANGE, WIDTH, place_of};

/// Room for the axes' labels, in the picture's pixels: left, top, right and bottom.
const MARGIN: (usize, usize, usize, usize) = (56, 8, 14, 24);

/// Frequencies that the axis names.
const TICKS: [(f64, &str); 5] =
    [(50.0, "50"), (200.0, "200"), (1_000.0, "1 k"), (5_000.0, "5 k"), (20_000.0, "20 kHz")];

/// Seconds of a phrase, at 120 beats a minute.
const SECONDS: i64 = BEATS / 2;

/// The family's colour, as the interface tints it.
pub(crate) fn tint(family: Family) -> [u8; 3] {
    match family {
        Family::Drums => [0xf2, 0xb1, 0x3c],
        Family::Bass => [0xa5, 0x84, 0xff],
        Family::Keys => [0x5a, 0xa2, 0xff],
        Family::Leads => [0xff, 0x6f, 0x91],
        Family::Pads => [0x4f, 0xd1, 0x8b],
        Family::Fx => [0x3c, 0xd0, 0xd8],
    }
}

/// The name of an instrument's files, without what tells their kind.
pub(crate) fn file_name(instrument: &Instrument) -> String {
    instrument.id.replace(':', "-")
}

/// The whole page.
pub(crate) fn html() -> String {
    let mut text = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    text.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let _ = write!(text, "<title>Offbeat: the sounds</title>\n<style>\n{}", include_str!("page.css"));
    for family in Family::ALL {
        let [r, g, b] = tint(family);
        let _ = writeln!(text, ".{} {{ --tint: rgb({r} {g} {b}); }}", anchor(family));
    }
    text.push_str("</style>\n</head>\n<body>\n");
    heading(&mut text);
    text.push_str("<main>\n");
    for family in Family::ALL {
        section(&mut text, family);
    }
    let _ = write!(text, "</main>\n<script>\n{}</script>\n</body>\n</html>\n", include_str!("page.js"));
    text
}

fn anchor(family: Family) -> String {
    family.name().to_lowercase()
}

fn members(family: Family) -> impl Iterator<Item = &'static Instrument> {
    INSTRUMENTS.iter().filter(move |row| row.family == family)
}

fn heading(text: &mut String) {
    let _ = write!(
        text,
        "<header>\n<h1>Offbeat: the sounds</h1>\n<p>{} instruments, each in a phrase of {SECONDS} seconds as a session plays \
         it: no effects, 120 beats a minute. The pictures show time to the right, pitch upwards, and loudness as light, \
         from {FLOOR:.0}&nbsp;dB.</p>\n<nav aria-label=\"Families\">\n",
        INSTRUMENTS.len()
    );
    for family in Family::ALL {
        let (id, count) = (anchor(family), members(family).count());
        let _ = writeln!(text, "<a class=\"{id}\" href=\"#{id}\">{} <span>{count}</span></a>", family.name());
    }
    text.push_str("</nav>\n</header>\n");
}

fn section(text: &mut String, family: Family) {
    let id = anchor(family);
    let _ = writeln!(
        text,
        "<section id=\"{id}\" class=\"{id}\">\n<h2>{}</h2>\n<div class=\"cards\">",
        family.name()
    );
    for instrument in members(family) {
        card(text, instrument);
    }
    text.push_str("</div>\n</section>\n");
}

fn card(text: &mut String, instrument: &Instrument) {
    let (file, name) = (file_name(instrument), instrument.name);
    let _ = write!(
        text,
        "<article>\n<h3>{name} <code>{}</code> <span>{}</span></h3>\n{}\n\
         <audio controls preload=\"none\" src=\"{file}.flac\" aria-label=\"{name}\"></audio>\n</article>\n",
        instrument.id,
        manner(instrument.synthesis),
        picture(&file, name),
    );
}

fn manner(synthesis: Synthesis) -> &'static str {
    match synthesis {
        Synthesis::Percussion => "percussion",
        Synthesis::Subtractive => "subtractive",
        Synthesis::Fm => "FM",
        Synthesis::Am => "AM",
        Synthesis::Organ => "drawbars",
        Synthesis::String => "string",
        Synthesis::Modal => "modal",
        Synthesis::Sampler => "sample",
    }
}

/// The spectrogram between its axes, with a line that the script moves while the phrase plays.
fn picture(file: &str, name: &str) -> String {
    let (left, top, right, bottom) = MARGIN;
    let (width, height) = (left + WIDTH + right, top + HEIGHT + bottom);
    let (low, high) = RANGE;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Spectrogram of {name}: {SECONDS} seconds, {low:.0} Hz to \
         {:.0} kHz\">\n<image href=\"{file}.png\" x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n",
        high / 1_000.0
    );
    for (hertz, label) in TICKS {
        let y = top as f64 + place_of(hertz) * HEIGHT as f64;
        let _ = write!(
            svg,
            "<path d=\"M{} {y:.1}h4\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 4,
            left - 7,
            y + 5.0
        );
    }
    for second in 0..=SECONDS {
        let x = left as f64 + WIDTH as f64 * second as f64 / SECONDS as f64;
        let (y, unit) = (top + HEIGHT, if second == SECONDS { " s" } else { "" });
        let _ = write!(
            svg,
            "<path d=\"M{x:.1} {y}v4\"/><text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{second}{unit}</text>",
            y + 19
        );
    }
    let _ = write!(svg, "\n<path class=\"playhead\" d=\"M{left} {top}v{HEIGHT}\"/>\n</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_holds_every_instrument_and_nothing_from_elsewhere() {
        let page = html();
        for instrument in &INSTRUMENTS {
            let file = file_name(instrument);
            assert!(page.contains(&format!("src=\"{file}.flac\"")), "{file}");
            assert!(page.contains(&format!("href=\"{file}.png\"")), "{file}");
        }
        assert!(!page.contains("//"), "no address of another host");
    }

    #[test]
    fn files_have_names_of_their_own() {
        let mut names: Vec<String> = INSTRUMENTS.iter().map(file_name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), INSTRUMENTS.len());
    }
}
