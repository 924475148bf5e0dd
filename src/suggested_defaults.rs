//! Which declared defaults are suggested as values: those that a start takes. Every default applies
//! where a start sends no value, so that none is lost.

use job_type_kit::contract::DeclaredParameter;

use crate::constraints;

/// How many parameters a note names.
const NAMED: usize = 5;

/// Removes the defaults that a start doesn't take as a value. An empty one goes silently: no value is the
/// same. For those that are too long, returns a sentence.
pub fn keep_sendable(parameters: &mut [DeclaredParameter]) -> Option<String> {
    let mut too_long = Vec::new();
    for parameter in parameters {
        let Some(default) = &parameter.default_value else {
            continue;
        };
        if default.is_empty() {
            parameter.default_value = None;
        } else if constraints::parameter_value(default).is_some() {
            parameter.default_value = None;
            too_long.push(parameter.name.as_str());
        }
    }
    (!too_long.is_empty()).then(|| sentence(&too_long))
}

fn sentence(names: &[&str]) -> String {
    let (_, most) = constraints::PARAMETER_VALUE_LENGTH;
    let (named, others) = names.split_at(names.len().min(NAMED));
    let others = match others.len() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    format!(
        "Imported without the defaults of {}{others}: they have more than the {most} characters that \
         a value at start may have. Each applies where its parameter has no value.",
        named.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::declared;
    use job_type_kit::DataType;

    fn with_default(name: &str, default: &str) -> DeclaredParameter {
        DeclaredParameter {
            default_value: Some(default.to_owned()),
            ..declared(name, DataType::String)
        }
    }

    #[test]
    fn defaults_that_a_start_takes_stay() {
        let mut parameters = ["x", " ", &"é".repeat(1024)].map(|text| with_default("A", text));
        let before = parameters.clone();
        assert_eq!(keep_sendable(&mut parameters), None);
        assert_eq!(parameters, before);
    }

    #[test]
    fn an_empty_default_is_not_suggested_and_not_noted() {
        let mut parameters = [with_default("A", "")];
        assert_eq!(keep_sendable(&mut parameters), None);
        assert_eq!(parameters[0].default_value, None);
        assert!(!parameters[0].required);
    }

    #[test]
    fn a_note_names_five_parameters_whose_default_is_too_long_and_counts_the_others() {
        let long = "x".repeat(1025);
        let names = ["A", "B", "C", "D", "E", "F", "G"];
        let mut parameters = names.map(|name| with_default(name, &long));
        let note = keep_sendable(&mut parameters).unwrap();
        assert!(note.contains("of A, B, C, D, E and 2 more:"), "{note}");
        assert!(parameters.iter().all(|p| p.default_value.is_none()));
    }
}
