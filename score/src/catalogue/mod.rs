//! The catalogue: the one table of every instrument and parameter.
//!
//! The interface, the locks, the text notation, the importers, MIDI learn, the documentation and the audio
//! engine all read these rows, so that an id, a name, a range or a default is written down once.
//!
//! - [`INSTRUMENTS`]: the 99 built-in instruments, with the ids that users have in their files.
//! - [`resolve`]: what any instrument id means: a built-in, a player's sample, or the nearest relative of an
//!   id nobody knows. It never fails, because an id out of a merge or an old file must still sound.
//! - [`PARAMETERS`]: every parameter of instruments (`cutoff`) and of effects (`filter.cutoff`).
//!
//! The catalogue says what exists, never how it is made: the engine's preset rows do that.
//!
//! ```
//! use score::catalogue::{Sound, parameter, resolve};
//! let Sound::BuiltIn(acid) = resolve("synth:acid") else { unreachable!() };
//! assert_eq!(acid.name, "Acid");
//! assert_eq!(parameter("delay.feedback").map(|p| p.default), Some(0.3));
//! ```

mod family;
mod instrument;
mod instrument_rows;
mod nearest;
mod parameter;
mod parameter_rows;
mod synthesis;
mod value;

pub use family::Family;
pub use instrument::{
    ChokeGroup, INSTRUMENTS, Instrument, InstrumentIndex, ModulationDefaults, Playback, Sound, instrument,
    resolve,
};
pub use nearest::nearest;
pub use parameter::{
    EffectSlot, PARAMETERS, ParamIndex, Parameter, Taper, Unit, effect_parameters, instrument_parameters,
    parameter, parameter_index,
};
pub use parameter_rows::{DELAY_TIMES, FILTER_MODES, FILTER_SLOPES};
pub use synthesis::Synthesis;
pub use value::{ValueError, delay_time_beats};
