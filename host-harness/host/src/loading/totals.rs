//! Counts of a whole component, each with its limit.

use crate::limits::compile::CompileLimits;
use crate::loading::function_body;
use crate::loading::meter::{Bound, Total};

/// Counts of the whole component.
pub(crate) struct Totals {
    pub(crate) code_bytes: Total,
    pub(crate) bodies: function_body::Totals,
    pub(crate) functions: Total,
    pub(crate) function_types: Total,
    pub(crate) elements: Total,
    pub(crate) table_elements: Total,
    pub(crate) modules: Total,
    pub(crate) core_instances: Total,
    pub(crate) components: Total,
    pub(crate) component_instances: Total,
    pub(crate) component_references: Total,
    pub(crate) canonical_functions: Total,
    pub(crate) definitions: Total,
}

impl Totals {
    /// Nothing is counted yet.
    pub(crate) fn new(limits: &CompileLimits) -> Self {
        let total = |what, field, limit| Total::new(Bound { what, field, limit });
        Self {
            code_bytes: total("bytes of code", "code_bytes", limits.code_bytes),
            bodies: function_body::Totals::new(limits),
            functions: total("functions", "functions", limits.functions),
            function_types: total(
                "types of functions",
                "function_types",
                limits.function_types,
            ),
            elements: total("elements of segments", "elements", limits.elements),
            table_elements: total(
                "elements of tables",
                "table_elements",
                limits.table_elements,
            ),
            modules: total("modules", "modules", limits.modules),
            core_instances: total(
                "instances of modules",
                "core_instances",
                limits.core_instances,
            ),
            components: total("inner components", "components", limits.components),
            component_instances: total(
                "instances of inner components",
                "component_instances",
                limits.component_instances,
            ),
            component_references: total(
                "references to components and their instances",
                "component_references",
                limits.component_references,
            ),
            canonical_functions: total(
                "functions of the canonical ABI",
                "canonical_functions",
                limits.canonical_functions,
            ),
            definitions: total("definitions", "definitions", limits.definitions),
        }
    }
}
