//! The description of a job type.

use polysync_host::Digest;
use polysync_host::contract::{AttributeDefinition, ContractVersion, Description};

use super::fields::Fields;
use super::style::{BOLD, DIM, paint};
use super::{needs, text};
use crate::needs::Needs;

/// What to say where nothing is known of the connection.
const NEEDS_OF_NO_CONNECTION: &str = "depend on the connection: give --region to see them";

/// The whole description of a job type, and what it asks for on a connection.
pub(crate) fn description(
    description: &Description,
    contract: ContractVersion,
    sha256: Digest,
    needs: Option<&Needs<'_>>,
) -> String {
    let needs = needs.map_or_else(|| NEEDS_OF_NO_CONNECTION.to_owned(), needs::list);
    let features = match description.features.as_slice() {
        [] => "none".to_owned(),
        features => features.join(", "),
    };
    let head = Fields::default()
        .text("id", &description.id)
        .text("version", &description.version)
        .text("contract", &contract.to_string())
        .text("sha256", &sha256.to_string())
        .text("platform", &description.platform)
        .text("external id", &description.external_id_label)
        .text("features", &features)
        .text("needs", &needs)
        .render(0);
    let job = definitions("Job attributes", "--attribute", &description.job_attributes);
    let connection = definitions(
        "Connection attributes",
        "--connection-attribute",
        &description.connection_attributes,
    );
    format!(
        "{}\n{head}\n{job}\n{connection}",
        paint(BOLD, text::line(&description.name))
    )
}

fn definitions(title: &str, option: &str, definitions: &[AttributeDefinition]) -> String {
    if definitions.is_empty() {
        return format!("{}: none\n", paint(BOLD, title));
    }
    let items = definitions.iter().map(|definition| {
        let key = paint(BOLD, text::line(&definition.key));
        let rules = Fields::default()
            .text("label", &definition.label)
            .text("value", &rules(definition))
            .maybe("default", definition.default_value.as_deref())
            .maybe("pattern", definition.pattern.as_deref())
            .maybe("help", Some(&definition.help));
        format!("  {key}\n{}", rules.render(4))
    });
    format!(
        "{} {}\n{}",
        paint(BOLD, title),
        paint(DIM, format!("({option} KEY=VALUE)")),
        items.collect::<String>()
    )
}

/// `integer, required, 1 to 10`.
fn rules(definition: &AttributeDefinition) -> String {
    let mut rules = vec![definition.kind.clone()];
    rules.push(
        if definition.required {
            "required"
        } else {
            "optional"
        }
        .to_owned(),
    );
    if definition.secret {
        rules.push("secret".to_owned());
    }
    if !definition.allowed_values.is_empty() {
        rules.push(format!("one of {}", definition.allowed_values.join(" | ")));
    }
    rules.extend(range(definition.minimum, definition.maximum, ""));
    rules.extend(range(
        definition.min_length,
        definition.max_length,
        " characters",
    ));
    rules.join(", ")
}

fn range<T: std::fmt::Display>(
    least: Option<T>,
    greatest: Option<T>,
    unit: &str,
) -> Option<String> {
    match (least, greatest) {
        (Some(least), Some(greatest)) => Some(format!("{least} to {greatest}{unit}")),
        (Some(least), None) => Some(format!("at least {least}{unit}")),
        (None, Some(greatest)) => Some(format!("at most {greatest}{unit}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn an_attribute_is_shown_with_its_rules_and_the_option_that_sets_it() {
        let mut sample = samples::description();
        sample.job_attributes[0].max_length = Some(82);
        sample.connection_attributes = vec![AttributeDefinition {
            secret: true,
            allowed_values: vec!["a".into(), "b".into()],
            ..samples::attribute_definition("token")
        }];
        let text = plain(&description(
            &sample,
            samples::plugin().contract,
            Digest::compute(b""),
            None,
        ));

        for part in [
            "sha256       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
            "needs        depend on the connection: give --region to see them\n",
            "(--attribute KEY=VALUE)",
            "  display-name\n",
            "text, optional, at most 82 characters",
            "  token\n",
            "text, optional, secret, one of a | b",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        sample.connection_attributes.clear();
        let contract = samples::plugin().contract;
        let text = plain(&description(&sample, contract, Digest::compute(b""), None));
        assert!(text.contains("Connection attributes: none"), "{text}");
    }

    #[test]
    fn a_range_is_shown_as_far_as_it_is_known() {
        assert_eq!(range(Some(1), Some(10), "").as_deref(), Some("1 to 10"));
        assert_eq!(range(Some(1), None, "").as_deref(), Some("at least 1"));
        assert_eq!(range::<i64>(None, None, ""), None);
    }
}
