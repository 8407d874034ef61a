//! What the player turned: parameter values over a preset.

use crate::dsp::envelope::Adsr;
use score::catalogue::{PARAMETERS, ParamIndex, instrument_parameters};

/// How many parameters instruments have.
const COUNT: usize = count();

const fn count() -> usize {
    let mut at = 0;
    while at < PARAMETERS.len() && PARAMETERS[at].slot.is_none() {
        at += 1;
    }
    at
}

/// The position of a parameter, found when the program is compiled: a misspelt id does not build.
const fn position(id: &str) -> usize {
    let mut at = 0;
    while at < COUNT {
        if same(PARAMETERS[at].id.as_bytes(), id.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no instrument parameter of this id")
}

pub(super) const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// A value for every instrument parameter: the catalogue's default unless the note overrides it.
#[derive(Debug, Clone)]
pub(crate) struct Tweaks {
    values: [f32; COUNT],
    set: [bool; COUNT],
}

macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        $($(#[$doc])* pub(crate) fn $name(&self) -> f32 {
            self.values[const { position($id) }]
        })*
    };
}

impl Tweaks {
    /// The defaults, overridden by `params`; values are clamped to their ranges, effect parameters passed over.
    pub(crate) fn new(params: &[(ParamIndex, f32)]) -> Self {
        let rows = instrument_parameters();
        let mut tweaks = Self { values: std::array::from_fn(|i| rows[i].default), set: [false; COUNT] };
        for (index, value) in params {
            let at = usize::from(index.0);
            if at < COUNT {
                tweaks.values[at] = rows[at].clamp(*value);
                tweaks.set[at] = true;
            }
        }
        tweaks
    }

    readers! {
        tune = "tune";
        attack = "attack";
        decay = "decay";
        sustain = "sustain";
        release = "release";
        cutoff = "cutoff";
        resonance = "resonance";
        filter_env = "filter_env";
        filter_decay = "filter_decay";
        drive = "drive";
        detune = "detune";
        width = "width";
        sub = "sub";
        noise = "noise";
        pulse_width = "pulse_width";
        glide = "glide";
        pitch_env = "pitch_env";
        pitch_decay = "pitch_decay";
        lfo_rate = "lfo_rate";
        lfo_depth = "lfo_depth";
        vibrato = "vibrato";
        tremolo = "tremolo";
        tone = "tone";
        click = "click";
        gain_decibels = "gain";
        feedback = "feedback";
        percussion = "percussion";
        rotary = "rotary";
        damping = "damping";
        pick_position = "pick_position";
        start = "start";
        end = "end";
        slice = "slice";
        reverse = "reverse";
        repeat = "loop";
    }

    /// The modulator's frequency ratio, where the player or a file set one.
    pub(crate) fn harmonicity(&self) -> Option<f32> {
        self.stated(const { position("harmonicity") })
    }

    /// The modulator's depth in radians, where the player or a file set one.
    pub(crate) fn modulation_index(&self) -> Option<f32> {
        self.stated(const { position("modulation_index") })
    }

    fn stated(&self, at: usize) -> Option<f32> {
        self.set[at].then_some(self.values[at])
    }
}

/// `amount` moved by an offset and kept from 0 to 1.
pub(crate) fn share(amount: f32, offset: f32) -> f32 {
    (amount + offset).clamp(0.0, 1.0)
}

/// A preset's envelope with the player's factors and offset.
pub(crate) fn shaped(adsr: Adsr, tweaks: &Tweaks) -> Adsr {
    Adsr {
        // A factor of something very short would move nothing, so an attack counts as 4 ms at least when lengthened.
        attack: if tweaks.attack() > 1.0 { adsr.attack.max(0.004) } else { adsr.attack } * tweaks.attack(),
        decay: adsr.decay * tweaks.decay(),
        sustain: share(adsr.sustain, tweaks.sustain()),
        release: adsr.release * tweaks.release(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use score::catalogue::parameter_index;

    #[test]
    fn values_are_clamped_and_strangers_ignored() {
        let cutoff = parameter_index("cutoff").expect("a row");
        let effect = parameter_index("filter.cutoff").expect("a row");
        let tweaks =
            Tweaks::new(&[(cutoff, 1e9), (effect, 440.0), (ParamIndex(u16::MAX), 1.0), (cutoff, f32::NAN)]);
        assert!(tweaks.cutoff().abs() < f32::EPSILON, "NaN is the default");
        assert!((Tweaks::new(&[(cutoff, 1e9)]).cutoff() - 60.0).abs() < f32::EPSILON);
    }
}
