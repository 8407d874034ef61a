//! Who frees recordings: never the audio thread.

use std::sync::{Arc, Mutex, PoisonError};

use super::data::{SampleData, Samples};

/// A handle to every recording that the processor may hold one of.
///
/// Both halves of an engine share it. The control half alone locks it; the processor only keeps it alive, so that the last
/// handle to a recording is never a voice's, whichever half is dropped first.
#[derive(Debug, Default)]
pub(crate) struct Bank {
    samples: Samples,
    /// No longer wanted, but perhaps still sounding.
    leaving: Vec<Arc<SampleData>>,
}

/// The bank that both halves hold.
pub(crate) type SharedBank = Arc<Mutex<Bank>>;

impl Bank {
    /// Works on a bank. A control half that panicked in here has left nothing half done.
    pub(crate) fn with<T>(shared: &SharedBank, work: impl FnOnce(&mut Self) -> T) -> T {
        work(&mut shared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the recordings that programs may ask for.
    pub(crate) fn replace(&mut self, samples: Samples) {
        let gone = std::mem::replace(&mut self.samples, samples);
        self.leaving.extend(gone.into_values().map(|sample| sample.data));
        self.sweep();
    }

    /// The recordings that programs may ask for.
    pub(crate) fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Frees what nobody else holds any more.
    pub(crate) fn sweep(&mut self) {
        self.leaving.retain(|data| Arc::strong_count(data) > 1);
    }
}

#[cfg(test)]
mod tests {
    use score::id::SampleHash;

    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_recording_stays_until_the_last_voice_has_let_go() {
        let data = Arc::new(SampleData::from_interleaved(&[0.0; 8], 1).unwrap());
        let sample = Sample { data: data.clone(), cuts: Arc::default() };
        let mut bank = Bank::default();
        bank.replace([(SampleHash([1; 32]), sample.clone())].into());
        bank.replace(Samples::new());
        let (voice, outside) = (sample, Arc::downgrade(&data));
        drop(data);
        bank.sweep();
        assert!(outside.upgrade().is_some());
        drop(voice);
        assert!(outside.upgrade().is_some(), "letting go frees nothing");
        bank.sweep();
        assert!(outside.upgrade().is_none());
    }
}
