//! Where a long catch-up waits until it is whole.

use crate::trust::Coverage;
use crate::trust::limits::MAX_STAGED_BYTES;

/// The changes and vouchers that have come over one link so far. A voucher covers an actor's changes only together, so they are
/// admitted together.
#[derive(Debug, Default)]
pub struct Staging {
    changes: Vec<Vec<u8>>,
    coverage: Vec<Coverage>,
    bytes: usize,
}

/// The link has sent more than it may stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a peer may stage {MAX_STAGED_BYTES} bytes while catching up: admit what is whole, or close the link"
)]
pub struct StagingFull;

impl Staging {
    /// Adds a batch of changes.
    ///
    /// # Errors
    /// [`StagingFull`]; nothing is added.
    pub fn push_changes(&mut self, changes: Vec<Vec<u8>>) -> Result<(), StagingFull> {
        const AROUND: usize = size_of::<Vec<u8>>() + 8;
        self.grow(changes.iter().map(|change| change.len() + AROUND).sum())?;
        self.changes.extend(changes);
        Ok(())
    }

    /// Adds vouchers.
    ///
    /// # Errors
    /// [`StagingFull`]; nothing is added.
    pub fn push_coverage(&mut self, coverage: Vec<Coverage>) -> Result<(), StagingFull> {
        self.grow(coverage.iter().map(|coverage| size_of::<Coverage>() + 32 * coverage.beyond.len()).sum())?;
        self.coverage.extend(coverage);
        Ok(())
    }

    /// How many changes wait.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Takes everything out, for [`Admission::admit_batch`](crate::trust::Admission::admit_batch).
    pub fn take(&mut self) -> (Vec<Vec<u8>>, Vec<Coverage>) {
        self.bytes = 0;
        (std::mem::take(&mut self.changes), std::mem::take(&mut self.coverage))
    }

    fn grow(&mut self, bytes: usize) -> Result<(), StagingFull> {
        let grown =
            self.bytes.checked_add(bytes).filter(|&grown| grown <= MAX_STAGED_BYTES).ok_or(StagingFull)?;
        self.bytes = grown;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stages_no_more_than_its_bound() {
        let mut staging = Staging::default();
        let mebibyte = || vec![vec![0; 1 << 20]];
        let taken = (0..100).take_while(|_| staging.push_changes(mebibyte()).is_ok()).count();
        assert_eq!((taken, staging.len()), (63, 63));
        assert_eq!(staging.take().0.len(), 63);
        assert_eq!(staging.push_changes(mebibyte()), Ok(()));
    }
}
