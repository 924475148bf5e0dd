//! The contract's types in C#: immutable classes, for .NET Standard 2.0 and C# 7.

use std::fmt::Write as _;

use crate::text::{camel, pascal, wrapped};
use crate::wit::{Case, Definition, Kind, Member, Value};

const WIDTH: usize = 110;

/// The file.
pub(crate) fn types(definitions: &[Definition]) -> String {
    let mut file = String::from(
        "// Made of wit/ by polysync-bindings: change the contract, and run `cargo run -p polysync-bindings`.\n\
         \n\
         using System;\n\
         using System.Collections.Generic;\n\
         \n\
         namespace Polysync.JobTypes\n\
         {\n",
    );
    let parts = definitions
        .iter()
        .filter_map(|definition| match &definition.kind {
            Kind::Record(members) => Some(record(definition, members)),
            Kind::Enum(cases) => Some(enumeration(definition, cases)),
            Kind::Variant => None,
        });
    file.push_str(&parts.collect::<Vec<_>>().join("\n"));
    file.push_str("}\n");
    file
}

/// The name of a type. `System.Attribute` is everywhere, and `Error` says nothing.
fn type_name(name: &str) -> String {
    match name {
        "attribute" => "JobAttribute".to_owned(),
        "error" => "PlatformError".to_owned(),
        _ => pascal(name),
    }
}

/// The name of a parameter: some are words of C#.
fn parameter(name: &str) -> String {
    match camel(name).as_str() {
        word @ ("class" | "default" | "operator" | "params") => format!("@{word}"),
        word => word.to_owned(),
    }
}

fn type_of(value: &Value) -> String {
    match value {
        Value::Text => "string".to_owned(),
        Value::Flag => "bool".to_owned(),
        Value::Number => "long".to_owned(),
        Value::Time => "DateTimeOffset?".to_owned(),
        Value::Attributes => "IReadOnlyList<JobAttribute>".to_owned(),
        Value::Named(name) => type_name(name),
        Value::List(inner) => format!("IReadOnlyList<{}>", type_of(inner)),
        Value::Option(inner) => match &**inner {
            inner @ (Value::Number | Value::Flag) => format!("{}?", type_of(inner)),
            inner => type_of(inner),
        },
    }
}

/// Whether a constructor may leave it out.
fn may_be_absent(value: &Value) -> bool {
    matches!(
        value,
        Value::Option(_) | Value::Time | Value::Attributes | Value::List(_)
    )
}

fn record(definition: &Definition, members: &[Member]) -> String {
    let name = type_name(&definition.name);
    let mut text = summary(&definition.docs, 4);
    let _ = write!(text, "    public sealed class {name}\n    {{\n");
    text.push_str(&constructor(&name, members));
    for member in members {
        text.push('\n');
        text.push_str(&summary(&member.docs, 8));
        let _ = writeln!(
            text,
            "        public {} {} {{ get; }}",
            type_of(&member.value),
            pascal(&member.name)
        );
    }
    text.push_str(&reader(&name, members));
    text.push_str(&writer(members));
    text.push_str("    }\n");
    text
}

fn constructor(name: &str, members: &[Member]) -> String {
    let (optional, required): (Vec<_>, Vec<_>) = members
        .iter()
        .partition(|member| may_be_absent(&member.value));
    let all = required.iter().chain(&optional);
    let mut text = format!(
        "        /// <summary>Makes a {name}. What may be absent may be left out.</summary>\n"
    );
    let parameters: Vec<_> = all
        .map(|member| {
            let default = if may_be_absent(&member.value) {
                " = null"
            } else {
                ""
            };
            format!(
                "{} {}{default}",
                type_of(&member.value),
                parameter(&member.name)
            )
        })
        .collect();
    let _ = writeln!(
        text,
        "        public {name}(\n            {})\n        {{",
        parameters.join(",\n            ")
    );
    for member in members {
        let (property, parameter) = (pascal(&member.name), parameter(&member.name));
        let value = match &member.value {
            Value::Text => format!(
                "{parameter} ?? throw new ArgumentNullException(\"{}\")",
                camel(&member.name)
            ),
            Value::Attributes => format!("Lists.Copy<JobAttribute>({parameter})"),
            Value::List(inner) => format!("Lists.Copy<{}>({parameter})", type_of(inner)),
            _ => parameter,
        };
        let _ = writeln!(text, "            {property} = {value};");
    }
    text.push_str("        }\n");
    text
}

fn reader(name: &str, members: &[Member]) -> String {
    let mut text = format!(
        "\n        internal static {name} Read(Json json)\n        {{\n            return new {name}(\n"
    );
    let arguments: Vec<_> = members
        .iter()
        .map(|member| {
            let json = format!("json[\"{}\"]", camel(&member.name));
            format!(
                "                {}: {}",
                parameter(&member.name),
                read(&member.value, &json)
            )
        })
        .collect();
    text.push_str(&arguments.join(",\n"));
    text.push_str(");\n        }\n");
    text
}

fn read(value: &Value, json: &str) -> String {
    match value {
        Value::Text => format!("{json}.Text ?? \"\""),
        Value::Flag => format!("{json}.Flag"),
        Value::Number => format!("{json}.Number ?? 0"),
        Value::Time => format!("{json}.Time"),
        Value::Attributes => format!("{json}.Attributes"),
        Value::Named(name) => format!("{}.Read({json})", reader_name(name)),
        Value::List(inner) => format!("{json}.List(item => {})", read(inner, "item")),
        Value::Option(inner) => match &**inner {
            Value::Text => format!("{json}.Text"),
            Value::Number => format!("{json}.Number"),
            inner => read(inner, json),
        },
    }
}

/// Enums have no static members: those of one are in a class beside it.
fn reader_name(name: &str) -> String {
    match name {
        "error-class" | "direction" | "severity" | "run-state" | "cancel-outcome" => {
            format!("{}Word", type_name(name))
        }
        _ => type_name(name),
    }
}

fn writer(members: &[Member]) -> String {
    let mut text = String::from(
        "\n        internal void Write(JsonWriter json)\n        {\n            json.Begin();\n",
    );
    for member in members {
        let (name, property) = (camel(&member.name), pascal(&member.name));
        let write = match &member.value {
            Value::Text | Value::Flag | Value::Number | Value::Time | Value::Option(_) => {
                format!("json.Member(\"{name}\", {property});")
            }
            Value::Attributes => format!("json.Attributes(\"{name}\", {property});"),
            Value::Named(kind) if reader_name(kind).ends_with("Word") => {
                format!(
                    "json.Member(\"{name}\", {}.Of({property}));",
                    reader_name(kind)
                )
            }
            Value::Named(_) => format!("json.Name(\"{name}\"); {property}.Write(json);"),
            Value::List(inner) => match &**inner {
                Value::Text => format!("json.List(\"{name}\", {property}, json.Value);"),
                _ => format!("json.List(\"{name}\", {property}, item => item.Write(json));"),
            },
        };
        let _ = writeln!(text, "            {write}");
    }
    text.push_str("            json.End();\n        }\n");
    text
}

fn enumeration(definition: &Definition, cases: &[Case]) -> String {
    let name = type_name(&definition.name);
    let mut text = summary(&definition.docs, 4);
    let _ = write!(text, "    public enum {name}\n    {{\n");
    let members: Vec<_> = cases
        .iter()
        .map(|case| format!("{}        {}", summary(&case.docs, 8), pascal(&case.name)))
        .collect();
    text.push_str(&members.join(",\n\n"));
    text.push_str("\n    }\n\n");
    text.push_str(&words(&name, cases));
    text
}

/// The words of an enum, and how a word that is not known is read.
fn words(name: &str, cases: &[Case]) -> String {
    let mut text = format!("    internal static class {name}Word\n    {{\n");
    let _ = write!(
        text,
        "        internal static {name} Read(Json json)\n        {{\n            switch (json.Text)\n            {{\n"
    );
    for case in cases {
        let _ = writeln!(
            text,
            "                case \"{}\": return {name}.{};",
            case.name,
            pascal(&case.name)
        );
    }
    let catch_all = cases
        .iter()
        .find(|case| matches!(case.name.as_str(), "other" | "unknown"));
    let default = match catch_all {
        Some(case) => format!("return {name}.{};", pascal(&case.name)),
        None => {
            format!("throw new FormatException(\"'\" + json.Text + \"' is not one of {name}\");")
        }
    };
    let _ = write!(
        text,
        "                default: {default}\n            }}\n        }}\n\n        internal static string Of({name} value)\n        {{\n            switch (value)\n            {{\n"
    );
    for case in cases {
        let _ = writeln!(
            text,
            "                case {name}.{}: return \"{}\";",
            pascal(&case.name),
            case.name
        );
    }
    text.push_str(
        "                default: throw new ArgumentOutOfRangeException(nameof(value));\n            }\n        }\n    }\n",
    );
    text
}

/// A documentation comment. Names in backticks become code, and `<` and `&` stay what they are.
fn summary(docs: &str, indent: usize) -> String {
    let escaped = docs.replace('&', "&amp;").replace('<', "&lt;");
    let mut text = String::new();
    for (number, part) in escaped.split('`').enumerate() {
        match number % 2 {
            0 => text.push_str(part),
            _ => {
                let _ = write!(text, "<c>{part}</c>");
            }
        }
    }
    let paragraphs: Vec<_> = text.split("\n\n").collect();
    let indent = " ".repeat(indent);
    let mut comment = String::new();
    let lines = |paragraph: &str| wrapped(paragraph, WIDTH - indent.len() - 4);
    let prefix = format!("{indent}/// ");
    if let [paragraph] = paragraphs[..] {
        let line = format!("<summary>{}</summary>", paragraph.trim());
        for line in lines(&line) {
            let _ = writeln!(comment, "{prefix}{line}");
        }
        return comment;
    }
    let _ = writeln!(comment, "{prefix}<summary>");
    for paragraph in paragraphs {
        for line in lines(&format!("<para>{}</para>", paragraph.trim())) {
            let _ = writeln!(comment, "{prefix}{line}");
        }
    }
    let _ = writeln!(comment, "{prefix}</summary>");
    comment
}
