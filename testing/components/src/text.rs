//! Plugins written as WebAssembly text, for code that compilers do not write.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use crate::contract::Contract;

/// A plugin whose `describe` consists of these instructions, and whose other functions trap.
pub fn describing(describe: &str) -> Vec<u8> {
    Module {
        describe,
        ..Module::default()
    }
    .component(&Contract::latest())
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
    Module {
        start: &format!("(func $start {instructions}) (start $start)"),
        ..Module::default()
    }
    .component(&Contract::latest())
}

/// The instructions of `needs`, for a plugin that has none: the address of an empty list.
const NO_NEEDS: &str = "i32.const 3072";

/// A plugin with this id that has these needs for each connection, each a capability and a value.
pub fn asking_for(id: &str, needs: &[(&str, &str)]) -> Vec<u8> {
    asking_by(&Contract::latest(), id, needs)
}

/// The same by version 0.1 of the contract, where the needs are a part of the description.
pub fn asking_by_0_1_for(id: &str, needs: &[(&str, &str)]) -> Vec<u8> {
    asking_by(&Contract::released("0.1.0"), id, needs)
}

/// A plugin of a version of the contract that describes itself by this id.
pub fn of_contract(contract: &Contract, id: &str) -> Vec<u8> {
    asking_by(contract, id, &[])
}

/// A plugin of version 0.1 of the contract with this id, whose `status` consists of these instructions.
pub fn polled_by_0_1(id: &str, status: &str) -> Vec<u8> {
    let (data, _) = described(id, &[]);
    Module {
        start: &data,
        describe: DESCRIBED,
        status,
        ..Module::default()
    }
    .component(&Contract::released("0.1.0"))
}

/// In version 0.1, the list of needs is the last member of the description. In later ones it is the answer
/// of `needs`, which has the same place in memory.
fn asking_by(contract: &Contract, id: &str, needs: &[(&str, &str)]) -> Vec<u8> {
    let (data, list) = described(id, needs);
    Module {
        start: &data,
        describe: DESCRIBED,
        needs: &format!("i32.const {list}"),
        ..Module::default()
    }
    .component(contract)
}

/// Where a description is in memory, behind what the other parts of the module use.
const DESCRIPTION: usize = 4096;

/// The instructions of `describe`, for a description that is in memory.
const DESCRIBED: &str = "i32.const 4096";

/// Lays a description with this id out in memory, and behind it a list of needs. Returns the data, and the
/// address of the list.
fn described(id: &str, needs: &[(&str, &str)]) -> (String, usize) {
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
    (
        format!(r#"(data (i32.const {DESCRIPTION}) "{data}")"#),
        LIST,
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

/// What a module does.
struct Module<'a> {
    /// What comes before its functions.
    start: &'a str,
    /// The instructions of three functions of the contract. The others trap.
    describe: &'a str,
    needs: &'a str,
    status: &'a str,
}

impl Default for Module<'_> {
    /// A module that has no needs, and traps otherwise.
    fn default() -> Self {
        Self {
            start: "",
            describe: "unreachable",
            needs: NO_NEEDS,
            status: "unreachable",
        }
    }
}

impl Module<'_> {
    /// The component of a version of the contract.
    fn component(&self, contract: &Contract) -> Vec<u8> {
        let functions = contract.exports().into_iter().map(|function| {
            let body = match function.name.as_str() {
                "describe" => self.describe,
                "needs" => self.needs,
                "status" => self.status,
                _ => "unreachable",
            };
            let (symbol, ty) = (&function.symbol, &function.ty);
            format!(r#"(func (export "{symbol}") {ty} {body})"#)
        });
        let needed = contract.needed().into_iter().map(|function| {
            let (module, name, ty) = (&function.module, &function.name, &function.ty);
            format!(r#"(import "{module}" "{name}" (func {ty}))"#)
        });
        let (needed, functions): (String, String) = (needed.collect(), functions.collect());
        let (version, start) = (contract.version(), self.start);
        let text = format!(
            r#"(module
            (import "polysync:job-type/log@{version}" "write" (func $log (param i32 i32 i32)))
            (import "polysync:job-type/clock@{version}" "sleep" (func $sleep (param i64)))
            (import "polysync:job-type/http@{version}" "send-all"
                (func $send-all (param i32 i32 i32)))
            {needed}
            (memory (export "memory") 4)
            (data (i32.const 1024) "panicked at the disco")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 2048)
            {start}
            {functions})"#,
        );
        component(contract, &text)
    }
}

/// Makes a component from the text of a module that implements the contract.
fn component(contract: &Contract, text: &str) -> Vec<u8> {
    let mut module = wat::parse_str(text).expect("valid text");
    let (resolve, world) = (contract.resolve(), contract.world());
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).expect("embeds");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.encode())
        .expect("a component")
}
