//! A delay whose time fades over to another.

use super::delay_line::{Channel, DelayLine};

/// Frames over which a changed delay time fades over: 21 ms, without the pitch bend of a moving tap.
const GLIDE_FRAMES: u32 = 1_024;

/// A delay time that fades over to another.
#[derive(Clone, Copy, Debug)]
struct Glide {
    now: usize,
    next: usize,
    target: usize,
    /// Frames until `now` has become `next`.
    left: u32,
}

impl Glide {
    fn at(frames: usize) -> Self {
        Self { now: frames, next: frames, target: frames, left: 0 }
    }

    /// Goes to `frames`: at once, or after what is fading over has done so.
    fn aim(&mut self, frames: usize, at_once: bool) {
        if at_once {
            *self = Self::at(frames);
        } else {
            self.target = frames;
            self.depart();
        }
    }

    /// Moves on after `frames` frames were read.
    fn advance(&mut self, frames: usize) {
        if self.left > 0 {
            self.left = self.left.saturating_sub(frames as u32);
            if self.left == 0 {
                self.now = self.next;
            }
        }
        self.depart();
    }

    fn depart(&mut self) {
        if self.left == 0 && self.target != self.now {
            self.next = self.target;
            self.left = GLIDE_FRAMES;
        }
    }

    /// The longest delay in use.
    fn longest(&self) -> usize {
        self.now.max(self.next).max(self.target)
    }
}

/// A delay line that is read at such a delay.
#[derive(Debug)]
pub(super) struct Echo {
    line: DelayLine,
    glide: Glide,
}

impl Echo {
    /// A silent line for delays of up to `frames` frames.
    #[inline(never)]
    pub(super) fn new(frames: usize) -> Self {
        Self { line: DelayLine::new(frames), glide: Glide::at(frames) }
    }

    /// Goes to a delay of `frames` frames, at least a quantum, to which the line is fitted: at once, or as soon as the line holds so much and
    /// what is fading over has done so. To be called before each quantum.
    pub(super) fn follow(&mut self, frames: usize, at_once: bool) {
        self.line.fit(if at_once { frames } else { self.longest().max(frames) });
        if at_once || self.line.holds(frames) {
            self.glide.aim(frames, at_once);
        }
    }

    /// What comes back in the next quantum.
    pub(super) fn heard(&mut self) -> &Channel {
        let is_there = self.glide.left == 0 && self.line.holds(self.glide.now);
        let place = if is_there { self.line.place(self.glide.now) } else { self.fade() };
        self.line.quantum(place)
    }

    /// Room for what goes in, to be filled before [`Echo::advance`].
    pub(super) fn next(&mut self) -> &mut Channel {
        self.line.next()
    }

    /// Lays aside what comes back while the delay fades over, or what is silence in part.
    #[inline(never)]
    fn fade(&mut self) -> usize {
        let mut samples: Channel = self.line.read(self.glide.now);
        if self.glide.left > 0 {
            let next: Channel = self.line.read(self.glide.next);
            for (i, (sample, next)) in samples.iter_mut().zip(&next).enumerate() {
                let left = self.glide.left.saturating_sub(i as u32 + 1) as f32 / GLIDE_FRAMES as f32;
                *sample = next + (*sample - next) * left;
            }
        }
        self.line.lay_aside(&samples)
    }

    /// Goes on by so many frames.
    pub(super) fn advance(&mut self, frames: usize) {
        self.line.advance(frames);
        self.glide.advance(frames);
    }

    /// Forgets all sound.
    pub(super) fn clear(&mut self) {
        self.line.clear();
    }

    /// The longest delay in use.
    pub(super) fn longest(&self) -> usize {
        self.glide.longest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_delay_is_heard_when_the_line_holds_it() {
        let mut echo = Echo::new(1_000);
        echo.follow(100, true);
        let mut blocks = 0;
        while echo.glide.now != 500 {
            echo.follow(500, false);
            assert!(echo.glide.left == 0 || echo.line.holds(500));
            echo.next().fill(1.0);
            echo.advance(64);
            blocks += 1;
        }
        assert_eq!(blocks, 8 + 16, "until the line holds it, and to fade over");
    }

    #[test]
    fn a_glide_ends_at_its_last_target() {
        let mut glide = Glide::at(100);
        glide.aim(500, false);
        glide.aim(200, false);
        for _ in 0..40 {
            glide.advance(64);
        }
        assert_eq!((glide.now, glide.left), (200, 0));
    }
}
