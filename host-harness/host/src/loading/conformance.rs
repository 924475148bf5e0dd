//! Whether a component keeps to a version of the contract: what it imports and what it exports.
//!
//! wasmtime's linker checks imports too, but it stops at the first difference, and doesn't say that a
//! component was built for another version of the contract.

use semver::Version;
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::{ComponentInstance, ComponentItem};

use crate::contract::ContractVersion;
use crate::contract::served::{Interface, PACKAGE, Served};
use crate::contract::versions::{SERVED, serving};
use crate::loading::error::ContractMismatch;
use crate::text;

/// How many differences from the contract an error names, and how many bytes each may take: more than a
/// plugin of another version of the contract can have, and few enough for a message.
const MOST_PROBLEMS: usize = 50;
const PROBLEM_BYTES: usize = 300;

/// The version of the contract by which the host calls a component. Refuses one that imports anything
/// but the capabilities, or that doesn't export the job type. The engine checks the types of the
/// functions: those of imports when it links them, and those of exports in the first instance.
///
/// # Errors
///
/// One clause for each import, export and function that the contract doesn't have or that is missing.
pub(crate) fn check(
    engine: &Engine,
    component: &Component,
) -> Result<&'static Served, ContractMismatch> {
    let component = component.component_type();
    let mut problems = Vec::new();
    for (name, import) in component.imports(engine) {
        check_import(engine, name, &import.ty, &mut problems);
    }
    let exports: Vec<_> = component
        .exports(engine)
        .filter_map(|(name, export)| Some((Named::parse(name)?, export.ty)))
        .collect();
    let served = check_exports(engine, &exports, &mut problems);
    match served {
        Some(served) if problems.is_empty() => Ok(served),
        _ => Err(ContractMismatch {
            problems: for_a_person(problems),
        }),
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

/// An interface of the contract's package, as an import or export names it.
struct Named<'a> {
    full: &'a str,
    interface: &'a str,
    version: Version,
}

impl<'a> Named<'a> {
    fn parse(full: &'a str) -> Option<Self> {
        let rest = full.strip_prefix(PACKAGE)?.strip_prefix('/')?;
        let (interface, version) = rest.split_once('@')?;
        Some(Self {
            full,
            interface,
            version: Version::parse(version).ok()?,
        })
    }

    /// Whether it is of a later version than the one that would serve it, so that it may have more.
    fn is_later_than(&self, served: &Served) -> bool {
        self.version > served.version.semver()
    }

    /// Why it can't be served: no version of this host is of its kind.
    fn of_another_version(&self, verb: &str) -> String {
        format!(
            "it {verb} `{PACKAGE}/{}` in version {} of the contract, {}",
            self.interface,
            self.version,
            this_host_has(&self.version)
        )
    }

    /// Why it can't be served: a later patch of the contract has what this host lacks.
    fn lacking(&self, what: &str) -> String {
        format!(
            "it needs {what} of `{PACKAGE}/{}` in version {} of the contract, {}",
            self.interface,
            self.version,
            this_host_has(&self.version)
        )
    }
}

/// The end of a sentence about what another version has.
fn this_host_has(version: &Version) -> String {
    let versions = ContractVersion::SERVED.map(|served| served.to_string());
    let versions = versions.join(" and ");
    let is_later = ContractVersion::SERVED
        .iter()
        .all(|served| *version > served.semver());
    let advice = match is_later {
        true => "update the host, or build the plugin for one of these",
        false => "build the plugin for one of these",
    };
    format!("and this host has versions {versions}: {advice}")
}

fn check_import(engine: &Engine, import: &str, ty: &ComponentItem, problems: &mut Vec<String>) {
    let not_given = || format!("it imports `{import}`, which no plugin is given");
    let Some(named) = Named::parse(import) else {
        return problems.push(not_given());
    };
    let Some(served) = serving(&named.version) else {
        let is_known = is_import_of_any(named.interface);
        return problems.push(match is_known {
            true => named.of_another_version("imports"),
            false => not_given(),
        });
    };
    let interface = find(served.imports, named.interface);
    match (interface, ty) {
        (Some(Interface { functions, .. }), ComponentItem::ComponentInstance(instance)) => {
            let unknown = function_names(engine, instance).filter(|name| !functions.contains(name));
            problems.extend(unknown.map(|name| match named.is_later_than(served) {
                true => named.lacking(&format!("the function `{name}`")),
                false => format!("`{import}` has no function `{name}`"),
            }));
        }
        (None, _) if named.is_later_than(served) => problems.push(named.lacking("the functions")),
        _ => problems.push(not_given()),
    }
}

/// Whether a version that this host serves has an import of this name.
fn is_import_of_any(interface: &str) -> bool {
    SERVED
        .iter()
        .any(|served| find(served.imports, interface).is_some())
}

fn find<'a>(interfaces: &'a [Interface], name: &str) -> Option<&'a Interface> {
    interfaces.iter().find(|interface| interface.name == name)
}

/// The latest version of the contract that the exports are of.
fn check_exports(
    engine: &Engine,
    exports: &[(Named<'_>, ComponentItem)],
    problems: &mut Vec<String>,
) -> Option<&'static Served> {
    let job_types = || {
        exports.iter().filter(|(named, ty)| {
            let is_instance = matches!(ty, ComponentItem::ComponentInstance(_));
            is_instance && SERVED.iter().any(|s| s.export.name == named.interface)
        })
    };
    let served = job_types()
        .filter_map(|(named, ty)| Some((serving(&named.version)?, named, ty)))
        .max_by(|(_, one, _), (_, other, _)| one.version.cmp(&other.version));
    if let Some((served, named, ComponentItem::ComponentInstance(instance))) = served {
        let missing = served.export.functions.iter().filter(|name| {
            let export = instance.get_export(engine, name).map(|export| export.ty);
            !matches!(export, Some(ComponentItem::ComponentFunc(_)))
        });
        problems
            .extend(missing.map(|name| format!("`{}` lacks the function `{name}`", named.full)));
        return Some(served);
    }
    problems.push(match job_types().next() {
        Some((named, _)) => named.of_another_version("exports"),
        None => {
            let exports = SERVED.map(|s| format!("`{PACKAGE}/{}@{}`", s.export.name, s.version));
            let exports = exports.join(" or ");
            format!("it doesn't export {exports}, so it is not a job type")
        }
    });
    None
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
