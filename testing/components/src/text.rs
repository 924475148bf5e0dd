//! Plugins written as WebAssembly text, for code that compilers do not write.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The functions of the contract that take parameters, and the number of their parameters in core
/// WebAssembly. More than 16 are one: the address of a record.
const OTHERS: [(&str, usize); 12] = [
    ("validate", 16),
    ("test-connection", 7),
    ("discover", 10),
    ("inspect", 9),
    ("start", 15),
    ("status", 12),
    ("statuses", 9),
    ("cancel", 14),
    ("retry", 16),
    ("steps", 15),
    ("logs", 1),
    ("monitor-url", 12),
];

/// A plugin whose `describe` consists of these instructions, and whose other functions trap.
pub fn describing(describe: &str) -> Vec<u8> {
    plugin("", describe, NO_NEEDS)
}

/// A plugin that describes itself by this id and version, and by a name of so many bytes.
pub fn described_as(id: &str, version: &str, name_bytes: u32) -> Vec<u8> {
    // Where the record, and each of the strings, is in memory.
    let (record, id_at, version_at, name_at) = (4096_u32, 8192, 12_288, 65_536_u32);
    // The record begins with five strings: id, name, platform, version and the external id's label.
    // What follows are empty lists.
    let strings = [
        (id_at, id.len()),
        (name_at, name_bytes as usize),
        (id_at, 0),
        (version_at, version.len()),
        (id_at, 0),
    ];
    let members = strings.iter().zip((record..).step_by(8));
    let members = members.map(|((address, length), at)| {
        format!(
            "(i32.store (i32.const {at}) (i32.const {address}))
             (i32.store (i32.const {}) (i32.const {length}))",
            at + 4
        )
    });
    let bytes = |address: u32, text: &str| -> String {
        let stores = text.bytes().zip(address..);
        stores
            .map(|(byte, at)| format!("(i32.store8 (i32.const {at}) (i32.const {byte}))"))
            .collect()
    };
    describing(&format!(
        "(drop (memory.grow (i32.const {})))
         (memory.fill (i32.const {name_at}) (i32.const {}) (i32.const {name_bytes}))
         {}{}{} (i32.const {record})",
        name_bytes.div_ceil(65_536),
        b'n',
        members.collect::<String>(),
        bytes(id_at, id),
        bytes(version_at, version),
    ))
}

/// A plugin that runs these instructions when it is instantiated, before any function is called.
pub fn starting_up(instructions: &str) -> Vec<u8> {
    plugin(
        &format!("(func $start {instructions}) (start $start)"),
        "unreachable",
        NO_NEEDS,
    )
}

/// The instructions of `needs`, for a plugin that has none: the address of an empty list.
const NO_NEEDS: &str = "i32.const 3072";

/// Where [`asking_for`] lays its description out, behind what the other parts of the module use.
const DESCRIPTION: usize = 4096;

/// A plugin with this id that has these needs for each connection, each a capability and a value.
pub fn asking_for(id: &str, needs: &[(&str, &str)]) -> Vec<u8> {
    const RECORD: usize = 8 * 8;
    const LIST: usize = DESCRIPTION + RECORD;
    const ENTRIES: usize = LIST + 8;
    const NEED: usize = 2 * 8;
    let mut texts = Texts {
        at: ENTRIES + needs.len() * NEED,
        bytes: Vec::new(),
    };
    let head = [id, "Asking", "none", "0.0.1", "name"].map(|text| texts.add(text));
    let pairs: Vec<_> = needs
        .iter()
        .flat_map(|(capability, value)| [texts.add(capability), texts.add(value)])
        .collect();
    let empty = (0, 0);
    let lists = [empty, empty, empty, (ENTRIES, needs.len())];
    let record = head.into_iter().chain(lists).chain(pairs);
    let words = record.flat_map(|(pointer, length)| [pointer, length]);
    let bytes = words
        .flat_map(|word| u32::try_from(word).expect("below 4 GiB").to_le_bytes())
        .chain(texts.bytes);
    let data: String = bytes.map(|byte| format!("\\{byte:02x}")).collect();
    plugin(
        &format!(r#"(data (i32.const {DESCRIPTION}) "{data}")"#),
        &format!("i32.const {DESCRIPTION}"),
        &format!("i32.const {LIST}"),
    )
}

/// Strings, one behind the other.
struct Texts {
    /// The address of the next one.
    at: usize,
    bytes: Vec<u8>,
}

impl Texts {
    /// Adds a string, and returns its address and length.
    fn add(&mut self, text: &str) -> (usize, usize) {
        let at = self.at;
        self.at += text.len();
        self.bytes.extend(text.as_bytes());
        (at, text.len())
    }
}

/// The number of parameters that a connection is in core WebAssembly.
const CONNECTION: usize = 7;

fn plugin(start: &str, describe: &str, needs: &str) -> Vec<u8> {
    let needs_parameters = " i32".repeat(CONNECTION);
    let others = OTHERS.map(|(name, parameters)| {
        let parameters = " i32".repeat(parameters);
        format!(
            r#"(func (export "polysync:job-type/job-type@0.2.0#{name}")
                (param{parameters}) (result i32) unreachable)"#
        )
    });
    let text = format!(
        r#"(module
            (import "polysync:job-type/log@0.2.0" "write" (func $log (param i32 i32 i32)))
            (import "polysync:job-type/clock@0.2.0" "sleep" (func $sleep (param i64)))
            (import "polysync:job-type/http@0.2.0" "send-all"
                (func $send-all (param i32 i32 i32)))
            (memory (export "memory") 4)
            (data (i32.const 1024) "panicked at the disco")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 2048)
            {start}
            (func $describe (export "polysync:job-type/job-type@0.2.0#describe") (result i32)
                {describe})
            (func $needs (export "polysync:job-type/job-type@0.2.0#needs")
                (param{needs_parameters}) (result i32) {needs})
            {})"#,
        others.concat()
    );
    component(&text)
}

/// Makes a component from the text of a module that implements the contract.
fn component(text: &str) -> Vec<u8> {
    let mut module = wat::parse_str(text).expect("valid text");
    let mut resolve = Resolve::default();
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/0.2.0");
    let (package, _) = resolve.push_path(contract).expect("the contract");
    let world = resolve
        .select_world(&[package], Some("plugin"))
        .expect("the world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("embeds");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.encode())
        .expect("a component")
}
