//! The attributes that choose a pipeline's version: by its number, or by an alias.

use job_type_kit::contract::{Attribute, AttributeDefinition};
use job_type_kit::limits;
use job_type_kit::{FindingCode, Findings, Problem};

/// `PipelineVersionId`
pub const VERSION_ID: &str = "pipeline-version-id";
/// `PipelineVersionAlias`
pub const VERSION_ALIAS: &str = "pipeline-version-alias";

/// API model: `PipelineVersionId`
const LEAST_VERSION_ID: i64 = 1;
/// API model: `PipelineVersionAlias`
const VERSION_ALIAS_LENGTH: (u32, u32) = (1, 128);
/// API model: `PipelineVersionAlias`, and SageMaker's guide: an alias can't consist of digits alone.
const VERSION_ALIAS_PATTERN: &str = r"[0-9]*[a-zA-Z._\-][a-zA-Z0-9._\-]*";

/// The two attributes.
pub fn definitions() -> [AttributeDefinition; 2] {
    [
        AttributeDefinition::integer(
            VERSION_ID,
            "SageMaker Pipeline Version ID",
            "The version of the pipeline that runs, in place of the latest.",
        )
        .with_minimum(LEAST_VERSION_ID)
        .with_maximum(i64::MAX),
        AttributeDefinition::text(
            VERSION_ALIAS,
            "SageMaker Pipeline Version Alias",
            "An alias of the version that runs, such as prod. Give the alias or the version's ID.",
        )
        .with_length(VERSION_ALIAS_LENGTH)
        .with_pattern(VERSION_ALIAS_PATTERN),
    ]
}

/// Reads the version's number. What is wrong goes into `findings`.
pub fn read_id(attributes: &[Attribute], findings: &mut Findings) -> Option<i64> {
    findings.attribute("", attributes, VERSION_ID, |id| {
        limits::whole_number(id, LEAST_VERSION_ID)
    })
}

/// Reads the alias. What is wrong goes into `findings`, and a number beside it.
pub fn read_alias(attributes: &[Attribute], findings: &mut Findings) -> Option<String> {
    if [VERSION_ID, VERSION_ALIAS]
        .iter()
        .all(|key| Attribute::find(attributes, key).is_some())
    {
        findings.warning(
            FindingCode::NotTogether,
            format!("attributes.{VERSION_ALIAS}"),
            format!("is given beside {VERSION_ID}; SageMaker may refuse both together"),
        );
    }
    findings.attribute("", attributes, VERSION_ALIAS, version_alias)
}

fn version_alias(alias: &str) -> Result<String, Problem> {
    let wrong = limits::length(alias, VERSION_ALIAS_LENGTH).or_else(|| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_number = alias.bytes().all(|byte| byte.is_ascii_digit());
        (is_number || !alias.bytes().all(fits)).then(|| {
            let message = format!(
                "may hold letters a-z and A-Z, digits, ., _ and -, and not digits alone; a number goes \
                 into {VERSION_ID}"
            );
            Problem::new(FindingCode::InvalidCharacters, message)
        })
    });
    wrong.map_or_else(|| Ok(alias.to_owned()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::wrong_fields;

    fn wrong(attributes: &[(&str, &str)]) -> Vec<String> {
        wrong_fields(attributes, |attributes, findings| {
            read_id(attributes, findings);
            read_alias(attributes, findings);
        })
    }

    #[test]
    fn a_version_is_a_number_from_1() {
        for id in ["1", "42", "9223372036854775807"] {
            assert_eq!(wrong(&[("pipeline-version-id", id)]), [""; 0], "{id}");
        }
        for id in ["0", "-1", "1.5", "latest", "9223372036854775808"] {
            let field = "attributes.pipeline-version-id";
            assert_eq!(wrong(&[("pipeline-version-id", id)]), [field], "{id}");
        }
    }

    #[test]
    fn a_version_alias_is_a_word_that_is_not_a_number() {
        for alias in ["prod", "v1.2_x-3", "1a", ".", &"a".repeat(128)] {
            assert_eq!(
                wrong(&[("pipeline-version-alias", alias)]),
                [""; 0],
                "{alias}"
            );
        }
        for alias in ["7", "a b", "é", "a/b", &"a".repeat(129)] {
            let field = "attributes.pipeline-version-alias";
            assert_eq!(
                wrong(&[("pipeline-version-alias", alias)]),
                [field],
                "{alias}"
            );
        }
    }

    #[test]
    fn a_version_id_together_with_an_alias_is_a_warning() {
        let both = [
            ("pipeline-version-id", "2"),
            ("pipeline-version-alias", "prod"),
        ];
        assert_eq!(wrong(&both), ["attributes.pipeline-version-alias"]);
    }
}
