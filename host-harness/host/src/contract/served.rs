//! What a version of the contract that this host serves consists of.

use std::sync::Arc;

use wasmtime::component::{InstancePre, Linker};

use crate::contract::component::Component;
use crate::contract::version::ContractVersion;
use crate::sandbox::state::CallState;

/// The contract's package.
pub(crate) const PACKAGE: &str = "polysync:job-type";

/// The name of an interface in the package, and its functions.
pub(crate) struct Interface {
    pub(crate) name: &'static str,
    pub(crate) functions: &'static [&'static str],
}

/// A version of the contract that this host serves.
pub(crate) struct Served {
    pub(crate) version: ContractVersion,
    /// What a plugin exports.
    pub(crate) export: Interface,
    /// What a plugin may import.
    pub(crate) imports: &'static [Interface],
    /// Offers the imports to components of this version.
    pub(crate) add_to_linker: fn(&mut Linker<CallState>) -> wasmtime::Result<()>,
    /// A component of this version, if it has the contract's exports.
    pub(crate) component: fn(InstancePre<CallState>) -> wasmtime::Result<Arc<dyn Component>>,
}
