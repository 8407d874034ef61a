//! Which frames of a recording a note reads, and in which order.

use super::data::{Sample, SampleData};

/// Shortest stretch that is repeated; a shorter one plays once.
const MIN_LOOP_FRAMES: usize = 32;

/// Over how many frames a step between the end of a loop and its beginning is bent away: 2 ms.
const SEAM_FRAMES: usize = 96;

/// How many neighbouring frames on either side of a seam say which steps are music.
const NEAR_FRAMES: usize = 8;

/// What a note asks of its recording.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Which slice, from 1; 0 is the whole recording.
    pub(super) slice: usize,
    /// Where the note begins and ends, as shares of the slice.
    pub(super) start: f32,
    pub(super) end: f32,
    pub(super) reverse: bool,
    pub(super) repeat: bool,
}

/// A stretch of a recording in the direction it is read; places are counted along it from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    first: usize,
    frames: usize,
    reverse: bool,
    /// Present when the stretch repeats.
    seam: Option<Seam>,
}

/// Where the end of a loop meets its beginning.
#[derive(Clone, Copy, Debug)]
struct Seam {
    frames: usize,
    /// The step from the last frame to the first, in each channel.
    step: [f32; 2],
}

impl Route {
    /// The route that a note wants; `None` when it leads nowhere.
    pub(super) fn find(sample: &Sample, wanted: Wanted) -> Option<Self> {
        let whole = sample.data.frames();
        let (from, to) = slice(whole, &sample.cuts, wanted.slice);
        let place = |share: f32| from + (f64::from(share.clamp(0.0, 1.0)) * (to - from) as f64) as usize;
        let (first, end) = (place(wanted.start), place(wanted.end));
        if first >= end {
            return None;
        }
        let mut route = Self { first, frames: end - first, reverse: wanted.reverse, seam: None };
        if wanted.repeat && route.frames >= MIN_LOOP_FRAMES {
            let left = route.seam_step(sample.data.left());
            let right = sample.data.right().map_or(left, |right| route.seam_step(right));
            let frames = SEAM_FRAMES.min(route.frames / 2);
            route.seam = Some(Seam { frames, step: [left, right] });
        }
        Some(route)
    }

    /// Its length.
    pub(super) fn frames(&self) -> usize {
        self.frames
    }

    /// Whether it begins again at its end.
    pub(super) fn repeats(&self) -> bool {
        self.seam.is_some()
    }

    /// Whether it begins where the recording does: there, a sharp beginning is music.
    pub(super) fn begins_with_the_recording(&self) -> bool {
        self.first == 0 && !self.reverse
    }

    /// The frame of the recording at or below a place (in units of 2^-32 frames), and how far the place lies past it.
    pub(super) fn frame_at(&self, place: u64) -> (i64, u32) {
        let at = if self.reverse {
            (((self.first + self.frames - 1) as i64) << 32) - place as i64
        } else {
            ((self.first as i64) << 32) + place as i64
        };
        (at >> 32, at as u32)
    }

    /// Whether the frames `from..from + count` of the recording can be read as they lie there.
    pub(super) fn is_plain(&self, data: &SampleData, from: i64, count: usize, repeated: bool) -> bool {
        let Some(seam) = self.seam else {
            return from >= 0 && from as u64 + count as u64 <= data.frames() as u64;
        };
        let bent = if repeated { seam.frames } else { 0 };
        let (low, high) = if self.reverse { (0, bent) } else { (bent, 0) };
        let (low, high) = (self.first + low, self.first + self.frames - high);
        from >= low as i64 && from + count as i64 <= high as i64
    }

    /// What the frame `at` of the recording is along this route: beyond its ends a loop goes on with itself, anything else
    /// with what the recording holds there.
    pub(super) fn value(&self, channel: &[f32], side: usize, at: i64, repeated: bool) -> f32 {
        let held = |at: i64| usize::try_from(at).ok().and_then(|at| channel.get(at)).copied().unwrap_or(0.0);
        let Some(seam) = self.seam else { return held(at) };
        let (first, frames) = (self.first as i64, self.frames as i64);
        let along = if self.reverse { first + frames - 1 - at } else { at - first };
        if along < 0 && !repeated {
            return held(at);
        }
        let place = along.rem_euclid(frames);
        let at = if self.reverse { first + frames - 1 - place } else { first + place };
        let is_later_pass = repeated && along >= 0 || along >= frames;
        let bend = if is_later_pass && place < seam.frames as i64 {
            seam.step[side] * (1.0 - place as f32 / seam.frames as f32)
        } else {
            0.0
        };
        held(at) - bend
    }

    /// The step from the end of the loop to its beginning, or zero when the music around it steps as far.
    fn seam_step(&self, channel: &[f32]) -> f32 {
        let stretch = &channel[self.first..self.first + self.frames];
        let near =
            |frames: &[f32]| frames.windows(2).fold(0.0, |most: f32, two| most.max((two[1] - two[0]).abs()));
        let usual = near(&stretch[..NEAR_FRAMES]).max(near(&stretch[stretch.len() - NEAR_FRAMES..]));
        let step = stretch[0] - stretch[stretch.len() - 1];
        if step.abs() <= usual * 2.0 {
            0.0
        } else if self.reverse {
            -step
        } else {
            step
        }
    }
}

/// Where a slice begins and ends; one past the last is the last.
fn slice(frames: usize, cuts: &[u64], number: usize) -> (usize, usize) {
    let cut = |index: usize| cuts.get(index).map_or(frames, |&cut| (cut as usize).min(frames));
    match number.min(cuts.len()) {
        0 => (0, frames),
        number => (cut(number - 1), cut(number)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const WHOLE: Wanted = Wanted { slice: 0, start: 0.0, end: 1.0, reverse: false, repeat: false };

    fn sample(frames: &[f32], cuts: &[u64]) -> Sample {
        Sample { data: Arc::new(SampleData::from_interleaved(frames, 1).unwrap()), cuts: cuts.into() }
    }

    fn ends(sample: &Sample, wanted: Wanted) -> Option<(usize, usize)> {
        Route::find(sample, wanted).map(|route| (route.first, route.first + route.frames))
    }

    #[test]
    fn slices_end_where_the_next_begins_and_are_trimmed_in_themselves() {
        let sample = sample(&[0.0; 100], &[10, 40, 90]);
        let of = |slice| ends(&sample, Wanted { slice, ..WHOLE });
        assert_eq!(
            [of(0), of(1), of(2), of(3), of(9)].map(Option::unwrap),
            [(0, 100), (10, 40), (40, 90), (90, 100), (90, 100)]
        );
        assert_eq!(ends(&sample, Wanted { slice: 2, start: 0.5, end: 0.8, ..WHOLE }), Some((65, 80)));
        assert_eq!(ends(&sample, Wanted { start: 0.7, end: 0.7, ..WHOLE }), None);
    }

    #[test]
    fn cuts_past_the_end_lead_nowhere() {
        let sample = sample(&[0.0; 100], &[50, 5_000, u64::MAX]);
        assert_eq!(ends(&sample, Wanted { slice: 1, ..WHOLE }), Some((50, 100)));
        assert_eq!(ends(&sample, Wanted { slice: 2, ..WHOLE }), None);
    }

    #[test]
    fn a_loop_meets_its_beginning_without_a_step() {
        let rising: Vec<f32> = (0..1_000).map(|i| i as f32 * 0.001).collect();
        for reverse in [false, true] {
            let sample = sample(&rising, &[]);
            let route = Route::find(&sample, Wanted { repeat: true, reverse, ..WHOLE }).unwrap();
            let value = |place: i64| {
                let at = if reverse { 999 - place } else { place };
                route.value(sample.data.left(), 0, at, true)
            };
            for place in 900..1_200 {
                assert!((value(place + 1) - value(place)).abs() < 0.015, "at {place}, reverse {reverse}");
            }
        }
    }

    #[test]
    fn a_loop_that_fits_is_left_alone() {
        let wave: Vec<f32> = (0..480).map(|i| libm::sinf(i as f32 * core::f32::consts::TAU / 96.0)).collect();
        let sample = sample(&wave, &[]);
        let route = Route::find(&sample, Wanted { repeat: true, ..WHOLE }).unwrap();
        for place in 0..480 {
            assert_eq!(route.value(&wave, 0, place + 480, true).to_bits(), wave[place as usize].to_bits());
        }
    }
}
