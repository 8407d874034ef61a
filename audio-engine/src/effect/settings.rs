//! The values of a chain's parameters, as one flat array.

use score::catalogue::{PARAMETERS, ParamIndex, effect_parameters, parameter_index};
use score::program::Setting;

/// Room for the parameters of all slots together.
const MAX_EFFECT_PARAMETERS: usize = 64;

/// One effect parameter: its place in [`Settings`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Knob(u8);

impl Knob {
    /// The parameter with this id of the catalogue.
    ///
    /// Not for the audio thread: it searches by name.
    pub(crate) fn named(id: &str) -> Self {
        let place = parameter_index(id).and_then(place);
        Self(place.expect("effects name parameters that the catalogue lists"))
    }
}

/// Where an effect parameter stands in [`Settings`]; `None` for an instrument's parameter or an unknown one.
fn place(param: ParamIndex) -> Option<u8> {
    let first = PARAMETERS.len() - effect_parameters().len();
    let place = usize::from(param.0).checked_sub(first)?;
    (place < effect_parameters().len().min(MAX_EFFECT_PARAMETERS)).then_some(place as u8)
}

/// A value for every effect parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings([f32; MAX_EFFECT_PARAMETERS]);

impl Settings {
    /// Every parameter at its default, so that the chain changes nothing.
    pub(crate) fn neutral() -> Self {
        let mut values = [0.0; MAX_EFFECT_PARAMETERS];
        for (value, parameter) in values.iter_mut().zip(effect_parameters()) {
            *value = parameter.default;
        }
        Self(values)
    }

    /// Sets a parameter, clamped to its range; false when it is none of an effect.
    pub(crate) fn set(&mut self, setting: Setting) -> bool {
        let Some(place) = place(setting.param) else { return false };
        let Some(parameter) = setting.param.get() else { return false };
        self.0[usize::from(place)] = parameter.clamp(setting.value);
        true
    }

    /// A parameter's value, in its unit.
    pub(crate) fn get(&self, knob: Knob) -> f32 {
        self.0[usize::from(knob.0)]
    }

    /// A switch's position.
    pub(crate) fn is_on(&self, knob: Knob) -> bool {
        self.get(knob) >= 0.5
    }
}

/// One player's own values for some effect parameters, over what everybody shares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Overrides([Option<f32>; MAX_EFFECT_PARAMETERS]);

impl Overrides {
    /// Nothing of its own.
    pub(crate) const NONE: Self = Self([None; MAX_EFFECT_PARAMETERS]);

    /// Takes those settings that belong to effects, clamped to their ranges.
    pub(crate) fn of(settings: &[Setting]) -> Self {
        let mut overrides = Self::NONE;
        for setting in settings {
            if let Some((place, parameter)) = place(setting.param).zip(setting.param.get()) {
                overrides.0[usize::from(place)] = Some(parameter.clamp(setting.value));
            }
        }
        overrides
    }

    /// Puts these values over shared ones.
    pub(crate) fn apply(&self, settings: &mut Settings) {
        for (value, own) in settings.0.iter_mut().zip(&self.0) {
            *value = own.unwrap_or(*value);
        }
    }
}

/// Whether a setting belongs to an effect rather than to an instrument.
pub(crate) fn is_effect(param: ParamIndex) -> bool {
    place(param).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_parameter_has_room() {
        assert!(effect_parameters().len() <= MAX_EFFECT_PARAMETERS);
        for parameter in effect_parameters() {
            assert!(is_effect(parameter.index), "{}", parameter.id);
        }
    }

    #[test]
    fn overrides_stand_over_shared_values_and_leave_the_others() {
        let [wet, feedback] = ["delay.wet", "delay.feedback"].map(|id| parameter_index(id).unwrap());
        let mut settings = Settings::neutral();
        settings.set(Setting { param: feedback, value: 0.5 });
        let foreign = Setting { param: ParamIndex(u16::MAX), value: 1.0 };
        Overrides::of(&[Setting { param: wet, value: 7.0 }, foreign]).apply(&mut settings);
        assert!((settings.get(Knob::named("delay.wet")) - 1.0).abs() < 1e-6, "clamped");
        assert!((settings.get(Knob::named("delay.feedback")) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn settings_are_clamped_and_foreign_ones_refused() {
        let feedback = parameter_index("delay.feedback").unwrap();
        let mut settings = Settings::neutral();
        assert!(settings.set(Setting { param: feedback, value: 7.0 }));
        assert!((settings.get(Knob::named("delay.feedback")) - 0.95).abs() < 1e-6);
        assert!(settings.set(Setting { param: feedback, value: f32::NAN }));
        assert!((settings.get(Knob::named("delay.feedback")) - 0.3).abs() < 1e-6);
        assert!(!settings.set(Setting { param: ParamIndex(0), value: 1.0 }));
        assert!(!settings.set(Setting { param: ParamIndex(u16::MAX), value: 1.0 }));
    }
}
