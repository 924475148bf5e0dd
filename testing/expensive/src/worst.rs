//! The worst components that limits let through.

use polysync_host::CompileLimits;

use crate::{code, declarations, structure};

/// The worst component of each kind that the limits let through, with the kind's name.
pub fn worst(limits: &CompileLimits) -> Vec<(&'static str, Vec<u8>)> {
    let at_most = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
    // What a body has beside its instructions.
    let body = at_most(limits.function_bytes) - 200;
    let all = at_most(limits.code_bytes) - 200;
    let definitions = at_most(limits.definitions);
    let nesting = limits.block_nesting;
    // The branches of the two kinds weigh what their locals make them weigh.
    let branches =
        |locals: u32| (limits.control_flow / (9 * locals)).min(limits.function_bytes / 8);
    let nested = |locals: u32, depth: u32| {
        let cost = 2 * depth * (locals * (8 + depth) + 2 * depth);
        at_most((limits.control_flow / cost).max(1))
    };
    // Each of 50 branches weighs 58.
    let wide = at_most(limits.control_flow / 3_000).min(at_most(limits.functions));
    vec![
        ("ordinary code", code::ordinary_code(all)),
        ("dense code", code::dense_code(2_000, all)),
        ("dense code, large functions", code::dense_code(body, all)),
        ("a large function", code::large_function(body)),
        (
            "locals times branches",
            code::branching_locals(limits.locals - 1, branches(limits.locals) / 2, 1),
        ),
        (
            "branches",
            code::branching_locals(1, limits.control_flow.isqrt() / 8 * 7, 1),
        ),
        (
            "nested loops",
            code::nested_loops(nesting, nested(17, nesting)),
        ),
        (
            "nested loops, many functions",
            code::nested_loops(50, nested(17, 50)),
        ),
        (
            "branch tables",
            code::branch_tables(limits.branch_targets, nesting, 1),
        ),
        (
            "branches with values",
            code::wide_blocks(limits.results, limits.control_flow.isqrt() / 8 * 7, 1),
        ),
        (
            "branches with values, many functions",
            code::wide_blocks(limits.results, 50, wide.min(all / 400)),
        ),
        (
            "small functions",
            declarations::small_functions(at_most(limits.functions.min(limits.elements))),
        ),
        (
            "types of functions",
            declarations::function_types(
                at_most(limits.function_types),
                at_most(limits.parameters),
                at_most(limits.results),
            ),
        ),
        ("globals", declarations::globals(definitions / 2)),
        ("exports", declarations::exports(definitions - 10)),
        (
            "members of types",
            declarations::type_members(definitions / 3),
        ),
        (
            "sparse tables",
            declarations::sparse_tables(1, 10, at_most(limits.table_elements) / 10),
        ),
        (
            "sparse memories",
            structure::modules_with_sparse_memory(at_most(limits.modules), (1 << 20) - 1),
        ),
        (
            "instances of components",
            structure::component_tree(
                at_most(limits.component_instances) - 1,
                at_most(limits.core_instances),
            ),
        ),
        (
            "copies of instances",
            structure::copied_instances(
                definitions - 50,
                at_most(limits.component_references) / 2,
                at_most(limits.component_references) / 2,
            ),
        ),
        (
            "instances with imports",
            structure::instances_with_imports(
                definitions / 2 - 100,
                at_most(limits.core_instances) - 1,
                at_most(limits.component_instances),
            ),
        ),
        (
            "nested types",
            structure::deep_types(at_most(limits.component_nesting)),
        ),
    ]
}
