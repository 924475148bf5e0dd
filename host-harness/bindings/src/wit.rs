//! The contract's types, as far as the other languages need to know them.

use std::path::Path;

use anyhow::{Context, Result, bail};
use wit_parser::{Docs, Resolve, Type, TypeDefKind, TypeId};

/// A type of the contract.
pub(crate) struct Definition {
    /// In kebab-case.
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Record(Vec<Member>),
    Enum(Vec<Case>),
    /// Written by hand in each language.
    Variant,
}

pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) value: Value,
}

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) docs: String,
}

/// What a member holds, in the JSON form.
pub(crate) enum Value {
    Text,
    Flag,
    Number,
    /// Milliseconds in the contract, RFC 3339 in JSON; always an option.
    Time,
    /// A list of the contract's attributes: an object in JSON.
    Attributes,
    Named(String),
    List(Box<Value>),
    Option(Box<Value>),
}

/// The types in the order of the contract.
pub(crate) fn types(folder: &Path) -> Result<Vec<Definition>> {
    let mut resolve = Resolve::default();
    resolve.push_path(folder)?;
    let interface = resolve.interfaces.iter().map(|(_, interface)| interface);
    let interface = interface
        .into_iter()
        .find(|it| it.name.as_deref() == Some("types"));
    let interface = interface.context("the interface `types` is missing")?;
    let types = interface.types.iter();
    types
        .map(|(name, id)| definition(&resolve, name, *id))
        .collect()
}

fn definition(resolve: &Resolve, name: &str, id: TypeId) -> Result<Definition> {
    let Some(definition) = resolve.types.get(id) else {
        bail!("`{name}` is not defined");
    };
    let kind = match &definition.kind {
        TypeDefKind::Record(record) => {
            let members = record.fields.iter().map(|field| {
                Ok(Member {
                    name: field.name.clone(),
                    docs: text(&field.docs, || {
                        format!("The {} of the {}.", words(&field.name), words(name))
                    }),
                    value: value(resolve, &field.ty)?,
                })
            });
            Kind::Record(members.collect::<Result<_>>()?)
        }
        TypeDefKind::Enum(cases) => Kind::Enum(
            cases
                .cases
                .iter()
                .map(|case| Case {
                    name: case.name.clone(),
                    docs: text(&case.docs, || format!("The case `{}`.", case.name)),
                })
                .collect(),
        ),
        TypeDefKind::Variant(_) => Kind::Variant,
        _ => bail!("`{name}` is a kind of type that no binding has"),
    };
    Ok(Definition {
        name: name.to_owned(),
        docs: text(&definition.docs, || format!("The contract's `{name}`.")),
        kind,
    })
}

fn value(resolve: &Resolve, ty: &Type) -> Result<Value> {
    Ok(match ty {
        Type::String => Value::Text,
        Type::Bool => Value::Flag,
        Type::U32 | Type::S64 => Value::Number,
        Type::Id(id) => {
            let Some(definition) = resolve.types.get(*id) else {
                bail!("a type is not defined");
            };
            match (&definition.name, &definition.kind) {
                (Some(name), _) => Value::Named(name.clone()),
                (None, TypeDefKind::Option(Type::U64)) => Value::Time,
                (None, TypeDefKind::Option(inner)) => {
                    Value::Option(Box::new(value(resolve, inner)?))
                }
                (None, TypeDefKind::List(inner)) => match value(resolve, inner)? {
                    Value::Named(name) if name == "attribute" => Value::Attributes,
                    inner => Value::List(Box::new(inner)),
                },
                _ => bail!("a member has a kind of type that no binding has"),
            }
        }
        _ => bail!("a member has a type that no binding has"),
    })
}

/// What the contract says, or else what the name says.
fn text(docs: &Docs, name: impl FnOnce() -> String) -> String {
    docs.contents.clone().unwrap_or_else(name)
}

/// `run-id` → `run id`
fn words(name: &str) -> String {
    name.replace('-', " ")
}
