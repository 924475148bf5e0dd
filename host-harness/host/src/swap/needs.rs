//! What a slot does about a plugin that asks for more than was granted.

use crate::access::grants::Grants;

/// Whether a plugin takes over that asks for more than was granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhenNeedsGrow {
    /// The swap fails with [`LoadFault::NeedsGrow`](crate::LoadFault::NeedsGrow), and the plugin that
    /// serves goes on. A plugin that can't reach its platform is worse than the old one.
    #[default]
    Refuse,
    /// The plugin takes over, without what isn't granted; [`Swap::Done`](crate::Swap::Done) names it.
    Swap,
}

/// What the operator of a slot has decided about the needs of plugins.
///
/// The host first looks at a connection at a swap. What the plugin that serves then asks for counts as
/// decided, whatever of it was granted: the connection was made with its needs in view. What a later
/// plugin asks for beyond that is missing, unless the connection is granted it, or it is among the grants
/// here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NeedsPolicy {
    /// What happens at a swap to a plugin that asks for something that is missing.
    pub when_needs_grow: WhenNeedsGrow,
    /// What the slot's connections are granted. It isn't granted by being here: each connection has the
    /// grants of its [`Access`](crate::Access).
    pub granted: Grants,
}
