//! Whether a file is a component, and whether the component keeps to the contract.

use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::{ComponentInstance, ComponentItem};

use crate::error::{ContractMismatch, NotAComponent};

/// The contract's package, and its version.
const PACKAGE: &str = "polysync:job-type";
const VERSION: &str = "0.1.0";

/// An interface of the contract: its name, and its functions.
type Interface = (&'static str, &'static [&'static str]);

const EXPORT: Interface = (
    "job-type",
    &[
        "describe",
        "validate",
        "test-connection",
        "discover",
        "inspect",
        "start",
        "status",
        "cancel",
        "retry",
        "steps",
        "monitor-url",
    ],
);

const CAPABILITIES: [Interface; 4] = [
    ("aws-signing", &["get", "refresh"]),
    ("clock", &["now", "deadline", "jitter", "sleep"]),
    ("http", &["send", "send-all"]),
    ("log", &["write"]),
];

/// Refuses what isn't a component, by its first bytes.
///
/// # Errors
///
/// What it is instead.
pub(crate) fn format(bytes: &[u8]) -> Result<(), NotAComponent> {
    match bytes {
        [] => Err(NotAComponent::Empty),
        // Version 13 in layer 1: components as the tools of today write them.
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Err(NotAComponent::CoreModule),
        [0, b'a', b's', b'm', _, _, _, _, ..] => Err(NotAComponent::UnknownVersion),
        // The engine keeps machine code in ELF files.
        [0x7f, b'E', b'L', b'F', ..] => Err(NotAComponent::Precompiled),
        _ if is_text(bytes) => Err(NotAComponent::Text),
        _ => Err(NotAComponent::Other),
    }
}

/// Whether a component ends within one of its sections. Each is a byte, a size in LEB128, and as
/// many bytes.
pub(crate) fn is_cut_off(component: &[u8]) -> bool {
    let mut rest = component.get(8..).unwrap_or_default();
    while let Some((_section, sized)) = rest.split_first() {
        let mut size = 0;
        let mut digits = sized.iter().zip((0..32).step_by(7));
        let last = digits.by_ref().find_map(|(byte, shift)| {
            size |= u64::from(byte & 0x7f) << shift;
            (byte & 0x80 == 0).then_some(shift / 7)
        });
        let Some(last) = last else {
            // Either there are no more bytes, or it is no size at all.
            return sized.len() < 5;
        };
        let end = usize::try_from(size)
            .ok()
            .and_then(|size| size.checked_add(last + 1));
        match end.and_then(|end| sized.get(end..)) {
            Some(next) => rest = next,
            None => return true,
        }
    }
    false
}

/// Whether it begins as the text format does: with a parenthesis or a comment.
fn is_text(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    text.starts_with(b"(") || text.starts_with(b";;")
}

/// Refuses a component that imports anything but the four capabilities, or that doesn't export the
/// job type. The types of the functions are left to the linker.
///
/// # Errors
///
/// Each import, export and function that is off.
pub(crate) fn contract(engine: &Engine, component: &Component) -> Result<(), ContractMismatch> {
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
                None => format!("it doesn't export `{export}`, so it is no job type"),
            });
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ContractMismatch { problems })
    }
}

fn check_import(engine: &Engine, import: &str, ty: &ComponentItem, problems: &mut Vec<String>) {
    let capability = CAPABILITIES
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
            let other = CAPABILITIES
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

/// The version, if it is an interface of the contract in a version other than this host's.
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
