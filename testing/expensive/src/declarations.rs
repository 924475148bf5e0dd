//! Components that declare many things.

use crate::structure::parse;

/// `count` functions without instructions, all of which a table refers to, so that each can be called
/// from outside.
pub fn small_functions(count: usize) -> Vec<u8> {
    let functions = "(func)".repeat(count);
    let indices: Vec<String> = (0..count).map(|index| index.to_string()).collect();
    parse(&format!(
        "(component (core module (table {count} funcref) {functions} (elem (i32.const 0) func {})))",
        indices.join(" ")
    ))
}

/// `count` types of functions with so many parameters and results, of which no two are the same, and
/// a function of each.
pub fn function_types(count: usize, parameters: usize, results: usize) -> Vec<u8> {
    let mut text = String::new();
    for number in 0..count {
        // The number in binary makes the type another than the others.
        let parameters: Vec<_> = (0..parameters)
            .map(|bit| {
                if number >> bit.min(31) & 1 == 0 {
                    "i64"
                } else {
                    "f64"
                }
            })
            .collect();
        text += &format!(
            "(func (export \"{number}\") (param {}) (result {}) unreachable)",
            parameters.join(" "),
            "i32 ".repeat(results)
        );
    }
    parse(&format!("(component (core module {text}))"))
}

/// `count` global variables that are exported.
pub fn globals(count: usize) -> Vec<u8> {
    let mut text = String::new();
    for number in 0..count {
        text += &format!("(global (export \"{number}\") (mut i32) (i32.const {number}))");
    }
    parse(&format!("(component (core module {text}))"))
}

/// `count` exports of one function of the component.
pub fn exports(count: usize) -> Vec<u8> {
    let mut text = String::new();
    for number in 0..count {
        text += &format!("(export \"e{number}\" (func $f))");
    }
    parse(&format!(
        "(component (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i \"f\"))) {text})"
    ))
}

/// An imported instance whose type has `count` functions, each with a type of its own.
pub fn type_members(count: usize) -> Vec<u8> {
    let mut text = String::new();
    for number in 0..count / 2 {
        text += &format!("(export \"e{number}\" (func (param \"p\" (list u8)) (result string)))");
    }
    parse(&format!("(component (import \"i\" (instance {text})))"))
}

/// A segment that names one function `count` times.
pub fn elements(count: usize) -> Vec<u8> {
    let indices = " 0".repeat(count);
    parse(&format!(
        "(component (core module (table 1 funcref) (func) (elem func{indices})))"
    ))
}

/// `modules` modules, each with `count` tables of `size` elements, the last of which refers to a function:
/// the engine makes an image of each.
pub fn sparse_tables(modules: usize, count: usize, size: usize) -> Vec<u8> {
    let (mut tables, mut segments) = (String::new(), String::new());
    for number in 0..count {
        tables += &format!("(table {size} funcref)");
        let last = size.saturating_sub(1);
        segments += &format!("(elem (table {number}) (i32.const {last}) func 0)");
    }
    let module = format!("(core module {tables} (func) {segments})");
    parse(&format!("(component {})", module.repeat(modules)))
}

/// An export with a name of `bytes`.
pub fn long_name(bytes: usize) -> Vec<u8> {
    let name = "n".repeat(bytes);
    parse(&format!(
        "(component (core module (func (export \"{name}\"))))"
    ))
}

/// `count` inner components, which nobody instantiates.
pub fn components(count: usize) -> Vec<u8> {
    parse(&format!("(component {})", "(component)".repeat(count)))
}

/// A module with `count` functions of the canonical ABI.
pub fn canonical_functions(count: usize) -> Vec<u8> {
    let drops = "(core func (canon resource.drop $r))".repeat(count);
    parse(&format!(
        "(component (type $r (resource (rep i32))) {drops})"
    ))
}
