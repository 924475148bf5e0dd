//! Components that are small as files and expensive to compile: each is refused before it is compiled,
//! by the limit that it passes.

use expensive_components::{code, declarations, structure};
use polysync_host::{CompileLimits, Host, Limits, LoadFault, Source};

async fn fault(component: Vec<u8>, compile: CompileLimits) -> LoadFault {
    let host = Host::new(Limits {
        compile,
        ..Limits::recommended()
    })
    .expect("a host");
    let refused = host.load(Source::bytes(component)).await;
    refused.expect_err("it is not a plugin").fault
}

/// Panics unless the component is refused by this limit, and by no other.
async fn refused_by(expected: &str, component: Vec<u8>) {
    match fault(component, CompileLimits::recommended()).await {
        LoadFault::TooComplex { field, .. } => assert_eq!(field, expected),
        other => panic!("{expected}: {other}"),
    }
}

fn limits() -> CompileLimits {
    CompileLimits::recommended()
}

fn past(limit: u32) -> usize {
    limit as usize + 1
}

#[tokio::test]
async fn code_without_end() {
    let bytes = past(limits().code_bytes) + 10_000;
    refused_by("code_bytes", code::ordinary_code(bytes)).await;
}

#[tokio::test]
async fn a_function_without_end() {
    let bytes = past(limits().function_bytes) + 200;
    refused_by("function_bytes", code::large_function(bytes)).await;
}

#[tokio::test]
async fn a_function_with_many_locals() {
    refused_by("locals", code::branching_locals(limits().locals, 2, 1)).await;
}

#[tokio::test]
async fn many_branches_within_many_locals() {
    let many = code::branching_locals(limits().locals - 1, 4_000, 1);
    refused_by("control_flow", many).await;
}

#[tokio::test]
async fn many_functions_each_with_many_branches() {
    refused_by("control_flow", code::branching_locals(100, 1_000, 100)).await;
}

#[tokio::test]
async fn many_loops_within_one_another() {
    let depth = limits().block_nesting + 1;
    refused_by("block_nesting", code::nested_loops(depth, 1)).await;
}

#[tokio::test]
async fn a_huge_branch_table() {
    let targets = limits().branch_targets + 1;
    refused_by("branch_targets", code::branch_tables(targets, 10, 1)).await;
}

#[tokio::test]
async fn many_branch_tables() {
    refused_by("branch_targets", code::branch_tables(1_000, 10, 50)).await;
}

#[tokio::test]
async fn many_small_functions() {
    let count = past(limits().functions);
    refused_by("functions", declarations::small_functions(count)).await;
}

#[tokio::test]
async fn a_huge_segment_of_elements() {
    let count = past(limits().elements);
    refused_by("elements", declarations::elements(count)).await;
}

#[tokio::test]
async fn tables_whose_elements_lie_far_apart() {
    // A file of some kilobytes, of which the engine makes images of 4 MiB for each table.
    let many = declarations::sparse_tables(16, 20, 1 << 20);
    refused_by("table_elements", many).await;
}

#[tokio::test]
async fn many_types_of_functions() {
    let many = declarations::function_types(past(limits().function_types), 12, 0);
    refused_by("function_types", many).await;
}

#[tokio::test]
async fn a_function_with_many_parameters() {
    let many = declarations::function_types(1, past(limits().parameters), 0);
    refused_by("parameters", many).await;
}

#[tokio::test]
async fn a_function_with_many_results() {
    let many = declarations::function_types(1, 0, past(limits().results));
    refused_by("results", many).await;
}

#[tokio::test]
async fn many_modules_with_sparse_memories() {
    let many = structure::modules_with_sparse_memory(past(limits().modules), 1 << 20);
    refused_by("modules", many).await;
}

#[tokio::test]
async fn many_components() {
    let many = declarations::components(past(limits().components));
    refused_by("components", many).await;
}

#[tokio::test]
async fn components_that_instantiate_each_other() {
    // Thirty instantiations make three to the tenth instances.
    let many = structure::component_tree(30, 1);
    let compile = CompileLimits {
        component_references: 100,
        ..limits()
    };
    let fault = fault(many, compile).await;
    assert!(
        matches!(fault, LoadFault::TooComplex { field, .. } if field == "component_instances"),
        "{fault}"
    );
}

#[tokio::test]
async fn instances_of_a_module_with_many_imports() {
    // A file of less than a megabyte, for which the engine follows 89 million imports.
    let many = structure::instances_with_imports(9_000, 900, 11);
    refused_by("core_instances", many).await;
}

#[tokio::test]
async fn instances_that_are_copied() {
    // A thousand definitions, of which the engine makes ten million copies.
    let many = structure::copied_instances(1_000, 100, 100);
    refused_by("component_references", many).await;
}

#[tokio::test]
async fn components_that_refer_to_others() {
    // A hundred definitions, of which the engine makes 36 million copies.
    let many = structure::components_that_refer(8, 12);
    refused_by("component_references", many).await;
}

#[tokio::test]
async fn components_within_one_another() {
    let depth = limits().component_nesting as usize + 2;
    refused_by("component_nesting", structure::deep_components(depth)).await;
}

#[tokio::test]
async fn types_within_one_another() {
    // So deep that a parser that recurses overflows its stack, which ends the process.
    refused_by("component_nesting", structure::deep_types(100_000)).await;
}

#[tokio::test]
async fn many_canonical_functions() {
    let many = declarations::canonical_functions(past(limits().canonical_functions));
    refused_by("canonical_functions", many).await;
}

#[tokio::test]
async fn many_definitions_of_any_kind() {
    let count = past(limits().definitions);
    refused_by("definitions", declarations::globals(count)).await;
    refused_by("definitions", declarations::exports(count)).await;
    refused_by("definitions", declarations::type_members(count)).await;
}

#[tokio::test]
async fn a_huge_name() {
    let name = declarations::long_name(past(limits().name_bytes));
    refused_by("name_bytes", name).await;
}

#[tokio::test]
async fn components_that_call_each_other() {
    for composed in [structure::composed(1), structure::lowered_after_lifted()] {
        let fault = fault(composed, limits()).await;
        assert!(matches!(fault, LoadFault::Composed), "{fault}");
    }
}

#[tokio::test]
async fn the_message_names_the_field_to_raise() {
    let fault = fault(declarations::elements(past(limits().elements)), limits()).await;
    assert_eq!(
        fault.to_string(),
        "it has more than 10000 elements of segments; \
         raise `CompileLimits::elements` if it is meant to be so large"
    );
}

#[tokio::test]
async fn the_worst_component_of_each_kind_that_limits_let_through_is_compiled() {
    // A hundredth of the recommended limits, which `cargo xtask bench compile` measures.
    let small = CompileLimits {
        code_bytes: 80_000,
        function_bytes: 8_000,
        functions: 200,
        locals: 200,
        control_flow: 1_000_000,
        block_nesting: 50,
        branch_targets: 400,
        function_types: 50,
        elements: 200,
        canonical_functions: 10,
        definitions: 500,
        ..limits()
    };
    for (kind, component) in expensive_components::worst(&small) {
        let fault = fault(component, small.clone()).await;
        match kind {
            // The engine counts the instances of modules after it has compiled them.
            "instances of components" | "instances with imports" => {
                assert!(matches!(fault, LoadFault::Invalid(_)), "{kind}: {fault}");
            }
            _ => assert!(matches!(fault, LoadFault::Contract(_)), "{kind}: {fault}"),
        }
    }
}
