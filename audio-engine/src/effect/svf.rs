//! The stereo state-variable filter of the filter and equaliser slots.

use crate::dsp::svf::{Svf, run_pairs};

pub(super) use crate::dsp::svf::Coefficients;

/// Frames for which coefficients stay the same.
pub(super) const CONTROL_FRAMES: usize = 16;

/// The filters of both channels.
pub(super) type Stereo = [Svf; 2];

/// Filters up to [`CONTROL_FRAMES`] frames in place, one filter after the other.
pub(super) fn run_series<const N: usize>(
    filters: &mut [Stereo; N],
    coefficients: [&Coefficients; N],
    left: &mut [f32],
    right: &mut [f32],
) {
    run_pairs(filters, coefficients, left, right);
}

/// Like [`run_series`] with two filters, of which the second one's share of the output is `share`.
pub(super) fn run_first_and_share(
    [one, two]: &mut [Stereo; 2],
    [first, second]: [&Coefficients; 2],
    share: f32,
    left: &mut [f32],
    right: &mut [f32],
) {
    run_pairs(core::array::from_mut(one), [first], left, right);
    let (mut l, mut r) = ([0.0; CONTROL_FRAMES], [0.0; CONTROL_FRAMES]);
    let (l, r) = (&mut l[..left.len()], &mut r[..right.len()]);
    l.copy_from_slice(left);
    r.copy_from_slice(right);
    run_pairs(core::array::from_mut(two), [second], l, r);
    for (channel, other) in [(left, l), (right, r)] {
        channel.iter_mut().zip(other).for_each(|(x, y)| *x += (*y - *x) * share);
    }
}
