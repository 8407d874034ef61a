//! Which places of the interface a patch touches: what is drawn anew, and nothing else.

use score::edit::PatternRef;
use score::patch::{SessionField, TrackField};
use score::{SceneId, ScorePatch, TrackId};
use view::ViewPatch;

/// A place that is drawn by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// All of them.
    Everything,
    /// The session's name.
    Name,
    /// The tempo.
    Tempo,
    /// The session's swing.
    Swing,
    /// The time signature.
    Meter,
    /// The scale.
    Scale,
    /// Whether the scale's pitches alone are offered.
    ScaleLock,
    /// The stretch that repeats.
    Loop,
    /// Which tracks there are, in which order.
    Order,
    /// A track with all it holds.
    Track(TrackId),
    /// A property of a track.
    Facet(TrackId, Facet),
    /// How many steps a track's pattern has.
    Length(TrackId),
    /// A step, from 0.
    Cell(TrackId, u16),
    /// Who is here.
    Players,
    /// How the session is connected.
    Connection,
    /// The master's effects.
    Master,
    /// The named versions.
    Versions,
    /// What can be undone and redone.
    History,
    /// Whether the session plays.
    Timeline,
}

/// A property of a track that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Facet {
    /// Its name.
    Name,
    /// Its instrument.
    Instrument,
    /// Its fader.
    Volume,
    /// Its place between left and right.
    Pan,
    /// The shared mix's mute.
    Mute,
    /// Its transposition.
    Transpose,
    /// Its swing.
    Swing,
    /// Whether its one-shots are cut.
    Gate,
    /// Its choke group.
    Choke,
    /// Its colour.
    Colour,
    /// The settings of its instrument.
    Params,
    /// The settings of its effects.
    Effects,
}

/// The places that a patch touches where this scene is shown.
pub(crate) fn touched(shown: SceneId, patch: &ViewPatch) -> Vec<Place> {
    match patch {
        ViewPatch::Reset(_) => vec![Place::Everything],
        ViewPatch::Score { changes, .. } => {
            changes.iter().filter_map(|change| of_score(shown, change)).collect()
        }
        ViewPatch::Players(_) => vec![Place::Players],
        ViewPatch::Connection(_) => vec![Place::Connection],
        ViewPatch::History { .. } => vec![Place::History],
        ViewPatch::Timeline(_) => vec![Place::Timeline],
        ViewPatch::Passing { .. } | ViewPatch::Notice(_) => Vec::new(),
    }
}

fn of_score(shown: SceneId, patch: &ScorePatch) -> Option<Place> {
    let is_shown = |at: &PatternRef| at.scene == shown;
    match patch {
        // Another scene may be the first one now.
        ScorePatch::Reset(_) | ScorePatch::Scene(..) => Some(Place::Everything),
        ScorePatch::Session(field) => of_session(field),
        ScorePatch::TrackAdded(id, _) => Some(Place::Track(*id)),
        ScorePatch::Track(id, field) => Some(of_track(*id, field)),
        ScorePatch::Length(at, _) => is_shown(at).then_some(Place::Length(at.track)),
        ScorePatch::Step(at, number, _) => is_shown(at).then_some(Place::Cell(at.track, *number)),
        ScorePatch::SongEntry(..)
        | ScorePatch::Sample(..)
        | ScorePatch::Slices(..)
        | ScorePatch::Chat(..) => None,
        ScorePatch::Version(..) => Some(Place::Versions),
    }
}

fn of_session(field: &SessionField) -> Option<Place> {
    match field {
        SessionField::Name(_) => Some(Place::Name),
        SessionField::Tempo(_) => Some(Place::Tempo),
        SessionField::Swing(_) => Some(Place::Swing),
        SessionField::Meter(_) => Some(Place::Meter),
        SessionField::Scale(_) => Some(Place::Scale),
        SessionField::ScaleLock(_) => Some(Place::ScaleLock),
        SessionField::LoopRegion(_) => Some(Place::Loop),
        SessionField::MasterEffect(..) => Some(Place::Master),
        _ => None,
    }
}

fn of_track(id: TrackId, field: &TrackField) -> Place {
    let facet = match field {
        TrackField::Order(_) | TrackField::Deleted(_) => return Place::Order,
        TrackField::Name(_) => Facet::Name,
        TrackField::Instrument(_) => Facet::Instrument,
        TrackField::Volume(_) => Facet::Volume,
        TrackField::Pan(_) => Facet::Pan,
        TrackField::Mute(_) => Facet::Mute,
        TrackField::Transpose(_) => Facet::Transpose,
        TrackField::Swing(_) => Facet::Swing,
        TrackField::Gate(_) => Facet::Gate,
        TrackField::Choke(_) => Facet::Choke,
        TrackField::Colour(_) => Facet::Colour,
        TrackField::Param(..) => Facet::Params,
        TrackField::Effect(..) => Facet::Effects,
    };
    Place::Facet(id, facet)
}

#[cfg(test)]
mod tests {
    use score::{PlayerKey, Step};

    use super::*;

    fn by_someone(changes: Vec<ScorePatch>) -> ViewPatch {
        ViewPatch::Score { by: PlayerKey([7; 32]), changes }
    }

    #[test]
    fn a_step_touches_its_cell_and_not_its_row() {
        let (track, scene) = (TrackId::from_random(1), SceneId::from_random(2));
        let step = |scene| ScorePatch::Step(PatternRef { track, scene }, 4, Box::new(Step::active()));
        assert_eq!(touched(scene, &by_someone(vec![step(scene)])), [Place::Cell(track, 4)]);
        assert_eq!(touched(scene, &by_someone(vec![step(SceneId::from_random(3))])), [], "it is not shown");
    }

    #[test]
    fn each_property_has_its_own_place() {
        let track = TrackId::from_random(1);
        let changes = vec![
            ScorePatch::Track(track, TrackField::Volume(0.5)),
            ScorePatch::Track(track, TrackField::Deleted(true)),
            ScorePatch::Session(SessionField::Swing(20.0)),
            ScorePatch::Track(track, TrackField::Param("cutoff".to_owned(), None)),
        ];
        let places = touched(SceneId::from_random(2), &by_someone(changes));
        let expected = [
            Place::Facet(track, Facet::Volume),
            Place::Order,
            Place::Swing,
            Place::Facet(track, Facet::Params),
        ];
        assert_eq!(places, expected);
    }
}
