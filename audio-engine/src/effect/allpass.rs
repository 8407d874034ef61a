//! An all-pass over a delay line, a quantum at a time.

use crate::smooth::QUANTUM_FRAMES;

/// Gain of the all-passes.
const DIFFUSION: f32 = 0.62;

/// A ring that is exactly as long as the delay, more than a quantum, so that what is read makes room for what is written.
///
/// Its first [`QUANTUM_FRAMES`] samples stand behind its end again, so that a quantum lies in one piece.
#[derive(Debug)]
pub(super) struct Allpass {
    ring: Box<[f32]>,
    at: usize,
}

impl Allpass {
    /// An all-pass with a delay of so many frames.
    pub(super) fn new(frames: usize) -> Self {
        Self { ring: vec![0.0; frames.max(QUANTUM_FRAMES) + QUANTUM_FRAMES].into_boxed_slice(), at: 0 }
    }

    /// Filters the first frames of a block in place.
    pub(super) fn run(&mut self, block: &mut [f32; QUANTUM_FRAMES], frames: usize) {
        let length = self.ring.len() - QUANTUM_FRAMES;
        let places = &mut self.ring[self.at..][..QUANTUM_FRAMES];
        for (x, place) in block.iter_mut().zip(places).take(frames) {
            let inner = *x - DIFFUSION * *place;
            *x = *place + DIFFUSION * inner;
            *place = inner;
        }
        let end = self.at + frames;
        if end > length {
            self.ring.copy_within(length..end, 0);
        }
        if self.at < QUANTUM_FRAMES {
            self.ring.copy_within(self.at..end.min(QUANTUM_FRAMES), length + self.at);
        }
        self.at = if end >= length { end - length } else { end };
    }

    pub(super) fn clear(&mut self) {
        self.ring.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_any_length_are_the_plain_recursion() {
        let input: Vec<f32> = (0..2_000_u32).map(|n| ((n * 7_919) % 200) as f32 / 100.0 - 1.0).collect();
        let mut expected = vec![0.0f32; input.len()];
        let mut inner = vec![0.0f32; input.len()];
        for n in 0..input.len() {
            let delayed = if n < 113 { 0.0 } else { inner[n - 113] };
            inner[n] = input[n] - DIFFUSION * delayed;
            expected[n] = delayed + DIFFUSION * inner[n];
        }
        let mut allpass = Allpass::new(113);
        let (mut done, mut sizes) = (0, [64, 64, 13, 64, 1, 50, 64].into_iter().cycle());
        while done < input.len() {
            let frames = sizes.next().unwrap_or(1).min(input.len() - done);
            let mut block = [9.0; QUANTUM_FRAMES];
            block[..frames].copy_from_slice(&input[done..][..frames]);
            allpass.run(&mut block, frames);
            assert!(block[..frames] == expected[done..][..frames], "from frame {done}");
            done += frames;
        }
    }
}
