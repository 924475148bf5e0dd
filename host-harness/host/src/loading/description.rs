//! Whether what a plugin says of itself is fit to be stored, logged and shown: each text has a
//! grammar or a length, and each list a length.
//!
//! The lengths aren't in [`Limits`](crate::Limits): they are a part of the contract, so that a plugin
//! that one host takes isn't refused by another. Each is several times what a form has room for.

use std::fmt::Display;

use crate::contract::{AttributeDefinition, Description, IDEMPOTENT_START};
use crate::loading::error::LoadFault;
use crate::text;

/// Bytes of a name: the id, the key of an attribute, a feature, a kind, a capability.
const NAME: usize = 64;
/// Bytes of a semantic version, with its build.
const VERSION: usize = 128;
/// Bytes of a text of one line: what a form shows beside a field.
const LINE: usize = 256;
/// Bytes of a text of some sentences, of a default value, or of a pattern.
const TEXT: usize = 4_096;
/// Attributes of a job or a connection.
const ATTRIBUTES: usize = 256;
/// Features, beside the one that every plugin of version 0.1 has.
const FEATURES: usize = 64;
/// Allowed values of an attribute.
const ALLOWED_VALUES: usize = 256;

/// Refuses a description that isn't fit to be shown.
///
/// # Errors
///
/// The first member that is wrong, by its name in the contract, without its content.
pub(crate) fn check(description: &Description) -> Result<(), LoadFault> {
    // Destructured without `..`, so that a new member can't be forgotten here.
    let Description {
        id,
        name,
        platform,
        version,
        external_id_label,
        job_attributes,
        connection_attributes,
        features,
    } = description;
    check_name("id", id)?;
    check_line("name", name)?;
    check_line("platform", platform)?;
    check_version(version)?;
    check_line("external-id-label", external_id_label)?;
    check_attributes("job-attributes", job_attributes)?;
    check_attributes("connection-attributes", connection_attributes)?;
    let named = features.iter().filter(|name| *name != IDEMPOTENT_START);
    check_count("features", named.count(), FEATURES)?;
    for (at, feature) in features.iter().enumerate() {
        check_name(format_args!("features[{at}]"), feature)?;
    }
    Ok(())
}

fn check_attributes(list: &str, definitions: &[AttributeDefinition]) -> Result<(), LoadFault> {
    check_count(list, definitions.len(), ATTRIBUTES)?;
    for (at, definition) in definitions.iter().enumerate() {
        let AttributeDefinition {
            key,
            label,
            help,
            kind,
            required: _,
            secret: _,
            default_value,
            allowed_values,
            minimum: _,
            maximum: _,
            min_length: _,
            max_length: _,
            pattern,
        } = definition;
        check_name(format_args!("{list}[{at}].key"), key)?;
        check_line(format_args!("{list}[{at}].label"), label)?;
        check_length(format_args!("{list}[{at}].help"), help, TEXT)?;
        check_name(format_args!("{list}[{at}].kind"), kind)?;
        let default_value = default_value.as_deref().unwrap_or_default();
        check_length(
            format_args!("{list}[{at}].default-value"),
            default_value,
            TEXT,
        )?;
        let member = format!("{list}[{at}].allowed-values");
        check_count(&member, allowed_values.len(), ALLOWED_VALUES)?;
        for value in allowed_values {
            check_length(&member, value, TEXT)?;
        }
        let pattern = pattern.as_deref().unwrap_or_default();
        check_length(format_args!("{list}[{at}].pattern"), pattern, TEXT)?;
    }
    Ok(())
}

/// Kebab-case: words of lower-case letters and digits, with a hyphen between two words. The name begins
/// with a letter.
fn check_name(member: impl Display, name: &str) -> Result<(), LoadFault> {
    check_length(&member, name, NAME)?;
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(is_word) {
        return Ok(());
    }
    Err(wrong(
        member,
        "is not in kebab-case, which is words of lower-case letters and digits with a hyphen between \
         them, beginning with a letter"
            .to_owned(),
    ))
}

fn check_version(version: &str) -> Result<(), LoadFault> {
    check_length("version", version, VERSION)?;
    match semver::Version::parse(version) {
        Ok(_) => Ok(()),
        // The parser's error can contain a character of the version.
        Err(_) => Err(wrong(
            "version",
            "is not a semantic version, such as `1.2.3`".to_owned(),
        )),
    }
}

fn check_line(member: impl Display, line: &str) -> Result<(), LoadFault> {
    check_length(&member, line, LINE)?;
    if line.contains(text::is_unsafe) {
        return Err(wrong(
            member,
            "has a character that can't be shown, and has to be one line".to_owned(),
        ));
    }
    Ok(())
}

fn check_length(member: impl Display, text: &str, most: usize) -> Result<(), LoadFault> {
    let length = text.len();
    if length > most {
        let problem = format!("has {length} bytes, and at most {most} are allowed");
        return Err(wrong(member, problem));
    }
    Ok(())
}

fn check_count(list: &str, count: usize, most: usize) -> Result<(), LoadFault> {
    if count > most {
        let problem = format!("has {count} entries, and at most {most} are allowed");
        return Err(wrong(list, problem));
    }
    Ok(())
}

fn wrong(member: impl Display, problem: String) -> LoadFault {
    LoadFault::Description {
        member: member.to_string(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        Description {
            id: "report".to_owned(),
            name: "Report".to_owned(),
            platform: "Example Reports".to_owned(),
            version: "1.2.3-rc.1+build.5".to_owned(),
            external_id_label: "Report name".to_owned(),
            job_attributes: vec![attribute()],
            connection_attributes: vec![attribute()],
            features: vec!["monitor-url".to_owned()],
        }
    }

    fn attribute() -> AttributeDefinition {
        AttributeDefinition {
            key: "display-name".to_owned(),
            label: "Name".to_owned(),
            help: "A name.\nIn two lines.".to_owned(),
            kind: "text".to_owned(),
            required: false,
            secret: false,
            default_value: Some(String::new()),
            allowed_values: Vec::new(),
            minimum: None,
            maximum: None,
            min_length: None,
            max_length: None,
            pattern: Some(".*".to_owned()),
        }
    }

    /// The message for a description with one change.
    fn refusal(change: impl FnOnce(&mut Description)) -> String {
        let mut description = description();
        change(&mut description);
        check(&description)
            .expect_err("it must be refused")
            .to_string()
    }

    #[test]
    fn a_description_that_is_fit_to_be_shown_is_accepted() {
        check(&description()).expect("nothing is wrong");
        for id in ["a", "a1", "sagemaker-pipeline", "s3-2-s3", &"a".repeat(64)] {
            let id = id.to_owned();
            let description = Description {
                id,
                ..description()
            };
            check(&description).expect("it is in kebab-case");
        }
    }

    #[test]
    fn an_id_that_is_not_in_kebab_case_is_refused_without_being_repeated() {
        for id in [
            "",
            "-",
            "1a",
            "a-",
            "-a",
            "a--b",
            "A",
            "aB",
            "a b",
            "a_b",
            "a.b",
            "é",
            "a\u{1b}[2J",
            "a\n",
            "a/../b",
        ] {
            assert_eq!(
                refusal(|description| description.id = id.to_owned()),
                "its description can't be used: `id` is not in kebab-case, which is words of \
                 lower-case letters and digits with a hyphen between them, beginning with a letter"
            );
        }
    }

    #[test]
    fn a_version_that_is_not_semantic_is_refused_without_being_repeated() {
        for version in [
            "",
            "1",
            "1.2",
            "v1.2.3",
            "01.2.3",
            "1.2.3\u{1b}[2J",
            "1.2.3 ",
            "new",
        ] {
            assert_eq!(
                refusal(|description| description.version = version.to_owned()),
                "its description can't be used: \
                 `version` is not a semantic version, such as `1.2.3`"
            );
        }
    }

    #[test]
    fn every_text_has_a_length() {
        type Text = fn(&mut Description) -> &mut String;
        let texts: [(&str, usize, Text); 13] = [
            ("id", 64, |it| &mut it.id),
            ("name", 256, |it| &mut it.name),
            ("platform", 256, |it| &mut it.platform),
            ("version", 128, |it| &mut it.version),
            ("external-id-label", 256, |it| &mut it.external_id_label),
            ("job-attributes[0].key", 64, |it| {
                &mut it.job_attributes[0].key
            }),
            ("job-attributes[0].label", 256, |it| {
                &mut it.job_attributes[0].label
            }),
            ("job-attributes[0].help", 4_096, |it| {
                &mut it.job_attributes[0].help
            }),
            ("job-attributes[0].kind", 64, |it| {
                &mut it.job_attributes[0].kind
            }),
            ("job-attributes[0].default-value", 4_096, |it| {
                it.job_attributes[0].default_value.get_or_insert_default()
            }),
            ("connection-attributes[0].pattern", 4_096, |it| {
                it.connection_attributes[0].pattern.get_or_insert_default()
            }),
            ("features[0]", 64, |it| &mut it.features[0]),
            ("job-attributes[0].allowed-values", 4_096, |it| {
                it.job_attributes[0].allowed_values.push_mut(String::new())
            }),
        ];
        for (member, most, text) in texts {
            assert_eq!(
                refusal(|description| *text(description) = "a".repeat(most + 1)),
                format!(
                    "its description can't be used: \
                     `{member}` has {} bytes, and at most {most} are allowed",
                    most + 1
                )
            );
        }
    }

    #[test]
    fn a_plugin_of_version_0_1_with_as_many_features_as_it_may_name_is_taken() {
        let mut full = description();
        full.features = vec!["a".to_owned(); 64];
        full.features.push(IDEMPOTENT_START.to_owned());
        check(&full).expect("it names no more than it may");
    }

    #[test]
    fn every_list_has_a_length() {
        type Fill = fn(&mut Description, usize);
        let lists: [(&str, usize, Fill); 4] = [
            ("job-attributes", 256, |it, count| {
                it.job_attributes = vec![attribute(); count];
            }),
            ("connection-attributes", 256, |it, count| {
                it.connection_attributes = vec![attribute(); count];
            }),
            ("features", 64, |it, count| {
                it.features = vec!["a".to_owned(); count]
            }),
            ("job-attributes[0].allowed-values", 256, |it, count| {
                it.job_attributes[0].allowed_values = vec!["a".to_owned(); count];
            }),
        ];
        for (list, most, fill) in lists {
            let mut full = description();
            fill(&mut full, most);
            check(&full).expect("it is as long as it may be");
            assert_eq!(
                refusal(|description| fill(description, most + 1)),
                format!(
                    "its description can't be used: \
                     `{list}` has {} entries, and at most {most} are allowed",
                    most + 1
                )
            );
        }
    }

    #[test]
    fn a_character_that_cannot_be_shown_is_refused_where_a_text_is_one_line() {
        type Text = fn(&mut Description) -> &mut String;
        let lines: [(&str, Text); 4] = [
            ("name", |it| &mut it.name),
            ("platform", |it| &mut it.platform),
            ("external-id-label", |it| &mut it.external_id_label),
            ("connection-attributes[0].label", |it| {
                &mut it.connection_attributes[0].label
            }),
        ];
        for (member, text) in lines {
            for control in [
                "\u{1b}[2J",
                "a\nb",
                "\0",
                "\u{9b}",
                "a\u{202e}b",
                "a\u{200b}b",
            ] {
                assert_eq!(
                    refusal(|description| *text(description) = control.to_owned()),
                    format!(
                        "its description can't be used: \
                         `{member}` has a character that can't be shown, and has to be one line"
                    )
                );
            }
        }
    }
}
