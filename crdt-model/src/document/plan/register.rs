//! How values are written into registers.

use automerge::ScalarValue;
use score::meter::{LoopRegion, Meter};
use score::scale::Scale;
use score::track::EffectValue;
use score::{Condition, SceneId, Tempo, TrackColour};

/// What a register can hold.
pub(super) trait Register: PartialEq {
    fn scalar(&self) -> ScalarValue;
}

macro_rules! registers {
    ($($kind:ty: $held:ident => $scalar:expr;)*) => {
        $(impl Register for $kind {
            fn scalar(&self) -> ScalarValue {
                let $held = self;
                $scalar
            }
        })*
    };
}

registers! {
    bool: flag => ScalarValue::Boolean(*flag);
    u8: whole => ScalarValue::Int((*whole).into());
    i8: whole => ScalarValue::Int((*whole).into());
    u16: whole => ScalarValue::Int((*whole).into());
    u32: whole => ScalarValue::Int((*whole).into());
    i64: whole => ScalarValue::Int(*whole);
    u64: whole => ScalarValue::Uint(*whole);
    f32: number => ScalarValue::F64((*number).into());
    f64: number => ScalarValue::F64(*number);
    String: text => ScalarValue::Str(text.as_str().into());
    Tempo: tempo => ScalarValue::F64(tempo.bpm());
    Meter: meter => meter.to_string().scalar();
    Scale: scale => scale.to_string().scalar();
    Condition: condition => condition.to_string().scalar();
    SceneId: scene => scene.to_string().scalar();
    Option<TrackColour>: colour => colour.map_or_else(String::new, |colour| colour.to_string()).scalar();
    Option<LoopRegion>: region => region.map_or_else(String::new, |region| region.to_string()).scalar();
    EffectValue: value => match value {
        EffectValue::Number(number) => number.scalar(),
        EffectValue::Text(choice) => choice.scalar(),
    };
}
