//! The contract's types and functions in Rust, generated from `wit/`.

/// What `bindgen!` generates for the world `plugin`.
#[allow(missing_docs, unreachable_pub)]
mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit",
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
    });
}

pub use bindings::exports::polysync::job_type::job_type::*;
pub(crate) use bindings::polysync::job_type as capabilities;
pub(crate) use bindings::{Plugin as Instance, PluginPre as InstancePre};
