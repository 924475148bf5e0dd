//! Whether a component keeps to the contract: what it imports and what it exports.
//!
//! wasmtime's linker checks imports too, but it stops at the first difference, and doesn't say that a
//! component was built for another version of the contract.

use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::{ComponentInstance, ComponentItem};

use crate::loading::error::ContractMismatch;
use crate::text;

/// The contract's package, and its version.
const PACKAGE: &str = "polysync:job-type";
const VERSION: &str = "0.2.0";

/// How many differences from the contract an error names, and how many bytes each may take: more than a
/// plugin of another version of the contract can have, and few enough for a message.
const MOST_PROBLEMS: usize = 50;
const PROBLEM_BYTES: usize = 300;

/// The name of an interface of the contract, and its functions.
type Interface = (&'static str, &'static [&'static str]);

const EXPORT: Interface = (
    "job-type",
    &[
        "describe",
        "needs",
        "validate",
        "test-connection",
        "discover",
        "inspect",
        "start",
        "status",
        "statuses",
        "cancel",
        "retry",
        "steps",
        "logs",
        "monitor-url",
    ],
);

const IMPORTS: [Interface; 5] = [
    ("aws-signing", &["get", "refresh"]),
    ("clock", &["now", "deadline", "jitter", "sleep"]),
    ("http", &["send", "send-all"]),
    ("log", &["write"]),
    ("types", &[]),
];

/// Refuses a component that imports anything but the four capabilities, or that doesn't export the
/// job type. The linker checks the types of the functions.
///
/// # Errors
///
/// One clause for each import, export and function that the contract doesn't have or that is missing.
pub(crate) fn check(engine: &Engine, component: &Component) -> Result<(), ContractMismatch> {
    let component = component.component_type();
    let mut problems = Vec::new();
    for (name, import) in component.imports(engine) {
        check_import(engine, name, &import.ty, &mut problems);
    }
    let (interface, functions) = EXPORT;
    let export = format!("{PACKAGE}/{interface}@{VERSION}");
    match component.get_export(engine, &export).map(|found| found.ty) {
        Some(ComponentItem::ComponentInstance(instance)) => {
            let missing = functions
                .iter()
                .filter(|name| instance.get_export(engine, name).is_none())
                .map(|name| format!("`{export}` lacks the function `{name}`"));
            problems.extend(missing);
        }
        _ => {
            let other = component
                .exports(engine)
                .find_map(|(name, _)| other_version(name, interface));
            problems.push(match other {
                Some(version) => wrong_version("exports", interface, version),
                None => format!("it doesn't export `{export}`, so it is not a job type"),
            });
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ContractMismatch {
            problems: for_a_person(problems),
        })
    }
}

/// The first problems, each in one short line, because the names in them are the component's.
fn for_a_person(problems: Vec<String>) -> Vec<String> {
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    let shown = problems.iter().take(MOST_PROBLEMS);
    let lines = shown.map(|problem| text::line(problem, PROBLEM_BYTES).into_owned());
    let rest = (more > 0).then(|| format!("and {more} more"));
    lines.chain(rest).collect()
}

fn check_import(engine: &Engine, import: &str, ty: &ComponentItem, problems: &mut Vec<String>) {
    let capability = IMPORTS
        .iter()
        .find(|(interface, _)| import == format!("{PACKAGE}/{interface}@{VERSION}"));
    match (capability, ty) {
        (Some((_, functions)), ComponentItem::ComponentInstance(instance)) => {
            problems.extend(
                function_names(engine, instance)
                    .filter(|name| !functions.contains(name))
                    .map(|name| format!("`{import}` has no function `{name}`")),
            );
        }
        _ => {
            let other = IMPORTS
                .iter()
                .find_map(|(interface, _)| Some((interface, other_version(import, interface)?)));
            problems.push(match other {
                Some((interface, version)) => wrong_version("imports", interface, version),
                None => format!("it imports `{import}`, which no plugin is given"),
            });
        }
    }
}

fn function_names<'a>(
    engine: &'a Engine,
    instance: &'a ComponentInstance,
) -> impl Iterator<Item = &'a str> {
    instance
        .exports(engine)
        .filter(|(_, export)| matches!(export.ty, ComponentItem::ComponentFunc(_)))
        .map(|(name, _)| name)
}

/// The version in a name, if the name is `interface` of the contract in another version than this
/// host's.
fn other_version<'a>(name: &'a str, interface: &str) -> Option<&'a str> {
    let rest = name.strip_prefix(PACKAGE)?.strip_prefix('/')?;
    let version = rest.strip_prefix(interface)?.strip_prefix('@')?;
    (version != VERSION).then_some(version)
}

fn wrong_version(verb: &str, interface: &str, version: &str) -> String {
    format!(
        "it {verb} `{PACKAGE}/{interface}` in version {version} of the contract, \
         and this host has version {VERSION}"
    )
}
