//! What follows the oscillators of a subtractive note: a bend, a filter, the ladder, a blocker of DC.
//!
//! A filter waits for itself from frame to frame, so the channels of as many notes as there are go through theirs side by side, each in
//! lanes of its own: of a note alone the lanes of the others are idle. No lane hears another, and so nobody hears who is beside whom.

use arrayvec::ArrayVec;
use wide::f32x4;

use super::subtractive::SubtractivePreset;
use super::tweaks::{Tweaks, share};
use crate::dsp::bend::Bend;
use crate::dsp::cascade::{Cascade, Corner, Slope};
use crate::dsp::dc::DcBlocker;
use crate::dsp::ladder::{Ladder, Ladders};
use crate::dsp::math::exp2;
use crate::dsp::{Block, CHUNK, SILENCE};

/// Hertz up to which the waves reach the ladder, 24 dB an octave: the cubic it bends them with makes three times as much of that,
/// which folds to nowhere below 20 kHz.
const LADDER_HERTZ: f32 = 5_000.0;

/// Damping of a stage that does not resonate.
const FLAT: f32 = 1.3;

/// Hertz of the note above which a bend is driven less: higher up, what it adds lies past the top of hearing.
const FULL_DRIVE_HERTZ: f32 = 600.0;

/// Lowest corner of the ladder.
const LOWEST_HERTZ: f32 = 20.0;

/// Channels that go through the ladder side by side.
const LANES: usize = 4;

/// Which filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterKind {
    /// Two poles.
    Low12,
    /// Four poles, clean.
    Low24,
    /// Four poles that bend and squelch.
    Ladder,
    High,
}

/// How the channels of a note are shaped in one chunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shaping {
    filter: FilterKind,
    /// The filter's corner in the first half of the chunk and in the second.
    hertz: [f32; 2],
    /// 1/Q of both stages of the clean filters.
    dampings: [f32; 2],
    /// Of the ladder, 0 to 1.
    resonance: f32,
    /// Gain into the bend, past one: of a low note, and of this one.
    full_drive: f32,
    drive: f32,
    is_bent: bool,
    /// Bends and products of waves leave a constant behind.
    blocks_dc: bool,
}

impl Shaping {
    /// What a preset and a player ask for; the filter's corner begins at `hertz`.
    pub(super) fn new(preset: &SubtractivePreset, hertz: f32, tweaks: &Tweaks) -> Self {
        let resonance = share(preset.resonance, tweaks.resonance());
        let drive = share(preset.drive, tweaks.drive());
        let full_drive = 6.0 * drive * drive;
        let (is_ladder, is_bent) = (preset.filter == FilterKind::Ladder, full_drive > 0.01);
        // Of two stages only the first resonates; before the ladder, none does.
        let damping = if is_ladder { FLAT } else { exp2(1.0 - 5.5 * resonance) };
        Self {
            filter: preset.filter,
            hertz: [hertz; 2],
            dampings: [damping, FLAT],
            resonance,
            full_drive,
            drive: full_drive,
            is_bent,
            blocks_dc: is_ladder || is_bent || preset.ring > 0.0,
        }
    }

    /// Moves the corner, halfway in the first half of the chunk; the note sounds at `note` hertz.
    pub(super) fn move_to(&mut self, hertz: f32, note: f32) {
        self.hertz = [0.5 * (self.hertz[1] + hertz), hertz];
        if self.full_drive > 0.0 {
            self.drive = self.full_drive * (FULL_DRIVE_HERTZ / note.max(FULL_DRIVE_HERTZ));
        }
    }

    fn is_still(&self) -> bool {
        self.hertz[0].to_bits() == self.hertz[1].to_bits()
    }
}

/// The memories of one channel.
#[derive(Debug, Clone, Default)]
pub(super) struct Shaper {
    bend: Bend,
    cascade: Cascade,
    ladder: Ladder,
    dc: DcBlocker,
}

/// A channel whose chunk is drawn and waits to be shaped.
#[derive(Debug)]
pub(super) struct Channel<'a> {
    pub(super) shaper: &'a mut Shaper,
    pub(super) shaping: &'a Shaping,
    pub(super) block: &'a mut Block,
}

/// Channels that wait until there are enough of one kind of filter.
#[derive(Debug, Default)]
pub(crate) struct Waiting<'a>([ArrayVec<Channel<'a>, LANES>; 4]);

impl<'a> Waiting<'a> {
    /// Takes a channel, which is shaped now or later.
    pub(super) fn push(&mut self, channel: Channel<'a>) {
        let alike = &mut self.0[channel.shaping.filter as usize];
        alike.push(channel);
        if alike.is_full() {
            shape(alike);
            alike.clear();
        }
    }

    /// Shapes all that are left.
    pub(crate) fn finish(mut self) {
        self.0.iter_mut().filter(|alike| !alike.is_empty()).for_each(|alike| shape(alike));
    }
}

/// Shapes up to [`LANES`] channels with filters of one kind.
fn shape(channels: &mut [Channel<'_>]) {
    let slope = match channels[0].shaping.filter {
        FilterKind::Low12 => Slope::Low12,
        FilterKind::Low24 | FilterKind::Ladder => Slope::Low24,
        FilterKind::High => Slope::High12,
    };
    let is_ladder = channels[0].shaping.filter == FilterKind::Ladder;
    for channel in channels.iter_mut().filter(|channel| channel.shaping.is_bent && !is_ladder) {
        let drive = channel.shaping.drive;
        channel.shaper.bend.run(1.0 + drive, 1.0 / (1.0 + 0.5 * drive), channel.block);
    }
    for pair in channels.chunks_mut(2) {
        filter(slope, is_ladder, pair);
    }
    if is_ladder {
        squelch(channels);
    }
    for channel in channels.iter_mut().filter(|channel| channel.shaping.blocks_dc) {
        channel.shaper.dc.run(channel.block);
    }
}

/// Filters one channel or two.
fn filter(slope: Slope, is_ladder: bool, channels: &mut [Channel<'_>]) {
    let is_still = is_ladder || channels.iter().all(|channel| channel.shaping.is_still());
    let corner = |half: usize| {
        let of = |channel: &Channel<'_>| {
            let hertz = if is_ladder { LADDER_HERTZ } else { channel.shaping.hertz[half] };
            (hertz, channel.shaping.dampings)
        };
        let (one, other) = (of(&channels[0]), of(&channels[channels.len() - 1]));
        Corner::new([one.0, other.0], [one.1, other.1])
    };
    let first = corner(0);
    let corners = [first, if is_still { first } else { corner(1) }];
    match channels {
        [one, other] => {
            let cascades = [&mut one.shaper.cascade, &mut other.shaper.cascade];
            Cascade::run(cascades, slope, &corners, [one.block, other.block]);
        }
        [one] => {
            let cascades = [&mut one.shaper.cascade, &mut Cascade::default()];
            Cascade::run(cascades, slope, &corners, [one.block, &mut SILENCE.clone()]);
        }
        _ => {}
    }
}

/// Sends up to [`LANES`] channels through their ladders.
fn squelch(channels: &mut [Channel<'_>]) {
    let lanes = |value: &dyn Fn(&Shaping) -> f32| {
        f32x4::new(core::array::from_fn(|lane| {
            channels.get(lane).map_or(1.0, |channel| value(channel.shaping))
        }))
    };
    let hertz = [0, 1].map(|half| lanes(&|shaping| shaping.hertz[half].max(LOWEST_HERTZ)));
    let (resonance, drive) = (lanes(&|shaping| shaping.resonance), lanes(&|shaping| shaping.drive + 1.0));
    let mut ladders = Ladders::joined(channels.iter().map(|channel| &channel.shaper.ladder));
    for at in (0..CHUNK).step_by(4) {
        if at % (CHUNK / 2) == 0 {
            ladders.tune(hertz[at / (CHUNK / 2)], resonance, drive);
        }
        let four = |channel: &Channel<'_>| channel.block[at..].first_chunk().copied().unwrap_or_default();
        let blocks = core::array::from_fn(|lane| f32x4::new(channels.get(lane).map_or([0.0; 4], four)));
        let frames = f32x4::transpose(blocks).map(|x| ladders.next(x));
        for (channel, four) in channels.iter_mut().zip(f32x4::transpose(frames)) {
            channel.block[at..at + 4].copy_from_slice(&four.to_array());
        }
    }
    for (channel, ladder) in channels.iter_mut().zip(ladders.parted()) {
        channel.shaper.ladder = ladder;
    }
}
