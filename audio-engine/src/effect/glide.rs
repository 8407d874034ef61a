//! A delay time that fades over to another.

use super::delay_line::DelayLine;

/// Frames over which a changed delay time fades over: 21 ms, without the pitch bend of a moving tap.
pub(super) const GLIDE_FRAMES: u32 = 1_024;

/// A delay time that fades over to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glide {
    pub(super) now: usize,
    pub(super) next: usize,
    target: usize,
    /// Frames until `now` has become `next`.
    pub(super) left: u32,
}

impl Glide {
    pub(super) fn at(frames: usize) -> Self {
        Self { now: frames, next: frames, target: frames, left: 0 }
    }

    /// Goes to `frames` frames in these lines, which are fitted to it: at once, or as soon as the lines hold so much and what is
    /// fading over has done so. To be called before each block.
    pub(super) fn follow(&mut self, frames: usize, lines: &mut [DelayLine], at_once: bool) {
        let longest = if at_once { frames } else { self.longest().max(frames) };
        for line in lines.iter_mut() {
            line.fit(longest);
        }
        if at_once || lines.iter().all(|line| line.holds(frames)) {
            self.aim(frames, at_once);
        }
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
    pub(super) fn advance(&mut self, frames: usize) {
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
    pub(super) fn longest(&self) -> usize {
        self.now.max(self.next).max(self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_delay_is_heard_when_the_line_holds_it() {
        let (mut glide, mut lines) = (Glide::at(100), [DelayLine::new(1_000)]);
        glide.follow(100, &mut lines, true);
        let mut blocks = 0;
        while glide.now != 500 {
            glide.follow(500, &mut lines, false);
            assert!(glide.left == 0 || lines[0].holds(500));
            lines[0].write(&[1.0; 64], 64);
            glide.advance(64);
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
