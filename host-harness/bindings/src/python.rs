//! The contract's types in Python: frozen data classes with type hints.

use std::fmt::Write as _;

use crate::text::{camel, pascal, screaming, snake, wrapped};
use crate::wit::{Case, Definition, Kind, Member, Value};

const WIDTH: usize = 96;

/// The file.
pub(crate) fn types(definitions: &[Definition]) -> String {
    let mut file = String::from(
        "\"\"\"The contract's types.\n\
         \n\
         Made of wit/ by polysync-bindings: change the contract, and run `cargo run -p polysync-bindings`.\n\
         \"\"\"\n\
         \n\
         from __future__ import annotations\n\
         \n\
         import enum\n\
         from dataclasses import dataclass\n\
         from datetime import datetime\n\
         from typing import Any\n\
         \n\
         from . import _json\n\
         from ._json import LogPosition as LogPosition\n",
    );
    for definition in definitions {
        match &definition.kind {
            Kind::Record(members) => file.push_str(&record(definition, members)),
            Kind::Enum(cases) => file.push_str(&enumeration(definition, cases)),
            Kind::Variant => {}
        }
    }
    file
}

/// The name of a type. `Error` is what exceptions are called.
fn type_name(name: &str) -> String {
    match name {
        "error" => "PlatformError".to_owned(),
        _ => pascal(name),
    }
}

/// The name of a member: `class` is a word of Python.
fn member_name(name: &str) -> String {
    match name {
        "class" => "class_".to_owned(),
        _ => snake(name),
    }
}

fn type_of(value: &Value) -> String {
    match value {
        Value::Text => "str".to_owned(),
        Value::Flag => "bool".to_owned(),
        Value::Number => "int".to_owned(),
        Value::Time => "datetime | None".to_owned(),
        Value::Attributes => "tuple[Attribute, ...]".to_owned(),
        Value::Named(name) => type_name(name),
        Value::List(inner) => format!("tuple[{}, ...]", type_of(inner)),
        Value::Option(inner) => format!("{} | None", type_of(inner)),
    }
}

fn default(value: &Value) -> Option<&'static str> {
    match value {
        Value::Option(_) | Value::Time => Some("None"),
        Value::Attributes | Value::List(_) => Some("()"),
        _ => None,
    }
}

fn record(definition: &Definition, members: &[Member]) -> String {
    let name = type_name(&definition.name);
    let mut text = format!("\n\n@dataclass(frozen=True, kw_only=True)\nclass {name}:\n");
    text.push_str(&docstring(&definition.docs, 4));
    for member in members {
        let default = default(&member.value).map(|default| format!(" = {default}"));
        let _ = writeln!(
            text,
            "\n    {}: {}{}",
            member_name(&member.name),
            type_of(&member.value),
            default.unwrap_or_default()
        );
        text.push_str(&docstring(&member.docs, 4));
    }
    text.push_str(&reader(&name, members));
    text.push_str(&writer(members));
    text
}

fn reader(name: &str, members: &[Member]) -> String {
    let mut text = format!(
        "\n    @staticmethod\n    def from_json(json: dict[str, Any]) -> {name}:\n        \"\"\"Reads the JSON form.\"\"\"\n        return {name}(\n"
    );
    for member in members {
        let json = format!("json.get(\"{}\")", camel(&member.name));
        let _ = writeln!(
            text,
            "            {}={},",
            member_name(&member.name),
            read(&member.value, &json)
        );
    }
    text.push_str("        )\n");
    text
}

fn read(value: &Value, json: &str) -> String {
    match value {
        Value::Text => format!("{json} or \"\""),
        Value::Flag => format!("bool({json})"),
        Value::Number => format!("{json} or 0"),
        Value::Time => format!("_json.time({json})"),
        Value::Attributes => {
            format!("tuple(Attribute(name=n, value=v) for n, v in _json.pairs({json}))")
        }
        Value::Named(name) => format!("{}.from_json({json})", type_name(name)),
        Value::List(inner) => format!("tuple({} for item in {json} or ())", read_item(inner)),
        Value::Option(_) => json.to_owned(),
    }
}

fn read_item(value: &Value) -> String {
    match value {
        Value::Named(name) => format!("{}.from_json(item)", type_name(name)),
        _ => "item".to_owned(),
    }
}

fn writer(members: &[Member]) -> String {
    let mut text = String::from(
        "\n    def to_json(self) -> dict[str, Any]:\n        \"\"\"Writes the JSON form.\"\"\"\n        return {\n",
    );
    for member in members {
        let value = format!("self.{}", member_name(&member.name));
        let written = match &member.value {
            Value::Time => format!("_json.time_text({value})"),
            Value::Attributes => format!("_json.members({value})"),
            Value::Named(_) => format!("{value}.to_json()"),
            Value::List(inner) => match &**inner {
                Value::Named(_) => format!("[item.to_json() for item in {value}]"),
                _ => format!("list({value})"),
            },
            _ => value,
        };
        let _ = writeln!(text, "            \"{}\": {written},", camel(&member.name));
    }
    text.push_str("        }\n");
    text
}

fn enumeration(definition: &Definition, cases: &[Case]) -> String {
    let name = type_name(&definition.name);
    let mut text = format!("\n\nclass {name}(enum.Enum):\n");
    text.push_str(&docstring(&definition.docs, 4));
    for case in cases {
        let _ = writeln!(text, "\n    {} = \"{}\"", screaming(&case.name), case.name);
        text.push_str(&docstring(&case.docs, 4));
    }
    let catch_all = cases
        .iter()
        .find(|case| matches!(case.name.as_str(), "other" | "unknown"));
    let _ = write!(
        text,
        "\n    @staticmethod\n    def from_json(word: str | None) -> {name}:\n        \"\"\"Reads a word{}.\"\"\"\n",
        match catch_all {
            Some(case) => format!("; one that is not known is {}", screaming(&case.name)),
            None => String::new(),
        }
    );
    match catch_all {
        Some(case) => {
            let case = screaming(&case.name);
            let _ = write!(
                text,
                "        try:\n            return {name}(word)\n        except ValueError:\n            return {name}.{case}\n"
            );
        }
        None => {
            let _ = writeln!(text, "        return {name}(word)");
        }
    }
    text.push_str("\n    def to_json(self) -> str:\n        \"\"\"The word.\"\"\"\n        return self.value\n");
    text
}

fn docstring(docs: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    let paragraphs: Vec<Vec<String>> = docs
        .split("\n\n")
        .map(|paragraph| wrapped(paragraph, WIDTH - indent - 6))
        .collect();
    let is_one_line = matches!(&paragraphs[..], [lines] if lines.len() == 1);
    let mut text = format!("{space}\"\"\"");
    for (number, lines) in paragraphs.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        for (line_number, line) in lines.iter().enumerate() {
            if number > 0 || line_number > 0 {
                text.push_str(&space);
            }
            text.push_str(line);
            if !is_one_line {
                text.push('\n');
            }
        }
    }
    if !is_one_line {
        text.push_str(&space);
    }
    text.push_str("\"\"\"\n");
    text
}
