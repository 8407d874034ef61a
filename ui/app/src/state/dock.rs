//! What the dock under the grid shows: nothing that others see.

use leptos::prelude::*;
use score::TrackId;
use score::catalogue::InstrumentIndex;
use view::{Past, PastAct};

/// Lowest and highest dock, in pixels; the style sheet keeps it within the window as well.
const HEIGHTS: (f64, f64) = (120.0, 900.0);
/// The id of what the open tab shows.
pub(crate) const DOCK_ID: &str = "dock-inside";
/// Its height before anybody has changed it, in pixels.
const USUAL_HEIGHT: f64 = 300.0;

/// A tab of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The locks of the step under the cursor.
    Step,
    /// The melodic grid and a keyboard.
    Keys,
    /// The instrument and its parameters.
    Sound,
    /// Levels.
    Mixer,
    /// The chains of effects.
    Effects,
    /// Patterns as text.
    Text,
    /// Who is here.
    People,
    /// What was done, and versions.
    History,
}

impl Tab {
    /// Every tab, in the dock's order.
    pub(crate) const ALL: [Self; 8] = [
        Self::Step,
        Self::Keys,
        Self::Sound,
        Self::Mixer,
        Self::Effects,
        Self::Text,
        Self::People,
        Self::History,
    ];

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Step => "Step",
            Self::Keys => "Keys",
            Self::Sound => "Sound",
            Self::Mixer => "Mixer",
            Self::Effects => "Effects",
            Self::Text => "Text",
            Self::People => "People",
            Self::History => "History",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == name)
    }

    /// The tab so many places on, around the end.
    pub(crate) fn next(self, by: isize) -> Self {
        let place = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0) as isize;
        Self::ALL[(place + by).rem_euclid(Self::ALL.len() as isize) as usize]
    }
}

/// The dock.
pub(crate) struct Dock {
    /// The open tab; `None` while the dock is closed.
    pub(crate) open: RwSignal<Option<Tab>>,
    /// The tab that was open last.
    pub(crate) last: RwSignal<Tab>,
    /// How high it stands, in pixels.
    pub(crate) height: RwSignal<f64>,
    /// Whether mixer and effects show how this player alone hears the session.
    pub(crate) is_mine: RwSignal<bool>,
    /// Whether the effects shown are the master's.
    pub(crate) is_master: RwSignal<bool>,
    /// What was done in the session, as the host said last.
    pub(crate) acts: RwSignal<Vec<PastAct>>,
    /// The state of the past that this player hears.
    pub(crate) heard: RwSignal<Option<Past>>,
    /// The instrument that this player tries out on a track.
    pub(crate) trial: StoredValue<Option<(TrackId, InstrumentIndex)>>,
}

impl Dock {
    /// A closed dock.
    pub(crate) fn new() -> Self {
        Self {
            open: RwSignal::new(None),
            last: RwSignal::new(Tab::Keys),
            height: RwSignal::new(USUAL_HEIGHT),
            is_mine: RwSignal::new(false),
            is_master: RwSignal::new(false),
            acts: RwSignal::new(Vec::new()),
            heard: RwSignal::new(None),
            trial: StoredValue::new(None),
        }
    }

    /// Opens a tab, or closes the dock when it is open already.
    pub(crate) fn toggle(&self, tab: Tab) {
        let is_open = self.open.get_untracked() == Some(tab);
        self.last.set(tab);
        self.open.set((!is_open).then_some(tab));
    }

    /// Opens a tab.
    pub(crate) fn show(&self, tab: Tab) {
        self.last.set(tab);
        self.open.set(Some(tab));
    }

    /// Opens the tab that was open last, or closes the dock.
    pub(crate) fn toggle_last(&self) {
        self.toggle(self.open.get_untracked().unwrap_or_else(|| self.last.get_untracked()));
    }

    /// Makes it so high, within reason.
    pub(crate) fn set_height(&self, pixels: f64) {
        self.height.set(pixels.clamp(HEIGHTS.0, HEIGHTS.1).round());
    }

    /// What is kept of it until the next visit.
    pub(crate) fn kept(&self) -> String {
        let open = if self.open.get().is_some() { "open" } else { "closed" };
        format!("{} {open} {}", self.last.get().name(), self.height.get())
    }

    /// Takes up what was kept; anything else is passed over.
    pub(crate) fn take_up(&self, kept: &str) {
        let mut words = kept.split(' ');
        let (tab, open, height) = (words.next().and_then(Tab::named), words.next(), words.next());
        if let Some(height) =
            height.and_then(|pixels| pixels.parse().ok()).filter(|pixels: &f64| pixels.is_finite())
        {
            self.set_height(height);
        }
        if let Some(tab) = tab {
            self.last.set(tab);
            self.open.set((open == Some("open")).then_some(tab));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_that_is_open_closes_the_dock() {
        let dock = Dock::new();
        dock.toggle(Tab::Mixer);
        dock.toggle(Tab::Text);
        assert_eq!(dock.open.get_untracked(), Some(Tab::Text));
        dock.toggle(Tab::Text);
        assert_eq!((dock.open.get_untracked(), dock.last.get_untracked()), (None, Tab::Text));
    }

    #[test]
    fn the_dock_stands_as_it_was_left_and_nonsense_changes_nothing() {
        let dock = Dock::new();
        dock.toggle(Tab::History);
        dock.set_height(5_000.0);
        let kept = untrack(|| dock.kept());
        let other = Dock::new();
        other.take_up(&kept);
        assert_eq!(
            (other.open.get_untracked(), other.height.get_untracked() as i32),
            (Some(Tab::History), 900)
        );
        for nonsense in ["", "Piano open 3", "Mixer open NaN inf", "  "] {
            other.take_up(nonsense);
            assert!(other.height.get_untracked() >= HEIGHTS.0, "{nonsense}");
        }
    }

    #[test]
    fn arrows_go_round_the_tabs() {
        assert_eq!(
            (Tab::Step.next(-1), Tab::History.next(1), Tab::Step.next(1)),
            (Tab::History, Tab::Step, Tab::Keys)
        );
    }
}
