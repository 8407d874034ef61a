//! What a step may carry as a number: its name, its range, how it is read and written. The step's editor and the lanes under
//! a track are made from this.

use score::Step;
use score::catalogue::{Parameter, Taper, Unit};
use score::step::{DEFAULT_VELOCITY, MAX_NUDGE_PERCENT, MAX_PITCH_SEMITONES, MAX_RATCHET, MIN_GATE_PERCENT};

use super::number::Range;

/// A lock that is a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lock {
    /// How hard the step is struck.
    Velocity,
    /// Semitones from the track's pitch.
    Pitch,
    /// How much of the step sounds.
    Gate,
    /// How likely it plays.
    Chance,
    /// Into how many hits it is divided.
    Ratchet,
    /// How far it is displaced.
    Nudge,
    /// A parameter of the instrument or of an effect.
    Parameter(&'static Parameter),
}

impl PartialEq for Lock {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Lock {
    /// Those that every step has.
    pub(crate) const OWN: [Self; 6] =
        [Self::Velocity, Self::Pitch, Self::Gate, Self::Chance, Self::Ratchet, Self::Nudge];

    /// A word that tells it from all others.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Velocity => "Velocity",
            Self::Pitch => "Pitch",
            Self::Gate => "Gate",
            Self::Chance => "Chance",
            Self::Ratchet => "Ratchet",
            Self::Nudge => "Nudge",
            Self::Parameter(row) => row.id,
        }
    }

    /// The lock with this id.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        let own = Self::OWN.into_iter().find(|lock| lock.id() == id);
        own.or_else(|| score::catalogue::parameter(id).map(Self::Parameter))
    }

    /// What people read.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Parameter(row) => row.name,
            own => own.id(),
        }
    }

    /// What stands after its number.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::Velocity | Self::Gate | Self::Chance | Self::Nudge => " %",
            Self::Pitch => " st",
            Self::Ratchet => " hits",
            Self::Parameter(row) => match row.unit {
                Unit::Percent | Unit::Pan => " %",
                Unit::Hertz => " Hz",
                Unit::Seconds => " s",
                Unit::Semitones => " st",
                Unit::Cents => " ct",
                Unit::Decibels => " dB",
                Unit::Ratio => " ×",
                Unit::Index | Unit::Count | Unit::Choice | Unit::Switch => "",
            },
        }
    }

    /// How its number moves and reads; where it rests is what plays without a lock.
    pub(crate) fn range(self) -> Range {
        let around = |reach: i8| Range { min: f64::from(-reach), max: f64::from(reach), ..Range::PERCENT };
        match self {
            Self::Velocity => Range::PERCENT.resting_at(f64::from(DEFAULT_VELOCITY * 100.0).round()),
            Self::Pitch => around(MAX_PITCH_SEMITONES),
            Self::Gate => Range { min: f64::from(MIN_GATE_PERCENT), ..Range::PERCENT.resting_at(100.0) },
            Self::Chance => Range::PERCENT.resting_at(100.0),
            Self::Ratchet => Range { min: 1.0, max: f64::from(MAX_RATCHET), ..Range::LENGTH.resting_at(1.0) },
            Self::Nudge => around(MAX_NUDGE_PERCENT),
            Self::Parameter(row) => of_parameter(row),
        }
    }

    /// What plays, as people read it.
    pub(crate) fn read(self, step: &Step) -> f64 {
        self.held(step).unwrap_or_else(|| self.range().default)
    }

    /// What the step carries, as people read it; `None` without a lock.
    pub(crate) fn held(self, step: &Step) -> Option<f64> {
        match self {
            Self::Velocity if !step.notes.is_empty() => Some(percent(loudest(step))),
            Self::Velocity => step.volume.map(percent),
            Self::Pitch if !step.notes.is_empty() => step.notes.keys().next().copied().map(f64::from),
            Self::Pitch => step.pitch.map(f64::from),
            Self::Gate => step.gate_length.map(f64::from),
            Self::Chance => step.chance.map(f64::from),
            Self::Ratchet => step.ratchet.map(f64::from),
            Self::Nudge => step.nudge.map(f64::from),
            Self::Parameter(row) => step.locks.get(row.id).map(|value| value * scale(row)),
        }
    }

    /// Sets it to a number as people read it, or takes the lock away. A chord's notes keep their proportions and their
    /// distances; what plays without a lock is none, but for velocities and parameters, whose track may change.
    pub(crate) fn write(self, step: &mut Step, value: Option<f64>) {
        let range = self.range();
        let value = value.map(|value| range.settle(value));
        let told = value.filter(|value| value.to_bits() != range.default.to_bits());
        match self {
            Self::Velocity if !step.notes.is_empty() => strike(step, value.unwrap_or(range.default) / 100.0),
            Self::Velocity => step.volume = value.map(|value| (value / 100.0) as f32),
            Self::Pitch if !step.notes.is_empty() => {
                let lowest = step.notes.keys().next().copied().unwrap_or(0);
                transpose(step, value.unwrap_or(0.0) as i8 - lowest);
            }
            Self::Pitch => step.pitch = told.map(|value| value as i8),
            Self::Gate => step.gate_length = told.map(|value| value as u8),
            Self::Chance => step.chance = told.map(|value| value as u8),
            Self::Ratchet => step.ratchet = told.map(|value| value as u8),
            Self::Nudge => step.nudge = told.map(|value| value as i8),
            Self::Parameter(row) => {
                if let Some(value) = value {
                    let value = row.clamp((value / scale(row)) as f32);
                    step.locks.insert(row.id.to_owned(), f64::from(value));
                } else {
                    step.locks.remove(row.id);
                }
            }
        }
    }

    /// Where a fader stands for a number, 0 to 1.
    pub(crate) fn share(self, value: f64) -> f64 {
        match self {
            Self::Parameter(row) => f64::from(row.position((value / scale(row)) as f32)),
            own => {
                let Range { min, max, .. } = own.range();
                ((value - min) / (max - min)).clamp(0.0, 1.0)
            }
        }
    }

    /// The number of a fader that stands here, 0 to 1.
    pub(crate) fn value_at(self, share: f64) -> f64 {
        let range = self.range();
        range.settle(match self {
            Self::Parameter(row) => f64::from(row.value_at(share as f32)) * scale(row),
            _ => range.min + (range.max - range.min) * share.clamp(0.0, 1.0),
        })
    }

    /// A number as people read it, with its unit.
    pub(crate) fn text(self, value: f64) -> String {
        match self {
            Self::Parameter(row) if !row.choices.is_empty() || row.unit == Unit::Switch => {
                row.text(value as f32)
            }
            _ => self.range().write(value) + self.unit(),
        }
    }
}

/// What people read is so many times what a session holds.
fn scale(row: &Parameter) -> f64 {
    if matches!(row.unit, Unit::Percent | Unit::Pan) { 100.0 } else { 1.0 }
}

fn of_parameter(row: &Parameter) -> Range {
    let (digits, step) = match (row.taper, row.unit) {
        (Taper::Stepped, _) | (_, Unit::Percent | Unit::Pan | Unit::Hertz | Unit::Cents) => (0, 1.0),
        (_, Unit::Seconds) => (3, 0.01),
        (_, Unit::Ratio) => (2, 0.05),
        _ => (1, 0.5),
    };
    let shown = |value: f32| (f64::from(value) * scale(row) * 1e4).round() / 1e4;
    Range {
        min: shown(row.min),
        max: shown(row.max),
        default: shown(row.default),
        step,
        fine: step / 5.0,
        digits,
        pixels_per_step: 3.0,
    }
}

fn percent(share: f32) -> f64 {
    f64::from((share.clamp(0.0, 1.0) * 100.0).round())
}

fn loudest(step: &Step) -> f32 {
    step.notes.values().copied().fold(0.0, f32::max)
}

fn strike(step: &mut Step, velocity: f64) {
    let (velocity, loudest) = (velocity as f32, loudest(step));
    for note in step.notes.values_mut() {
        *note = if loudest > 0.0 { (*note / loudest * velocity).clamp(0.0, 1.0) } else { velocity };
    }
}

/// Moves all notes of a chord, as far as all of them have room.
fn transpose(step: &mut Step, by: i8) {
    let (Some((&low, _)), Some((&high, _))) = (step.notes.first_key_value(), step.notes.last_key_value())
    else {
        return;
    };
    let by = by.clamp(-MAX_PITCH_SEMITONES - low, MAX_PITCH_SEMITONES - high);
    for (pitch, held) in std::mem::take(&mut step.notes) {
        step.notes.insert(pitch + by, held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_rests_is_no_lock() {
        for lock in Lock::OWN {
            let mut step = Step::active();
            lock.write(&mut step, Some(7.0));
            assert_eq!(lock.text(lock.read(&step)), lock.text(7.0), "{}", lock.name());
            lock.write(&mut step, None);
            assert_eq!(step, Step::active(), "{}", lock.name());
            assert_eq!(Lock::of_id(lock.id()), Some(lock));
        }
        let mut step = Step::active();
        Lock::Chance.write(&mut step, Some(100.0));
        assert_eq!(step, Step::active());
    }

    #[test]
    fn parameters_are_read_in_their_units_and_kept_in_range() {
        let (wet, cutoff) = (Lock::of_id("delay.wet").unwrap(), Lock::of_id("filter.cutoff").unwrap());
        let mut step = Step::active();
        wet.write(&mut step, Some(35.0));
        cutoff.write(&mut step, Some(1e9));
        assert_eq!(step.locks.keys().collect::<Vec<_>>(), ["delay.wet", "filter.cutoff"]);
        assert_eq!((wet.text(wet.read(&step)).as_str(), cutoff.read(&step) as i32), ("35 %", 20_000));
        let mode = Lock::of_id("filter.mode").unwrap();
        assert_eq!(mode.text(0.0), score::catalogue::FILTER_MODES[0]);
        assert_eq!(Lock::of_id("nonsense"), None);
    }

    #[test]
    fn a_chord_keeps_its_proportions_and_its_distances() {
        let mut step = Step { notes: [(0, 0.4), (7, 0.8)].into(), ..Step::active() };
        Lock::Velocity.write(&mut step, Some(40.0));
        assert_eq!(step.notes.values().copied().collect::<Vec<_>>(), [0.2, 0.4]);
        Lock::Pitch.write(&mut step, Some(5.0));
        assert_eq!(step.notes.keys().copied().collect::<Vec<_>>(), [5, 12]);
        Lock::Pitch.write(&mut step, Some(24.0));
        assert_eq!(step.notes.keys().copied().collect::<Vec<_>>(), [17, 24], "as far as there is room");
        assert_eq!(step.pitch, None);
    }

    #[test]
    fn a_fader_goes_over_the_whole_range() {
        for lock in Lock::OWN.into_iter().chain(score::catalogue::PARAMETERS.iter().map(Lock::Parameter)) {
            let range = lock.range();
            let ends = [lock.value_at(0.0), lock.value_at(1.0)].map(|value| (value * 100.0).round() as i64);
            assert_eq!(
                ends,
                [range.min, range.max].map(|value| (range.settle(value) * 100.0).round() as i64),
                "{}",
                lock.id()
            );
            assert!((lock.share(range.min), lock.share(range.max)) <= (0.001, 1.0), "{}", lock.id());
        }
    }
}
