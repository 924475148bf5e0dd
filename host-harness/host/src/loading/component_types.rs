//! Counts the types that a component declares, and how deeply they are nested.
//!
//! The parser reads a type with all types inside it by recursion, without a limit on its depth: a
//! megabyte of types within one another overflows its stack, which ends the process. So this reader
//! goes through types of components and instances itself, and leaves to the parser what can't be
//! nested.

use wasmparser::{
    BinaryReader, ComponentDefinedType, ComponentImport, ComponentType, CoreType,
    InstanceTypeDeclaration,
};

use crate::limits::compile::CompileLimits;
use crate::loading::error::LoadFault;
use crate::loading::meter::{Bound, Total};

/// The first byte of a component's type, and of an instance's.
const COMPONENT: u8 = 0x41;
const INSTANCE: u8 = 0x42;

/// The first byte of a declaration in such a type, where it is a type, and where it is an import.
const TYPE: u8 = 0x01;
const IMPORT: u8 = 0x03;

/// The limit on nesting.
pub(crate) fn nesting(limits: &CompileLimits) -> Bound {
    Bound {
        what: "components or types within one another",
        field: "component_nesting",
        limit: limits.component_nesting,
    }
}

/// Counts the types of a section, which is in a component that is `depth` components deep.
pub(crate) fn check(
    mut section: BinaryReader<'_>,
    depth: u64,
    limits: &CompileLimits,
    definitions: &mut Total,
) -> Result<(), LoadFault> {
    let mut types = Types {
        nesting: nesting(limits),
        definitions,
    };
    let count = section.read_var_u32().map_err(LoadFault::unparsable)?;
    for _ in 0..count {
        types.read(&mut section, depth)?;
    }
    Ok(())
}

/// How many definitions a core type stands for.
pub(crate) fn core_members(ty: &CoreType<'_>) -> u64 {
    match ty {
        CoreType::Rec(group) => group.types().len() as u64,
        CoreType::Module(declarations) => declarations.len() as u64,
    }
}

struct Types<'a> {
    nesting: Bound,
    definitions: &'a mut Total,
}

impl Types<'_> {
    fn read(&mut self, reader: &mut BinaryReader<'_>, depth: u64) -> Result<(), LoadFault> {
        self.definitions.add(1)?;
        match first_byte(reader)? {
            COMPONENT | INSTANCE => {
                self.nesting.check(depth + 1)?;
                reader.read_u8().map_err(LoadFault::unparsable)?;
                let count = reader.read_var_u32().map_err(LoadFault::unparsable)?;
                for _ in 0..count {
                    self.declaration(reader, depth + 1)?;
                }
                Ok(())
            }
            _ => {
                let ty = reader.read().map_err(LoadFault::unparsable)?;
                self.definitions.add(members(&ty))
            }
        }
    }

    fn declaration(&mut self, reader: &mut BinaryReader<'_>, depth: u64) -> Result<(), LoadFault> {
        match first_byte(reader)? {
            TYPE => {
                reader.read_u8().map_err(LoadFault::unparsable)?;
                self.read(reader, depth)
            }
            IMPORT => {
                reader.read_u8().map_err(LoadFault::unparsable)?;
                let _: ComponentImport<'_> = reader.read().map_err(LoadFault::unparsable)?;
                self.definitions.add(1)
            }
            _ => {
                let declared = reader.read().map_err(LoadFault::unparsable)?;
                self.definitions.add(match &declared {
                    InstanceTypeDeclaration::CoreType(ty) => core_members(ty),
                    _ => 1,
                })
            }
        }
    }
}

fn first_byte(reader: &BinaryReader<'_>) -> Result<u8, LoadFault> {
    reader.clone().read_u8().map_err(LoadFault::unparsable)
}

/// The fields, cases or parameters of a type.
fn members(ty: &ComponentType<'_>) -> u64 {
    let members = match ty {
        ComponentType::Func(function) => function.params.len(),
        ComponentType::Defined(defined) => match defined {
            ComponentDefinedType::Record(fields) => fields.len(),
            ComponentDefinedType::Variant(cases) => cases.len(),
            ComponentDefinedType::Tuple(types) => types.len(),
            ComponentDefinedType::Flags(names) | ComponentDefinedType::Enum(names) => names.len(),
            _ => 0,
        },
        _ => 0,
    };
    members as u64
}
