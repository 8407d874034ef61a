//! The parameters' part of the page: all of it comes from the catalogue.

use std::fmt::Write;

use score::catalogue::{
    EffectSlot, INSTRUMENTS, Parameter, Synthesis, Taper, Unit, effect_parameters, instrument_parameters,
};

pub(crate) fn write(text: &mut String) {
    text.push_str(
        "## Parameters of instruments\n\n\
         Every one can be set for a track and locked on a step. Most act on what the preset has: a *ratio* multiplies it, a \
         *percentage* or *semitones* are added to it, so that the default leaves the sound as it was made. Values are \
         clamped to their ranges.\n\n",
    );
    table(text, instrument_parameters().iter());
    text.push_str("### Who answers to which\n\n| synthesis | instruments | parameters |\n|---|---|---|\n");
    for (synthesis, name) in SYNTHESES {
        let count = INSTRUMENTS.iter().filter(|row| row.synthesis == synthesis).count();
        let ids: Vec<String> = synthesis.parameter_ids().iter().map(|id| format!("`{id}`")).collect();
        let _ = writeln!(text, "| {name} | {count} | {} |", ids.join(", "));
    }
    text.push_str(
        "\n## Parameters of effects\n\n\
         A track and the master each have these slots, in this order. Changes are smoothed; a slot that is switched off, or \
         whose share of the sound is 0, leaves the sound as it is.\n\n",
    );
    for slot in EffectSlot::ALL {
        let _ = write!(text, "### {}\n\n", slot.id());
        table(text, effect_parameters().iter().filter(|row| row.slot == Some(slot)));
    }
    // The last table needs no line after it.
    text.truncate(text.trim_end().len());
    text.push('\n');
}

const SYNTHESES: [(Synthesis, &str); 8] = [
    (Synthesis::Percussion, "percussion"),
    (Synthesis::Subtractive, "subtractive"),
    (Synthesis::Fm, "frequency modulation"),
    (Synthesis::Am, "amplitude modulation"),
    (Synthesis::Organ, "organ"),
    (Synthesis::String, "string"),
    (Synthesis::Modal, "modal"),
    (Synthesis::Sampler, "a player's sample"),
];

fn table(text: &mut String, rows: impl Iterator<Item = &'static Parameter>) {
    text.push_str("| id | name | unit | range | default | taper | does |\n|---|---|---|---|---|---|---|\n");
    for row in rows {
        let range = match row.unit {
            Unit::Choice => row.choices.join(", "),
            Unit::Switch => "off, on".to_owned(),
            _ => format!("{} to {}", row.text(row.min), row.text(row.max)),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {range} | {} | {} | {} |",
            row.id,
            row.name,
            unit(row.unit),
            row.text(row.default),
            taper(row.taper),
            row.about,
        );
    }
    text.push('\n');
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "share (1 is 100 %)",
        Unit::Hertz => "hertz",
        Unit::Seconds => "seconds",
        Unit::Semitones => "semitones",
        Unit::Cents => "cents",
        Unit::Decibels => "decibels",
        Unit::Ratio => "ratio",
        Unit::Index => "index",
        Unit::Count => "count",
        Unit::Pan => "left (-1) to right (1)",
        Unit::Choice => "choice",
        Unit::Switch => "switch",
    }
}

fn taper(taper: Taper) -> &'static str {
    match taper {
        Taper::Linear => "linear",
        Taper::Logarithmic => "logarithmic",
        Taper::Stepped => "stepped",
    }
}
