//! The session's effects, which become those of the master.

use score::catalogue::parameter;
use score::track::{EffectSettings, EffectValue};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::{Report, SESSION, shown};

/// Each effect there with its parameters, and the parameter here that each becomes.
const EFFECTS: [(&str, &[(&str, &str)]); 4] = [
    ("reverb", &[("decay", "reverb.decay"), ("wet", "reverb.wet")]),
    ("delay", &[("feedback", "delay.feedback"), ("wet", "delay.wet")]),
    ("chorus", &[("frequency", "chorus.rate"), ("depth", "chorus.depth"), ("wet", "chorus.wet")]),
    ("distortion", &[("amount", "distortion.amount"), ("wet", "distortion.wet")]),
];

pub(super) fn read(master: &mut EffectSettings, state: &Map<String, Value>, report: &mut Report) {
    let Some(effects) = state.get("effects").filter(|effects| !effects.is_null()) else { return };
    let Some(effects) = effects.as_object() else {
        report.add(SESSION, "effects", "they are no object: left out");
        return;
    };
    let bypass = Fields::of(SESSION, effects, report).flag("bypass");
    for (effect, parameters) in EFFECTS {
        if bypass {
            master.insert(format!("{effect}.on"), EffectValue::Number(0.0));
        }
        let Some(Value::Object(settings)) = effects.get(effect) else { continue };
        for (theirs, ours) in parameters {
            let Some(row) = parameter(ours) else { continue };
            let value = Fields::of(effect, settings, report).number(theirs, row.min.into(), row.max.into());
            master.extend(value.map(|value| ((*ours).to_owned(), EffectValue::Number(value))));
        }
        if effect == "delay" {
            read_delay_time(master, settings, report);
        }
        let known: Vec<&str> = parameters.iter().map(|(theirs, _)| *theirs).chain(["time"]).collect();
        Fields::of(effect, settings, report).report_others(&known);
    }
    let known = EFFECTS.map(|(effect, _)| effect);
    Fields::of(SESSION, effects, report).report_others(&[&known[..], &["bypass"]].concat());
}

/// Note values are written `8n` there, `8t` for triplets and `8n.` for dotted ones.
fn read_delay_time(master: &mut EffectSettings, settings: &Map<String, Value>, report: &mut Report) {
    let Some(text) = settings.get("time").and_then(Value::as_str) else { return };
    let (plain, dot) = text.strip_suffix('.').map_or((text, ""), |plain| (plain, "."));
    let name = match (plain.strip_suffix('n'), plain.strip_suffix('t')) {
        (Some(below), _) => format!("1/{below}{dot}"),
        (_, Some(below)) => format!("1/{below}t"),
        _ if plain == "1m" => "1/1".to_owned(),
        _ => String::new(),
    };
    let known = parameter("delay.time").is_some_and(|row| row.choices.contains(&name.as_str()));
    if known {
        master.insert("delay.time".to_owned(), EffectValue::Text(name));
    } else {
        let why = "it is no note value from 1/32 to 1/1: left out";
        report.add("delay", format!("time `{}`", shown(text)), why);
    }
}
