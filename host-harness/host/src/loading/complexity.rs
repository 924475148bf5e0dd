//! Counts what a component consists of before it is compiled, and refuses what is past
//! [`CompileLimits`].
//!
//! The engine's own parser has limits too, which browsers agreed on: they let a file of some kilobytes
//! take minutes, and types nested within one another overflow its stack. So this pass reads every
//! section first. It recurses nowhere but in `component_types.rs`, which bounds how deeply.

use std::collections::VecDeque;
use std::ops::Range;

use wasmparser::{
    BinaryReader, CanonicalFunction, ComponentAlias, ComponentExternName, ComponentExternalKind,
    ComponentInstance, ComponentOuterAliasKind, CompositeInnerType, ElementItems, FromReader,
    Instance, Parser, Payload, SectionLimited,
};

use crate::limits::compile::CompileLimits;
use crate::loading::component_types;
use crate::loading::error::LoadFault;
use crate::loading::function_body::{self, Signature};
use crate::loading::meter::Bound;
use crate::loading::totals::Totals;

/// Refuses a component that is too expensive to compile.
///
/// # Errors
///
/// A limit is passed, or the component can't be parsed.
pub(crate) fn check(component: &[u8], limits: &CompileLimits) -> Result<(), LoadFault> {
    let mut pass = Pass::new(component, limits);
    for payload in Parser::new(0).parse_all(component) {
        pass.payload(payload.map_err(LoadFault::unparsable)?)?;
    }
    Ok(())
}

/// What has been counted so far.
struct Pass<'a> {
    component: &'a [u8],
    limits: &'a CompileLimits,
    totals: Totals,
    /// The modules and components that the current section is in.
    depth: u64,
    /// Whether a function was lifted.
    lifted: bool,
    module: Module,
}

/// What the bodies of a module's functions refer to.
#[derive(Default)]
struct Module {
    /// By index of the type; none for a type that isn't a function's.
    types: Vec<Option<Signature>>,
    /// Indices of the types of functions with a body, in the order of the bodies.
    functions: VecDeque<u32>,
}

impl<'a> Pass<'a> {
    fn new(component: &'a [u8], limits: &'a CompileLimits) -> Self {
        Self {
            component,
            limits,
            totals: Totals::new(limits),
            depth: 0,
            lifted: false,
            module: Module::default(),
        }
    }

    fn payload(&mut self, payload: Payload<'_>) -> Result<(), LoadFault> {
        match payload {
            Payload::ModuleSection { .. } => {
                self.totals.modules.add(1)?;
                self.module = Module::default();
                self.enter()
            }
            Payload::ComponentSection { .. } => {
                self.totals.components.add(1)?;
                self.enter()
            }
            Payload::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            Payload::TypeSection(types) => self.module_types(types),
            Payload::FunctionSection(functions) => self.functions(functions),
            Payload::CodeSectionEntry(body) => self.body(&body),
            Payload::ImportSection(imports) => self.imports(imports),
            Payload::ExportSection(exports) => {
                self.each(exports, |pass, export| pass.name(export.name))
            }
            Payload::ElementSection(segments) => self.each(segments, |pass, segment| {
                let elements = match segment.items {
                    ElementItems::Functions(functions) => functions.count(),
                    ElementItems::Expressions(_, expressions) => expressions.count(),
                };
                pass.totals.elements.add(elements.into())
            }),
            Payload::TableSection(tables) => self.each(tables, |pass, table| {
                pass.totals.table_elements.add(table.ty.initial)
            }),
            Payload::MemorySection(memories) => self.count(&memories),
            Payload::TagSection(tags) => self.count(&tags),
            Payload::GlobalSection(globals) => self.count(&globals),
            Payload::DataSection(segments) => self.count(&segments),
            other => self.component_payload(other),
        }
    }

    /// The sections that only components have, and those that define nothing.
    fn component_payload(&mut self, payload: Payload<'_>) -> Result<(), LoadFault> {
        match payload {
            Payload::CoreTypeSection(types) => self.each(types, |pass, ty| {
                let members = component_types::core_members(&ty);
                pass.totals.definitions.add(members)
            }),
            Payload::ComponentTypeSection(types) => self.component_types(types.range()),
            Payload::InstanceSection(instances) => self.each(instances, Self::core_instance),
            Payload::ComponentInstanceSection(instances) => {
                self.each(instances, Self::component_instance)
            }
            Payload::ComponentAliasSection(aliases) => self.each(aliases, Self::alias),
            Payload::ComponentCanonicalSection(functions) => {
                self.totals
                    .canonical_functions
                    .add(functions.count().into())?;
                functions.into_iter().try_for_each(|function| {
                    self.canonical_function(&function.map_err(LoadFault::unparsable)?)
                })
            }
            Payload::ComponentImportSection(imports) => {
                self.each(imports, |pass, import| pass.component_name(&import.name))
            }
            Payload::ComponentExportSection(exports) => self.each(exports, |pass, export| {
                pass.reference(export.kind)?;
                pass.component_name(&export.name)
            }),
            Payload::UnknownSection { id, .. } => Err(LoadFault::Invalid(format!(
                "its section {id} has no meaning"
            ))),
            // Neither of these defines anything. The engine keeps none of the custom sections but the
            // names of functions, which it points to in the file.
            _ => Ok(()),
        }
    }

    fn core_instance(&mut self, instance: Instance<'_>) -> Result<(), LoadFault> {
        match instance {
            Instance::Instantiate { args, .. } => {
                self.totals.core_instances.add(1)?;
                self.definitions(args.len())
            }
            Instance::FromExports(exports) => self.definitions(exports.len()),
        }
    }

    fn component_instance(&mut self, instance: ComponentInstance<'_>) -> Result<(), LoadFault> {
        match instance {
            ComponentInstance::Instantiate { args, .. } => {
                self.totals.component_instances.add(1)?;
                self.definitions(args.len())?;
                args.iter().try_for_each(|arg| self.reference(arg.kind))
            }
            ComponentInstance::FromExports(exports) => {
                self.definitions(exports.len())?;
                exports
                    .iter()
                    .try_for_each(|export| self.reference(export.kind))
            }
        }
    }

    fn alias(&mut self, alias: ComponentAlias<'_>) -> Result<(), LoadFault> {
        match alias {
            ComponentAlias::InstanceExport { name, kind, .. } => {
                self.reference(kind)?;
                self.name(name)
            }
            ComponentAlias::CoreInstanceExport { name, .. } => self.name(name),
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::Component,
                ..
            } => self.reference(ComponentExternalKind::Component),
            ComponentAlias::Outer { .. } => Ok(()),
        }
    }

    fn enter(&mut self) -> Result<(), LoadFault> {
        self.depth += 1;
        component_types::nesting(self.limits).check(self.depth)
    }

    /// Refuses what could pass a call from one component to another: a function that is lowered after
    /// it was lifted. The engine generates code that copies the values, of a size that the types
    /// multiply, and panics if it needs more than one memory, which plugins don't have.
    fn canonical_function(&mut self, function: &CanonicalFunction) -> Result<(), LoadFault> {
        match function {
            CanonicalFunction::Lift { .. } => self.lifted = true,
            CanonicalFunction::Lower { .. } if self.lifted || self.depth > 0 => {
                return Err(LoadFault::Composed);
            }
            _ => {}
        }
        Ok(())
    }

    /// Counts what is referred to, if the compiler copies what is in it.
    fn reference(&mut self, kind: ComponentExternalKind) -> Result<(), LoadFault> {
        match kind {
            ComponentExternalKind::Component | ComponentExternalKind::Instance => {
                self.totals.component_references.add(1)
            }
            _ => Ok(()),
        }
    }

    fn definitions(&mut self, count: usize) -> Result<(), LoadFault> {
        self.totals.definitions.add(count as u64)
    }

    fn count<T>(&mut self, section: &SectionLimited<'_, T>) -> Result<(), LoadFault> {
        self.totals.definitions.add(section.count().into())
    }

    /// Counts the items of a section as definitions, and what else there is to each.
    fn each<'s, T: FromReader<'s>>(
        &mut self,
        section: SectionLimited<'s, T>,
        mut item: impl FnMut(&mut Self, T) -> Result<(), LoadFault>,
    ) -> Result<(), LoadFault> {
        self.count(&section)?;
        for found in section {
            item(self, found.map_err(LoadFault::unparsable)?)?;
        }
        Ok(())
    }

    fn name(&self, name: &str) -> Result<(), LoadFault> {
        Bound {
            what: "bytes in the name of an import or export",
            field: "name_bytes",
            limit: self.limits.name_bytes,
        }
        .check(name.len() as u64)
    }

    fn component_name(&self, name: &ComponentExternName<'_>) -> Result<(), LoadFault> {
        self.name(name.name)
    }

    fn imports(&mut self, imports: wasmparser::ImportSectionReader<'_>) -> Result<(), LoadFault> {
        for import in imports.into_imports() {
            let import = import.map_err(LoadFault::unparsable)?;
            self.totals.definitions.add(1)?;
            self.name(import.module)?;
            self.name(import.name)?;
        }
        Ok(())
    }

    fn module_types(&mut self, types: wasmparser::TypeSectionReader<'_>) -> Result<(), LoadFault> {
        for group in types {
            for ty in group.map_err(LoadFault::unparsable)?.into_types() {
                self.totals.function_types.add(1)?;
                let signature = match &ty.composite_type.inner {
                    CompositeInnerType::Func(function) => {
                        Some(Signature::new(function, self.limits)?)
                    }
                    _ => None,
                };
                self.module.types.push(signature);
            }
        }
        Ok(())
    }

    fn functions(
        &mut self,
        functions: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), LoadFault> {
        self.totals.functions.add(functions.count().into())?;
        for ty in functions {
            let ty = ty.map_err(LoadFault::unparsable)?;
            self.module.functions.push_back(ty);
        }
        Ok(())
    }

    fn body(&mut self, body: &wasmparser::FunctionBody<'_>) -> Result<(), LoadFault> {
        self.totals.code_bytes.add(body.range().len() as u64)?;
        // Without a type, the body is one too many: the engine refuses it.
        let signature = self
            .module
            .functions
            .pop_front()
            .and_then(|ty| self.module.types.get(ty as usize).copied().flatten())
            .unwrap_or_default();
        function_body::check(body, signature, self.limits, &mut self.totals.bodies)
    }

    fn component_types(&mut self, section: Range<usize>) -> Result<(), LoadFault> {
        let bytes = self.component.get(section.clone()).unwrap_or_default();
        let reader = BinaryReader::new(bytes, section.start);
        component_types::check(
            reader,
            self.depth,
            self.limits,
            &mut self.totals.definitions,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_type_five_times_as_large_as_the_shipped_one_has_room() {
        // Destructured without `..`, so that a new field can't be forgotten here.
        let CompileLimits {
            at_once,
            threads,
            code_bytes,
            functions,
            function_bytes,
            locals,
            control_flow,
            block_nesting,
            branch_targets,
            function_types,
            parameters,
            results,
            elements,
            table_elements,
            modules,
            core_instances,
            components,
            component_instances,
            component_references,
            component_nesting,
            canonical_functions,
            definitions,
            name_bytes,
        } = CompileLimits::recommended();
        let fifth = CompileLimits {
            at_once,
            threads,
            code_bytes: code_bytes / 5,
            functions: functions / 5,
            function_bytes: function_bytes / 5,
            locals: locals / 5,
            control_flow: control_flow / 5,
            block_nesting: block_nesting / 5,
            branch_targets: branch_targets / 5,
            function_types: function_types / 5,
            parameters: parameters / 5,
            results: results / 5,
            elements: elements / 5,
            table_elements: table_elements / 5,
            modules: modules / 5,
            core_instances: core_instances / 5,
            components: components / 5,
            component_instances: component_instances / 5,
            component_references: component_references / 5,
            component_nesting: component_nesting / 5,
            canonical_functions: canonical_functions / 5,
            definitions: definitions / 5,
            name_bytes: name_bytes / 5,
        };
        let shipped = std::fs::read(test_components::sagemaker_pipeline()).expect("a component");
        check(&shipped, &fifth).expect("there is room");
    }
}
