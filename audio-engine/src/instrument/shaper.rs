//! What follows the oscillators of a subtractive note: a bend, a filter, the ladder, a blocker of DC.
//!
//! A filter waits for itself from frame to frame, so the channels of as many notes as there are go through theirs side by side, each in
//! lanes of its own: of a note alone the lanes of the others are idle. No lane hears another, and so nobody hears who is beside whom.

use arrayvec::ArrayVec;
use wide::f32x4;

use super::subtractive::SubtractivePreset;
use super::tweaks::{Tweaks, share};
use crate::dsp::bend::{Bend, Drive};
use crate::dsp::cascade::{Corner, Stage, Stages};
use crate::dsp::dc::{DcBlocker, DcBlockers};
use crate::dsp::ladder::{Ladder, Ladders, Tuning};
use crate::dsp::math::exp2;
use crate::dsp::{Block, CHUNK};

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
    /// Before the filter; the ladder bends by itself.
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
        let (is_ladder, is_driven) = (preset.filter == FilterKind::Ladder, full_drive > 0.01);
        // Of two stages only the first resonates; before the ladder, none does.
        let damping = if is_ladder { FLAT } else { exp2(1.0 - 5.5 * resonance) };
        Self {
            filter: preset.filter,
            hertz: [hertz; 2],
            dampings: [damping, FLAT],
            resonance,
            full_drive,
            drive: full_drive,
            is_bent: is_driven && !is_ladder,
            blocks_dc: is_ladder || is_driven || preset.ring > 0.0,
        }
    }

    /// Moves the corner, halfway in the first half of the chunk; the note sounds at `note` hertz.
    pub(super) fn move_to(&mut self, hertz: f32, note: f32) {
        self.hertz = [0.5 * (self.hertz[1] + hertz), hertz];
        if self.full_drive > 0.0 {
            self.drive = self.full_drive * (FULL_DRIVE_HERTZ / note.max(FULL_DRIVE_HERTZ));
        }
    }
}

/// The memories of one channel.
#[derive(Debug, Clone, Default)]
pub(super) struct Shaper {
    bend: Bend,
    stages: [Stage; 2],
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
    let Some(filter) = channels.first().map(|channel| channel.shaping.filter) else { return };
    if channels.iter().any(|channel| channel.shaping.is_bent) {
        bend(channels);
    }
    match filter {
        FilterKind::Low12 => filter_once::<false>(channels),
        FilterKind::High => filter_once::<true>(channels),
        FilterKind::Low24 => filter_twice(channels, false),
        FilterKind::Ladder => {
            filter_twice(channels, true);
            squelch(channels);
        }
    }
    if channels.iter().any(|channel| channel.shaping.blocks_dc) {
        block_dc(channels);
    }
}

/// Bends those channels that are to be, two by two.
fn bend(channels: &mut [Channel<'_>]) {
    let drive = |channel: &Channel<'_>| Drive::past_one(channel.shaping.drive);
    let mut bent = channels.iter_mut().filter(|channel| channel.shaping.is_bent);
    while let Some(one) = bent.next() {
        let Some(other) = bent.next() else {
            one.shaper.bend.run(drive(one), one.block);
            return;
        };
        let drives = [drive(one), drive(other)];
        Bend::run_pair([&mut one.shaper.bend, &mut other.shaper.bend], drives, [one.block, other.block]);
    }
}

/// Filters the channels by one stage.
fn filter_once<const HIGH: bool>(channels: &mut [Channel<'_>]) {
    let damping = lanes(channels, |shaping| shaping.dampings[0]);
    let corners = [0, 1].map(|half| Corner::new(lanes(channels, |shaping| shaping.hertz[half]), damping));
    let mut stages = joined(channels, 0);
    run(channels, |_| true, |half, x| stages.next::<HIGH>(&corners[half], x));
    part(channels, 0, stages);
}

/// Filters the channels by two stages; what goes on to the ladder, at a corner of its own.
fn filter_twice(channels: &mut [Channel<'_>], before_ladder: bool) {
    let dampings = [0, 1].map(|stage| lanes(channels, |shaping| shaping.dampings[stage]));
    let corners = [0, 1].map(|half| {
        let hertz = lanes(channels, |shaping| if before_ladder { LADDER_HERTZ } else { shaping.hertz[half] });
        dampings.map(|damping| Corner::new(hertz, damping))
    });
    let (mut first, mut second) = (joined(channels, 0), joined(channels, 1));
    run(
        channels,
        |_| true,
        |half, x| {
            let between = first.next::<false>(&corners[half][0], x);
            second.next::<false>(&corners[half][1], between)
        },
    );
    part(channels, 0, first);
    part(channels, 1, second);
}

/// One stage of the channels' filters.
fn joined(channels: &[Channel<'_>], stage: usize) -> Stages {
    Stages::joined(channels.iter().map(|channel| &channel.shaper.stages[stage]))
}

/// Gives back what the stages hold.
fn part(channels: &mut [Channel<'_>], stage: usize, stages: Stages) {
    for (channel, held) in channels.iter_mut().zip(stages.parted()) {
        channel.shaper.stages[stage] = held;
    }
}

/// Sends the channels through their ladders.
fn squelch(channels: &mut [Channel<'_>]) {
    let hertz = [0, 1].map(|half| lanes(channels, |shaping| shaping.hertz[half].max(LOWEST_HERTZ)));
    let resonance = lanes(channels, |shaping| shaping.resonance);
    let drive = lanes(channels, |shaping| shaping.drive + 1.0);
    let tunings = hertz.map(|hertz| Tuning::new(hertz, resonance, drive));
    let mut ladders = Ladders::joined(channels.iter().map(|channel| &channel.shaper.ladder));
    run(channels, |_| true, |half, x| ladders.next(&tunings[half], x));
    for (channel, ladder) in channels.iter_mut().zip(ladders.parted()) {
        channel.shaper.ladder = ladder;
    }
}

/// Takes the constant out of those channels that may have one.
fn block_dc(channels: &mut [Channel<'_>]) {
    let mut blockers = DcBlockers::joined(channels.iter().map(|channel| &channel.shaper.dc));
    run(channels, |shaping| shaping.blocks_dc, |_, x| blockers.next(x));
    for (channel, blocker) in channels.iter_mut().zip(blockers.parted()) {
        channel.shaper.dc = blocker;
    }
}

/// A number of each channel, in its lane.
fn lanes(channels: &[Channel<'_>], of: impl Fn(&Shaping) -> f32) -> f32x4 {
    f32x4::new(core::array::from_fn(|lane| channels.get(lane).map_or(1.0, |channel| of(channel.shaping))))
}

/// Runs the channels through something frame by frame, all of them at a time; told in which half of the chunk. Only those that are meant
/// are changed.
#[inline]
fn run(
    channels: &mut [Channel<'_>],
    is_meant: impl Fn(&Shaping) -> bool,
    mut something: impl FnMut(usize, f32x4) -> f32x4,
) {
    for at in (0..CHUNK).step_by(4) {
        let four = |channel: &Channel<'_>| channel.block[at..].first_chunk().copied().unwrap_or_default();
        let blocks = core::array::from_fn(|lane| f32x4::new(channels.get(lane).map_or([0.0; 4], four)));
        let frames = f32x4::transpose(blocks).map(|x| something(at / (CHUNK / 2), x));
        for (channel, four) in channels.iter_mut().zip(f32x4::transpose(frames)) {
            if is_meant(channel.shaping) {
                channel.block[at..at + 4].copy_from_slice(&four.to_array());
            }
        }
    }
}
