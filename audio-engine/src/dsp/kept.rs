//! A value that is computed anew only where what it is computed from has changed.

/// The last value of a function of one number. [`Kept::at`] gives the same bits as computing it every time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<T> {
    of: f32,
    value: T,
}

impl<T: Copy> Kept<T> {
    /// The value at one place to begin with.
    pub(crate) fn new(of: f32, compute: impl FnOnce(f32) -> T) -> Self {
        Self { of, value: compute(of) }
    }

    /// The value at `of`.
    #[inline]
    pub(crate) fn at(&mut self, of: f32, compute: impl FnOnce(f32) -> T) -> T {
        if of.to_bits() != self.of.to_bits() {
            *self = Self::new(of, compute);
        }
        self.value
    }

    /// The value at `of`, or at a place less than `reach` from it.
    #[inline]
    pub(crate) fn near(&mut self, of: f32, reach: f32, compute: impl FnOnce(f32) -> T) -> T {
        if (of - self.of).abs() < reach { self.value } else { self.at(of, compute) }
    }
}
