//! Checking the attributes that the user gives against those that the plugin defines.
//!
//! A plugin ignores names that it doesn't know, as the contract asks, so that a typing error would
//! have no effect. The tool catches it.

use polysync_host::contract::{Attribute, AttributeDefinition};

use crate::failure::Failure;

/// Whose attributes, for error messages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    Job,
    Connection,
}

impl Owner {
    fn word(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Connection => "connection",
        }
    }
}

/// Fails for the first attribute that isn't defined.
pub(crate) fn check(
    owner: Owner,
    given: &[Attribute],
    defined: &[AttributeDefinition],
) -> Result<(), Failure> {
    match given.iter().find(|attribute| {
        !defined
            .iter()
            .any(|definition| definition.key == attribute.name)
    }) {
        None => Ok(()),
        Some(unknown) => Err(Failure::Usage(explain(owner, &unknown.name, defined))),
    }
}

/// The attributes that are defined. Those that only another plugin of the command defines are for that one.
pub(crate) fn own(given: Vec<Attribute>, defined: &[AttributeDefinition]) -> Vec<Attribute> {
    let is_own = |attribute: &Attribute| defined.iter().any(|own| own.key == attribute.name);
    given.into_iter().filter(is_own).collect()
}

fn explain(owner: Owner, name: &str, defined: &[AttributeDefinition]) -> String {
    let owner = owner.word();
    if defined.is_empty() {
        return format!(
            "there is no {owner} attribute `{name}`: this job type has no {owner} attributes"
        );
    }
    match closest(name, defined) {
        Some(key) => format!("there is no {owner} attribute `{name}`; did you mean `{key}`?"),
        None => {
            let keys: Vec<_> = defined
                .iter()
                .map(|definition| format!("`{}`", definition.key))
                .collect();
            format!(
                "there is no {owner} attribute `{name}`; there are {}",
                keys.join(", ")
            )
        }
    }
}

fn closest<'a>(name: &str, defined: &'a [AttributeDefinition]) -> Option<&'a str> {
    const ALIKE: f64 = 0.8;
    let letters = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let name = letters(name);
    defined
        .iter()
        .map(|definition| {
            (
                strsim::jaro_winkler(&name, &letters(&definition.key)),
                definition.key.as_str(),
            )
        })
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn message(owner: Owner, name: &str, keys: &[&str]) -> String {
        let defined: Vec<_> = keys
            .iter()
            .map(|key| samples::attribute_definition(key))
            .collect();
        let given = [Attribute {
            name: name.into(),
            value: "x".into(),
        }];
        match check(owner, &given, &defined) {
            Err(Failure::Usage(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_defined_attribute_is_accepted() {
        let given = [Attribute {
            name: "display-name".into(),
            value: String::new(),
        }];
        assert!(
            check(
                Owner::Job,
                &given,
                &[samples::attribute_definition("display-name")]
            )
            .is_ok()
        );
    }

    #[test]
    fn of_several_plugins_each_has_the_attributes_that_it_defines() {
        let attribute = |name: &str| Attribute {
            name: name.into(),
            value: "x".into(),
        };
        let given = vec![attribute("role"), attribute("order"), attribute("both")];
        let defined = ["both", "order"].map(samples::attribute_definition);
        assert_eq!(
            own(given, &defined),
            [attribute("order"), attribute("both")]
        );
    }

    #[test]
    fn a_typing_error_is_answered_with_the_attribute_that_was_meant() {
        let message = message(Owner::Job, "displayName", &["description", "display-name"]);
        assert_eq!(
            message,
            "there is no job attribute `displayName`; did you mean `display-name`?"
        );
    }

    #[test]
    fn an_attribute_that_resembles_none_is_answered_with_all() {
        let message = message(Owner::Connection, "zzz", &["role", "account"]);
        assert_eq!(
            message,
            "there is no connection attribute `zzz`; there are `role`, `account`"
        );
    }

    #[test]
    fn a_job_type_without_attributes_says_so() {
        assert!(message(Owner::Connection, "role", &[]).contains("has no connection attributes"));
    }
}
