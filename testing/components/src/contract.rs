//! A version of the contract to make components of: a released one, or one that nobody has released.

use std::path::Path;

use wit_parser::abi::{AbiVariant, WasmSignature};
use wit_parser::{Function, Resolve, SourceMap, WorldId, WorldItem};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/");

/// The latest version in `wit/`.
const LATEST: &str = "0.2.0";

/// A version of the contract.
pub struct Contract {
    version: String,
    /// The files of its WIT, each with its name.
    files: Vec<(String, String)>,
    /// Imports that a component of it uses beyond what every component here uses: interface and function.
    needed: Vec<(&'static str, &'static str)>,
    resolve: Resolve,
    world: WorldId,
}

/// A function as core WebAssembly has it.
pub(crate) struct CoreFunction {
    pub(crate) name: String,
    /// What it is imported from.
    pub(crate) module: String,
    /// By what it is exported.
    pub(crate) symbol: String,
    /// Parameters and results, as text.
    pub(crate) ty: String,
}

impl Contract {
    /// The latest version in `wit/`.
    pub fn latest() -> Self {
        Self::released(LATEST)
    }

    /// A version that is released.
    pub fn released(version: &str) -> Self {
        let folder = Path::new(FOLDER).join(version);
        let entries = std::fs::read_dir(folder).expect("the contract");
        let files = entries.map(|entry| {
            let path = entry.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            (path.display().to_string(), text)
        });
        Self::parse(version.to_owned(), files.collect(), Vec::new())
    }

    /// The same as another version.
    pub fn numbered(self, version: &str) -> Self {
        let (old, new) = (format!("@{}", self.version), format!("@{version}"));
        let files = self.files.into_iter();
        let files = files.map(|(name, text)| (name, text.replace(&old, &new)));
        Self::parse(version.to_owned(), files.collect(), self.needed)
    }

    /// The same with one more function of `job-type`, which components export.
    pub fn with_export(self, function: &'static str) -> Self {
        self.with("job-type", function)
    }

    /// The same with one more function of an import, which components use.
    pub fn with_import(self, interface: &'static str, function: &'static str) -> Self {
        let mut contract = self.with(interface, function);
        contract.needed.push((interface, function));
        contract
    }

    /// The same with another text in place of one in the WIT.
    pub fn with_text(self, old: &str, new: &str) -> Self {
        let files = self.files.into_iter();
        let files: Vec<_> = files
            .map(|(name, text)| (name, text.replace(old, new)))
            .collect();
        assert!(files.iter().any(|(_, text)| text.contains(new)), "{old}");
        Self::parse(self.version, files, self.needed)
    }

    fn with(self, interface: &str, function: &str) -> Self {
        let old = format!("interface {interface} {{");
        let new = format!("{old}\n  {function}: func(number: u32) -> u32;");
        self.with_text(&old, &new)
    }

    fn parse(
        version: String,
        files: Vec<(String, String)>,
        needed: Vec<(&'static str, &'static str)>,
    ) -> Self {
        let mut sources = SourceMap::default();
        for (name, text) in &files {
            sources.push_str(name, text.as_str());
        }
        let group = sources.parse().map_err(|(_, error)| error);
        let mut resolve = Resolve::default();
        let package = resolve.push_group(group.expect("WIT")).expect("a package");
        let world = resolve.select_world(&[package], Some("plugin"));
        Self {
            version,
            files,
            needed,
            world: world.expect("the world"),
            resolve,
        }
    }

    /// Its number.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn resolve(&self) -> &Resolve {
        &self.resolve
    }

    pub(crate) fn world(&self) -> WorldId {
        self.world
    }

    /// What a component exports.
    pub(crate) fn exports(&self) -> Vec<CoreFunction> {
        self.functions("job-type", AbiVariant::GuestExport)
    }

    /// What a component imports beyond what every component here imports.
    pub(crate) fn needed(&self) -> Vec<CoreFunction> {
        let needed = self.needed.iter().flat_map(|(interface, needed)| {
            let functions = self.functions(interface, AbiVariant::GuestImport);
            functions.into_iter().filter(move |f| f.name == *needed)
        });
        needed.collect()
    }

    fn functions(&self, interface: &str, variant: AbiVariant) -> Vec<CoreFunction> {
        let module = format!("polysync:job-type/{interface}@{}", self.version);
        let world = &self.resolve.worlds[self.world];
        let items = world.imports.iter().chain(&world.exports);
        let functions = items.filter_map(|(key, item)| match item {
            WorldItem::Interface { id, .. } if self.resolve.name_world_key(key) == module => {
                Some(self.resolve.interfaces[*id].functions.values())
            }
            _ => None,
        });
        let function = |function: &Function| CoreFunction {
            name: function.name.clone(),
            symbol: format!("{module}#{}", function.name),
            module: module.clone(),
            ty: text(&self.resolve.wasm_signature(variant, function)),
        };
        functions.flatten().map(function).collect()
    }
}

/// A signature as WebAssembly text.
fn text(signature: &WasmSignature) -> String {
    let list = |keyword: &str, types: &[wit_parser::abi::WasmType]| -> String {
        let types = types.iter().map(|ty| format!(" {}", core_type(*ty)));
        format!("({keyword}{})", types.collect::<String>())
    };
    format!(
        "{} {}",
        list("param", &signature.params),
        list("result", &signature.results)
    )
}

fn core_type(ty: wit_parser::abi::WasmType) -> &'static str {
    use wit_parser::abi::WasmType;
    match ty {
        WasmType::I64 | WasmType::PointerOrI64 => "i64",
        WasmType::F32 => "f32",
        WasmType::F64 => "f64",
        WasmType::I32 | WasmType::Pointer | WasmType::Length => "i32",
    }
}
