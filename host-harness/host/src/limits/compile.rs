//! What a component may consist of, so that compiling it takes bounded time and memory.

use crate::host_error::HostError;

/// What a component may consist of. The host counts it before it compiles any of it, because a small
/// file can take minutes and gigabytes to compile.
///
/// [`CompileLimits::recommended`] has values to start from; the guide `docs/embedding.md` shows beside
/// each what the SageMaker Pipeline job type has, and what the worst component within them costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileLimits {
    /// Compilations that run at the same time. Further ones wait. One that nobody waits for any more is
    /// not begun; one that runs can't be interrupted, and holds its place until it ends.
    pub at_once: u32,
    /// Threads that all compilations share.
    pub threads: u32,
    /// Bytes of all function bodies together.
    pub code_bytes: u32,
    /// Functions with a body, of all modules together.
    pub functions: u32,
    /// Bytes of one function's body.
    pub function_bytes: u32,
    /// Parameters and local variables of one function together.
    pub locals: u32,
    /// What the control flow of all functions costs together. For each branch, it counts the branches
    /// of the function, and its locals as often as there are loops around the branch, and eight times
    /// more: the compiler's time and memory grow with this product, in the worst case.
    pub control_flow: u32,
    /// Blocks, loops and conditions within one another in one function.
    pub block_nesting: u32,
    /// Targets of all `br_table` instructions together.
    pub branch_targets: u32,
    /// Types of functions, of all modules together. The compiler makes a piece of code for each.
    pub function_types: u32,
    /// Parameters of one type of function or block.
    pub parameters: u32,
    /// Results of one type of function or block.
    pub results: u32,
    /// Elements of all element segments together.
    pub elements: u32,
    /// Elements that all tables together have at first. The compiler makes an image of each table, up to
    /// the last element that a segment sets.
    pub table_elements: u32,
    /// Core modules.
    pub modules: u32,
    /// Instantiations of core modules that are written in the component. The compiler follows each import
    /// of each, as often as the component around it is instantiated.
    pub core_instances: u32,
    /// Components inside the component.
    pub components: u32,
    /// Instantiations of those components. Each can contain others, so they multiply.
    pub component_instances: u32,
    /// Components and instances of components that are exported, aliased or passed on. The compiler copies
    /// all that is in them each time, so that these multiply too.
    pub component_references: u32,
    /// Components, or types of components and instances, within one another.
    pub component_nesting: u32,
    /// Functions that the canonical ABI lifts, lowers or provides. The compiler makes code for each.
    pub canonical_functions: u32,
    /// All else that is declared: imports, exports, aliases, instances and their arguments, memories,
    /// tables, globals, segments, and types with their members.
    pub definitions: u32,
    /// Bytes of the name of one import or export.
    pub name_bytes: u32,
}

impl CompileLimits {
    /// Limits with room for a job type that is many times as large as the SageMaker Pipeline job
    /// type: two compilations at a time, on two threads.
    #[must_use]
    pub fn recommended() -> Self {
        const KIB: u32 = 1 << 10;
        const MIB: u32 = 1 << 20;
        Self {
            at_once: 2,
            threads: 2,
            code_bytes: 4 * MIB,
            functions: 10_000,
            function_bytes: 256 * KIB,
            locals: 4_000,
            control_flow: 100_000_000,
            block_nesting: 500,
            branch_targets: 40_000,
            function_types: 1_000,
            parameters: 100,
            results: 8,
            elements: 10_000,
            table_elements: 100_000,
            modules: 16,
            core_instances: 32,
            components: 32,
            component_instances: 12,
            component_references: 9,
            component_nesting: 8,
            canonical_functions: 500,
            definitions: 20_000,
            name_bytes: KIB,
        }
    }

    /// Refuses a limit of zero.
    pub(crate) fn check(&self) -> Result<(), HostError> {
        // Destructured without `..`, so that a new field can't be forgotten here.
        let Self {
            at_once,
            threads,
            code_bytes,
            functions,
            function_bytes,
            locals,
            control_flow,
            block_nesting,
            branch_targets,
            function_types,
            parameters,
            results,
            elements,
            table_elements,
            modules,
            core_instances,
            components,
            component_instances,
            component_references,
            component_nesting,
            canonical_functions,
            definitions,
            name_bytes,
        } = self;
        let fields = [
            ("compile.at_once", at_once),
            ("compile.threads", threads),
            ("compile.code_bytes", code_bytes),
            ("compile.functions", functions),
            ("compile.function_bytes", function_bytes),
            ("compile.locals", locals),
            ("compile.control_flow", control_flow),
            ("compile.block_nesting", block_nesting),
            ("compile.branch_targets", branch_targets),
            ("compile.function_types", function_types),
            ("compile.parameters", parameters),
            ("compile.results", results),
            ("compile.elements", elements),
            ("compile.table_elements", table_elements),
            ("compile.modules", modules),
            ("compile.core_instances", core_instances),
            ("compile.components", components),
            ("compile.component_instances", component_instances),
            ("compile.component_references", component_references),
            ("compile.component_nesting", component_nesting),
            ("compile.canonical_functions", canonical_functions),
            ("compile.definitions", definitions),
            ("compile.name_bytes", name_bytes),
        ];
        match fields.into_iter().find(|(_, limit)| **limit == 0) {
            Some((field, _)) => Err(HostError::ZeroLimit { field }),
            None => Ok(()),
        }
    }
}
