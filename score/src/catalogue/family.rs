//! Families: how the interface groups, tints and offers instruments.

/// The group an instrument is offered in; each family has one tint in the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Kicks, snares, hats, hand percussion.
    Drums,
    /// Everything that carries the low line.
    Bass,
    /// Pianos, organs, mallets, and other keyboards.
    Keys,
    /// Melody voices, plucks and guitars.
    Leads,
    /// Pads, strings, sustained beds.
    Pads,
    /// Stabs, bells, textures, noises.
    Fx,
}

impl Family {
    /// Every family, in the order the interface lists them.
    pub const ALL: [Family; 6] =
        [Family::Drums, Family::Bass, Family::Keys, Family::Leads, Family::Pads, Family::Fx];

    /// The family's name as shown to players.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Drums => "Drums",
            Family::Bass => "Bass",
            Family::Keys => "Keys",
            Family::Leads => "Leads",
            Family::Pads => "Pads",
            Family::Fx => "FX",
        }
    }
}
