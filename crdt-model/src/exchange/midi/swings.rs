//! The swing of a file: one for the session where its voices agree, else one for each.

/// The swing that voices show.
pub(super) struct Swings {
    shown: Vec<Option<f32>>,
    /// That of all voices that show one, if they agree: the session's.
    pub(super) shared: Option<f32>,
    /// That of most of them.
    usual: f32,
}

impl Swings {
    pub(super) fn of(shown: Vec<Option<f32>>) -> Self {
        let mut swings = shown.iter().copied().flatten();
        let first = swings.next();
        let shared = first.filter(|first| swings.all(|swing| (swing - first).abs() < f32::EPSILON));
        let agreeing =
            |swing: f32| shown.iter().flatten().filter(|other| (*other - swing).abs() < f32::EPSILON).count();
        let usual = shown.iter().copied().flatten().max_by_key(|&swing| agreeing(swing)).unwrap_or(0.0);
        Self { shown, shared, usual }
    }

    /// The swing with which a voice plays, and how much of it is its own.
    pub(super) fn of_part(&self, at: usize) -> (f32, f32) {
        match (self.shared, self.shown[at]) {
            (Some(shared), _) => (shared, 0.0),
            (None, shown) => (shown.unwrap_or(self.usual), shown.unwrap_or(self.usual)),
        }
    }
}
