//! What is generated from `wit/0.1.0/`: the capabilities as traits, the types, and the calls of a plugin.

#[allow(missing_docs, unreachable_pub)]
mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit/0.1.0",
        world: "plugin",
        imports: {
            "polysync:job-type/http.send": async | trappable,
            "polysync:job-type/http.send-all": async | trappable,
            "polysync:job-type/aws-signing.get": async,
            "polysync:job-type/aws-signing.refresh": async,
            "polysync:job-type/clock.sleep": async,
        },
        exports: { default: async },
    });
}

pub(crate) use generated::exports::polysync::job_type::job_type as types;
pub(crate) use generated::polysync::job_type as capabilities;
pub(crate) use generated::{Plugin, PluginIndices};
