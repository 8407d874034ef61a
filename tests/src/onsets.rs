//! Beats in recorded sound.

/// Where sound begins after at least a twentieth of a second below the threshold.
pub fn onsets(samples: &[f32]) -> Vec<usize> {
    let mut quiet = usize::MAX;
    let mut onsets = Vec::new();
    for (frame, sample) in samples.iter().enumerate() {
        if sample.abs() < 1e-3 {
            quiet = quiet.saturating_add(1);
        } else {
            if quiet > 2_400 {
                onsets.push(frame);
            }
            quiet = 0;
        }
    }
    onsets
}
