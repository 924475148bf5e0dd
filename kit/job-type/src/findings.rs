//! Collects what is wrong with a job or a connection.

use std::borrow::Cow;

use crate::contract::{Attribute, AttributeDefinition, Error, Finding, Severity};
use crate::finding_code::{FindingCode, Problem};

/// A list of findings that grows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds something for which a start refuses the job.
    pub fn error(
        &mut self,
        code: FindingCode,
        field: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(Severity::Error, code, field.into(), message.into());
    }

    /// Adds what is wrong with a value, for which a start refuses the job.
    pub fn problem(&mut self, field: impl Into<String>, problem: Problem) {
        let message = problem.message.into_owned();
        self.add(Severity::Error, problem.code, field.into(), message);
    }

    /// Adds something that a start accepts, but that may not do what was meant.
    pub fn warning(
        &mut self,
        code: FindingCode,
        field: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(Severity::Warning, code, field.into(), message.into());
    }

    /// Reads an attribute, if it is given. What `parse` returns as wrong is a finding. `prefix` is what
    /// stands before `attributes.KEY` in the field.
    pub fn attribute<T>(
        &mut self,
        prefix: &str,
        attributes: &[Attribute],
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        parse(Attribute::find(attributes, key)?)
            .map_err(|wrong| self.attribute_error(prefix, key, wrong))
            .ok()
    }

    // Not generic, so that a component holds it once.
    #[inline(never)]
    fn attribute_error(&mut self, prefix: &str, key: &str, wrong: Problem) {
        self.problem(format!("{prefix}attributes.{key}"), wrong);
    }

    /// Checks each value that is given by its definition, names each that is required and not given, and
    /// warns of each that has no definition. `prefix` is what stands before `attributes.KEY` in the field.
    pub fn attributes(
        &mut self,
        prefix: &str,
        attributes: &[Attribute],
        definitions: impl FnOnce() -> Vec<AttributeDefinition>,
    ) {
        let definitions = definitions();
        for definition in &definitions {
            let wrong = match Attribute::find(attributes, &definition.key) {
                Some(value) => definition.wrong(value),
                None if definition.required => {
                    Some(Problem::new(FindingCode::Missing, "is needed"))
                }
                None => None,
            };
            if let Some(wrong) = wrong {
                self.attribute_error(prefix, &definition.key, wrong);
            }
        }
        self.unknown_attributes(prefix, attributes, || definitions);
    }

    /// Warns of each attribute that has no definition, because nobody will read it: mostly a
    /// misspelt key. `prefix` is what stands before `attributes.KEY` in the finding's field.
    pub fn unknown_attributes(
        &mut self,
        prefix: &str,
        attributes: &[Attribute],
        definitions: impl FnOnce() -> Vec<AttributeDefinition>,
    ) {
        if attributes.is_empty() {
            return;
        }
        let definitions = definitions();
        for attribute in attributes {
            if !definitions.iter().any(|known| known.key == attribute.name) {
                self.warning(
                    FindingCode::UnknownAttribute,
                    format!("{prefix}attributes.{}", attribute.name),
                    "is not an attribute of this job type; it is ignored",
                );
            }
        }
    }

    /// All findings, errors first, otherwise in the order in which they were found.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
        });
        self.0
    }

    /// The value, if there is no error among the findings.
    ///
    /// # Errors
    /// Otherwise an error of class `invalid`, whose message lists the errors.
    pub fn finish<T>(
        self,
        value: Option<T>,
        code: &str,
        hint: impl Into<Cow<'static, str>>,
    ) -> Result<T, Error> {
        let errors: Vec<String> = self
            .0
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| format!("{} {}", finding.field, finding.message))
            .collect();
        match value {
            Some(value) if errors.is_empty() => Ok(value),
            _ => Err(Error::invalid(code, errors.join("; "), hint)),
        }
    }

    // Not inlined, so that a component holds it once.
    #[inline(never)]
    fn add(&mut self, severity: Severity, code: FindingCode, field: String, message: String) {
        self.0.push(Finding {
            severity,
            code: code.as_str().to_owned(),
            field,
            message,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_first_and_become_one_error() {
        let mut findings = Findings::default();
        findings.warning(FindingCode::Own("Odd"), "a", "is odd");
        findings.error(FindingCode::NotAllowed, "b", "is wrong");
        findings.problem("c", Problem::new(FindingCode::Missing, "is missing"));
        let sorted = Findings(findings.0.clone()).into_sorted();
        let told: Vec<_> = sorted
            .iter()
            .map(|finding| (finding.field.as_str(), finding.code.as_str()))
            .collect();
        assert_eq!(told, [("b", "NotAllowed"), ("c", "Missing"), ("a", "Odd")]);
        let error = findings
            .finish(Some(1), "InvalidJob", "correct it")
            .unwrap_err();
        assert_eq!(error.summary(), "InvalidJob: b is wrong; c is missing");
    }

    #[test]
    fn warnings_alone_are_not_an_error() {
        let mut findings = Findings::default();
        findings.warning(FindingCode::Own("Odd"), "a", "is odd");
        assert_eq!(findings.finish(Some(1), "InvalidJob", ""), Ok(1));
    }

    #[test]
    fn an_attribute_without_a_definition_is_a_warning() {
        let mut findings = Findings::default();
        let attributes = [Attribute::new("a", "1"), Attribute::new("b", "2")];
        let known = || vec![AttributeDefinition::text("a", "A", "")];
        findings.unknown_attributes("connection.", &attributes, known);
        let found = findings.into_sorted();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].field, "connection.attributes.b");
        assert_eq!(found[0].code, "UnknownAttribute");
    }

    #[test]
    fn each_attribute_is_checked_by_its_definition() {
        let mut findings = Findings::default();
        let attributes = [("a", "0"), ("b", "0"), ("c", "0")].map(|(k, v)| Attribute::new(k, v));
        findings.attributes("", &attributes, || {
            let number = |key| AttributeDefinition::integer(key, "", "");
            vec![number("a").with_minimum(1), number("b"), number("absent")]
        });
        let found: Vec<_> = findings.into_sorted();
        let found = found.iter().map(|it| (it.field.as_str(), it.code.as_str()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("attributes.a", "OutOfRange"),
                ("attributes.c", "UnknownAttribute")
            ]
        );
    }

    #[test]
    fn a_required_attribute_that_is_blank_or_not_given_is_missing() {
        let mut findings = Findings::default();
        let attributes = [("blank", " "), ("given", "x")].map(|(k, v)| Attribute::new(k, v));
        findings.attributes("connection.", &attributes, || {
            let text = |key| AttributeDefinition::text(key, "", "");
            let required = ["absent", "blank", "given"].map(|key| text(key).required());
            required.into_iter().chain([text("optional")]).collect()
        });
        let found = findings.into_sorted();
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.field.as_str(), it.code.as_str(), it.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("connection.attributes.absent", "Missing", "is needed"),
                ("connection.attributes.blank", "Missing", "is needed"),
            ]
        );
        assert!(found.iter().all(|it| it.severity == Severity::Error));
    }

    #[test]
    fn an_attribute_that_is_wrong_is_left_out_and_named() {
        let mut findings = Findings::default();
        let attributes = [Attribute::new("a", "1"), Attribute::new("b", "x")];
        let mut number = |key| {
            findings.attribute("", &attributes, key, |text| {
                text.parse::<u8>()
                    .map_err(|_| Problem::new(FindingCode::NotAnInteger, "is not a number"))
            })
        };
        assert_eq!(
            (number("a"), number("b"), number("c")),
            (Some(1), None, None)
        );
        let found = findings.into_sorted();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].field, "attributes.b");
        assert_eq!(found[0].code, "NotAnInteger");
        assert_eq!(found[0].message, "is not a number");
    }
}
