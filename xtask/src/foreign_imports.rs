//! What a module imports that no host has: the usual reason why it can't become a component.

use std::collections::BTreeSet;

use wasmparser::{BinaryReaderError, Parser, Payload};

/// The package of the contract in `wit/`, as the names of its interfaces begin.
const CONTRACT: &str = "polysync:job-type/";

/// How many imports a message names.
const NAMED: usize = 3;

/// A sentence about the imports of a module that aren't the contract's, and what to do about them. None
/// where there are none.
pub(crate) fn advice(module: &[u8]) -> Option<String> {
    let foreign = foreign(module).ok()?;
    if foreign.is_empty() {
        return None;
    }
    let names = foreign.iter().take(NAMED).map(|name| format!("`{name}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match foreign.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "it imports {names}{more}, and a component can import the contract's interfaces alone. The usual \
         cause is a dependency that wants the time, random numbers or threads (getrandom, wasm-bindgen): \
         take it without its default features, or take the values from `Host`"
    ))
}

/// The imports of a module that aren't the contract's.
fn foreign(module: &[u8]) -> Result<BTreeSet<String>, BinaryReaderError> {
    let mut foreign = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::ImportSection(section) = payload? else {
            continue;
        };
        for import in section.into_imports() {
            let import = import?;
            if !import.module.starts_with(CONTRACT) {
                foreign.insert(format!("{}::{}", import.module, import.name));
            }
        }
    }
    Ok(foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(imports: &[(&str, &str)]) -> Vec<u8> {
        let imports = imports
            .iter()
            .map(|(module, name)| format!("(import {module:?} {name:?} (func))"));
        wat::parse_str(format!("(module {})", imports.collect::<String>())).unwrap()
    }

    #[test]
    fn an_import_that_is_not_the_contracts_is_named_with_what_to_do_about_it() {
        let advice = advice(&module(&[
            ("polysync:job-type/clock@0.2.0", "now"),
            ("__wbindgen_placeholder__", "__wbindgen_throw"),
        ]));
        let advice = advice.unwrap();
        for part in [
            "it imports `__wbindgen_placeholder__::__wbindgen_throw`, and",
            "the contract's interfaces alone",
            "without its default features",
            "from `Host`",
        ] {
            assert!(advice.contains(part), "{part}: {advice}");
        }
        assert!(!advice.contains("clock"), "{advice}");
    }

    #[test]
    fn of_many_imports_a_few_are_named() {
        let names: Vec<_> = (0..9).map(|number| format!("f{number}")).collect();
        let imports: Vec<_> = names.iter().map(|name| ("env", name.as_str())).collect();
        let advice = advice(&module(&imports)).unwrap();
        assert!(advice.contains("`env::f2` and 6 more"), "{advice}");
        assert!(!advice.contains("f3"), "{advice}");
    }

    #[test]
    fn a_module_that_imports_the_contract_alone_has_another_fault() {
        let module = module(&[("polysync:job-type/http@0.2.0", "send")]);
        assert_eq!(advice(&module), None);
        assert_eq!(advice(b"not WebAssembly"), None);
    }
}
