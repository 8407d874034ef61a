//! What is open, playing and pointed at: nothing that others see.

use std::collections::VecDeque;
use std::sync::Arc;

use leptos::prelude::*;
use score::meter::LoopRegion;
use score::{PlayerKey, TrackId};
use view::{Page, SessionListing};

use super::Dock;
use crate::later::Later;
use crate::log;
use crate::model::overview::Seen;
use crate::model::selection::Selection;

/// Most lines that are shown for a while at once; the oldest makes room.
const MAX_TOASTS: usize = 4;

/// What lies over the grid. One at a time, and never in the way of the music.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Panel {
    /// How the session is connected.
    Connection,
    /// Who is here.
    People,
    /// How others come here.
    Invite,
    /// A beat was published here.
    Published(String),
    /// What else there is to do.
    Menu,
    /// As which files the session can be taken elsewhere.
    Export,
    /// The keys.
    Shortcuts,
    /// How everything fares.
    Diagnostics,
    /// Where the music goes on.
    Position,
    /// An instrument for a new track, or for this one.
    Instruments(Option<TrackId>),
    /// A step's locks.
    Step(TrackId, u16),
    /// What can be done with a track.
    Track(TrackId),
    /// How many steps a track's pattern has.
    Length(TrackId),
}

/// Where a panel belongs: the edges of what it was opened from, in pixels of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Anchor {
    /// Left edge.
    pub(crate) left: f64,
    /// Upper edge.
    pub(crate) top: f64,
    /// Right edge.
    pub(crate) right: f64,
    /// Lower edge.
    pub(crate) bottom: f64,
}

/// A line that is shown for a while.
#[derive(Clone, Default)]
pub(crate) struct Toast {
    /// Tells it from others with the same words.
    pub(crate) id: u32,
    /// To read.
    pub(crate) text: String,
    /// The colour of the player that it is about.
    pub(crate) colour: Option<u8>,
    /// What can be done about it, and how that is called.
    pub(crate) offer: Option<(&'static str, Offered)>,
}

/// What is offered outlives the place that offers it: a card, say, that is taken off the list.
pub(crate) type Offered = Arc<dyn Fn() + Send + Sync>;

/// An invitation that the host has given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Invitation {
    /// Opens in a browser.
    pub(crate) link: Option<String>,
    /// Joins directly.
    pub(crate) ticket: Option<String>,
}

/// The interface's own state.
pub(crate) struct Ui {
    /// What the page is about.
    pub(crate) page: RwSignal<Page>,
    /// What lies over the grid.
    pub(crate) panel: RwSignal<Option<Panel>>,
    /// Where it belongs.
    pub(crate) anchor: RwSignal<Anchor>,
    /// Lines that are shown for a while.
    pub(crate) toasts: RwSignal<VecDeque<Toast>>,
    /// Said by screen readers.
    pub(crate) said: RwSignal<String>,
    /// Whether this player hears the music when there is some.
    pub(crate) is_heard: RwSignal<bool>,
    /// Whether the sound is on its way.
    pub(crate) is_starting: RwSignal<bool>,
    /// Whether there is music that this page plays alone, before its session is there.
    pub(crate) is_alone: RwSignal<bool>,
    /// Notifies when the music has begun, ended or gone elsewhere.
    pub(crate) moves: RwSignal<()>,
    /// The step that the keyboard acts on.
    pub(crate) cursor: RwSignal<Option<(TrackId, u16)>>,
    /// The steps that are selected.
    pub(crate) selection: RwSignal<Selection>,
    /// The step that this player's pointer or keyboard was on last; the others see it.
    pub(crate) pointed: RwSignal<Option<(TrackId, u16)>>,
    /// The player whose cursor is kept in view.
    pub(crate) following: RwSignal<Option<PlayerKey>>,
    /// How much of a file is made, 0..=1, while one is.
    pub(crate) exporting: RwSignal<Option<f32>>,
    /// The sessions that are here.
    pub(crate) sessions: RwSignal<Option<Vec<SessionListing>>>,
    /// How others come here; `None` until the host has said it.
    pub(crate) invitation: RwSignal<Option<Invitation>>,
    /// Whether the session's host has answered.
    pub(crate) is_open: RwSignal<bool>,
    /// Whether the first link may still come.
    pub(crate) is_settling: RwSignal<bool>,
    /// How loud this player listens, 0..=1.
    pub(crate) level: RwSignal<f32>,
    /// Whether this player hears the metronome.
    pub(crate) clicks: RwSignal<bool>,
    /// The part of the grid that is seen.
    pub(crate) seen: RwSignal<Seen>,
    /// The stretch that repeated last.
    pub(crate) last_loop: StoredValue<Option<LoopRegion>>,
    /// The dock under the grid.
    pub(crate) dock: Dock,
    /// The part of the interface that loads later, once it is there.
    pub(crate) later: RwSignal<Option<&'static Later>>,
    next_toast: StoredValue<u32>,
    /// The page's clock, in milliseconds.
    clock: fn() -> f64,
}

impl Ui {
    /// The state of a page that has just been loaded.
    pub(crate) fn new(page: Page, clock: fn() -> f64) -> Self {
        Self {
            page: RwSignal::new(page),
            panel: RwSignal::new(None),
            anchor: RwSignal::new(Anchor::default()),
            toasts: RwSignal::new(VecDeque::new()),
            said: RwSignal::new(String::new()),
            is_heard: RwSignal::new(false),
            is_starting: RwSignal::new(false),
            is_alone: RwSignal::new(false),
            moves: RwSignal::new(()),
            cursor: RwSignal::new(None),
            selection: RwSignal::new(Selection::default()),
            pointed: RwSignal::new(None),
            following: RwSignal::new(None),
            exporting: RwSignal::new(None),
            sessions: RwSignal::new(None),
            invitation: RwSignal::new(None),
            is_open: RwSignal::new(false),
            is_settling: RwSignal::new(true),
            level: RwSignal::new(1.0),
            clicks: RwSignal::new(false),
            seen: RwSignal::new(Seen::default()),
            last_loop: StoredValue::new(None),
            dock: Dock::new(),
            later: RwSignal::new(None),
            next_toast: StoredValue::new(0),
            clock,
        }
    }

    /// Whether the page is a beat, which nobody can edit.
    pub(crate) fn is_beat(&self) -> bool {
        self.page.with(|page| matches!(page, Page::Beat { .. }))
    }

    /// Opens a panel, or closes it when it is open already.
    pub(crate) fn toggle(&self, panel: Panel, anchor: Anchor) {
        if self.panel.with_untracked(|open| open.as_ref() == Some(&panel)) {
            self.panel.set(None);
        } else {
            self.anchor.set(anchor);
            self.panel.set(Some(panel));
        }
    }

    /// Shows a line for a while, and has it said.
    pub(crate) fn remark(&self, text: impl Into<String>) {
        self.show_line(Toast { text: text.into(), ..Toast::default() });
    }

    /// Shows a line about the player of this colour for a while, and has it said.
    pub(crate) fn remark_of(&self, colour: u8, text: String) {
        self.show_line(Toast { text, colour: Some(colour), ..Toast::default() });
    }

    /// Shows a line with something to do about it.
    pub(crate) fn offer(&self, text: String, label: &'static str, act: impl Fn() + Send + Sync + 'static) {
        let offer = Some((label, Arc::new(act) as Offered));
        self.show_line(Toast { text, offer, ..Toast::default() });
    }

    fn show_line(&self, mut toast: Toast) {
        log::note((self.clock)(), toast.text.clone());
        let id = self.next_toast.try_update_value(|next| {
            *next = next.wrapping_add(1);
            *next
        });
        toast.id = id.unwrap_or_default();
        self.say(toast.text.clone());
        self.toasts.update(|toasts| {
            toasts.retain(|shown| shown.text != toast.text);
            toasts.push_back(toast);
            while toasts.len() > MAX_TOASTS {
                toasts.pop_front();
            }
        });
    }

    /// Has a line said by screen readers.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.said.set(text.into());
    }

    /// A line has been shown long enough.
    pub(crate) fn forget(&self, id: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shown_once_and_the_oldest_make_room() {
        let ui = Ui::new(Page::Home, || 0.0);
        for text in ["a", "b", "a", "c", "d", "e"] {
            ui.remark(text);
        }
        let shown: Vec<String> = ui.toasts.get_untracked().into_iter().map(|toast| toast.text).collect();
        assert_eq!(shown, ["a", "c", "d", "e"]);
    }

    #[test]
    fn what_opens_a_panel_closes_it_too() {
        let ui = Ui::new(Page::Home, || 0.0);
        ui.toggle(Panel::Menu, Anchor::default());
        ui.toggle(Panel::Invite, Anchor::default());
        assert_eq!(ui.panel.get_untracked(), Some(Panel::Invite));
        ui.toggle(Panel::Invite, Anchor::default());
        assert_eq!(ui.panel.get_untracked(), None);
    }
}
