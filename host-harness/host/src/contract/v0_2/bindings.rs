//! What is generated from `wit/0.2.0/`: the capabilities as traits, and the calls of a plugin.

/// The interface `types`, for the generated code: it has no functions, so that nothing is linked.
#[allow(unreachable_pub)]
#[expect(
    dead_code,
    reason = "only the generated function that links all interfaces at once names them"
)]
pub mod types {
    use wasmtime::component::{HasData, Linker};

    pub use crate::contract::types::*;

    pub trait Host {}

    pub trait HostWithStore<T>: HasData {}

    pub fn add_to_linker<T, D: HasData>(
        _: &mut Linker<T>,
        _: fn(&mut T) -> D::Data<'_>,
    ) -> wasmtime::Result<()> {
        Ok(())
    }
}

#[allow(missing_docs, unreachable_pub)]
mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit/0.2.0",
        world: "plugin",
        imports: {
            "polysync:job-type/http.send": async | trappable,
            "polysync:job-type/http.send-all": async | trappable,
            "polysync:job-type/aws-signing.get": async,
            "polysync:job-type/aws-signing.refresh": async,
            "polysync:job-type/clock.sleep": async,
        },
        exports: { default: async },
        additional_derives: [PartialEq],
        with: { "polysync:job-type/types": super::types },
    });
}

pub(crate) use generated::polysync::job_type as capabilities;
pub(crate) use generated::{Plugin, PluginIndices};
