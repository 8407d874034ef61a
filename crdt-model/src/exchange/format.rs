//! Which format a file has.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Offbeat's own JSON.
    Offbeat,
    /// The JSON of the web sequencer Keyboardia.
    Keyboardia,
    /// A standard MIDI file, bare or in RIFF.
    Midi,
    /// One notation line per track.
    Text,
}

/// The keys that tell the formats apart; nothing else of the file is kept.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Probe {
    state: Option<IgnoredAny>,
    meter: Option<IgnoredAny>,
    bpm: Option<IgnoredAny>,
    effects: Option<IgnoredAny>,
    #[serde(rename = "loopRegion")]
    loop_region: Option<IgnoredAny>,
}

/// The format that a file seems to have. What is wrong with it, if anything, its reader says.
pub fn detect(bytes: &[u8]) -> FileFormat {
    if bytes.starts_with(b"MThd") || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"RMID")) {
        return FileFormat::Midi;
    }
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|&byte| byte == b'{');
    if !is_json {
        return FileFormat::Text;
    }
    let probe: Probe = serde_json::from_slice(bytes).unwrap_or_default();
    let foreign = [probe.state, probe.bpm, probe.effects, probe.loop_region].iter().any(Option::is_some);
    if probe.meter.is_none() && (foreign || has_key(bytes, b"\"sampleId\"")) {
        FileFormat::Keyboardia
    } else {
        FileFormat::Offbeat
    }
}

/// Whether a key's spelling occurs anywhere: also in files that end too early to be parsed.
fn has_key(bytes: &[u8], key: &[u8]) -> bool {
    bytes.windows(key.len()).any(|window| window == key)
}
