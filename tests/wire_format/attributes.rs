//! What an attribute's definition says, compared with what `validate` accepts.

use super::jobs::jobs;
use super::requests::wire;
use crate::support::{Stage, cases};
use polysync_host::contract::{AttributeDefinition, Severity};
use regex::Regex;
use std::collections::BTreeMap;

/// A form can check a value by its definition alone.
#[tokio::test]
async fn an_attribute_that_validate_accepts_satisfies_its_definition_and_the_other_way_round() {
    let stage = Stage::new().await;
    let job_type = stage.job_type_on(&wire());
    let definitions = &stage.plugin.description().job_attributes;
    let mut compared = BTreeMap::new();
    for job in cases(600, jobs()) {
        let findings = job_type.validate(&job, None).await.unwrap();
        let given = job.attributes.iter();
        for given in given.filter(|given| !given.value.trim().is_empty()) {
            let definition = definitions.iter().find(|one| one.key == given.name);
            let definition = definition.unwrap();
            let field = format!("attributes.{}", given.name);
            let accepted = !findings
                .iter()
                .any(|finding| finding.field == field && finding.severity == Severity::Error);
            let satisfied = satisfies(&given.value, definition);
            let allowed = match given.name.as_str() {
                // A pattern can't say that names differ, or how long each may be.
                "selected-steps" => !accepted || satisfied,
                // Beside the value, the attribute needs another one.
                "source-execution-arn" => !accepted || satisfied,
                // The model's pattern allows a role that consists of slashes.
                "execution-role-arn" => !accepted || satisfied,
                _ => accepted == satisfied,
            };
            assert!(allowed, "{given:?}: {accepted}, {satisfied}");
            *compared.entry(given.name.clone()).or_insert(0) += 1;
        }
    }
    assert_eq!(compared.len(), definitions.len(), "{compared:?}");
}

fn satisfies(value: &str, definition: &AttributeDefinition) -> bool {
    if definition.kind == "integer" {
        let number = value.trim().parse::<i64>();
        return number.is_ok_and(|number| {
            definition.minimum.is_none_or(|minimum| number >= minimum)
                && definition.maximum.is_none_or(|maximum| number <= maximum)
        });
    }
    let length = u32::try_from(value.chars().count()).unwrap();
    let fits = |pattern: &str| {
        // `.` stops at a line's end, of which RE2 knows one alone.
        let pattern = pattern.replace(".*", r"[^\n\r\u{85}\u{2028}\u{2029}]*");
        let whole = format!("^(?:{pattern})$");
        Regex::new(&whole).unwrap().is_match(value)
    };
    definition.min_length.is_none_or(|least| length >= least)
        && definition.max_length.is_none_or(|most| length <= most)
        && definition.pattern.as_deref().is_none_or(fits)
}
