//! Cleans and checks the jobs that a plugin tells of.

use super::answer::Clean;
use super::left_out::keep_fit;
use super::member::{
    Unfit, check_identifier, check_value, clean_details, clean_line, clean_paragraph,
};
use crate::contract::{Attribute, DeclaredParameter, DiscoveredJob, DiscoveryPage};

impl Clean for DiscoveryPage {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self {
            jobs,
            notes,
            next_cursor,
        } = self;
        if let Some(cursor) = next_cursor {
            check_identifier("next-cursor", cursor)?;
        }
        jobs.retain_mut(|job| match job.clean() {
            Ok(()) => true,
            Err(unfit) => {
                let id = std::mem::take(&mut job.external_id);
                notes.push(format!("the job {id} is left out: {unfit}"));
                false
            }
        });
        notes.iter_mut().for_each(clean_paragraph);
        Ok(())
    }
}

impl Clean for DiscoveredJob {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self {
            external_id,
            name,
            display_name,
            description,
            job_type,
            attributes,
            parameters,
            notes,
            details,
        } = self;
        check_identifier("external-id", external_id)?;
        clean_line(name);
        display_name.iter_mut().for_each(clean_line);
        description.iter_mut().for_each(clean_paragraph);
        clean_line(job_type);
        keep_fit(
            attributes,
            details,
            "attribute",
            |attribute: &mut Attribute| {
                check_identifier("name", &attribute.name)?;
                check_value("value", &attribute.value)
            },
        );
        keep_fit(parameters, details, "parameter", clean_parameter);
        notes.iter_mut().for_each(clean_paragraph);
        clean_details(details);
        Ok(())
    }
}

fn clean_parameter(parameter: &mut DeclaredParameter) -> Result<(), Unfit> {
    let DeclaredParameter {
        name,
        data_type,
        required: _,
        default_value,
        allowed_values,
        description,
    } = parameter;
    check_identifier("name", name)?;
    clean_line(data_type);
    if let Some(value) = default_value {
        check_value("default-value", value)?;
    }
    for value in allowed_values {
        check_value("allowed-values", value)?;
    }
    description.iter_mut().for_each(clean_paragraph);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(external_id: &str) -> DiscoveredJob {
        DiscoveredJob {
            external_id: external_id.to_owned(),
            name: "a\x1bb".to_owned(),
            display_name: Some("a\nb".to_owned()),
            description: Some("a\nb".to_owned()),
            job_type: "Job".to_owned(),
            attributes: Vec::new(),
            parameters: Vec::new(),
            notes: Vec::new(),
            details: Vec::new(),
        }
    }

    fn parameter(name: &str, default_value: &str) -> DeclaredParameter {
        DeclaredParameter {
            name: name.to_owned(),
            data_type: "string".to_owned(),
            required: false,
            default_value: Some(default_value.to_owned()),
            allowed_values: Vec::new(),
            description: None,
        }
    }

    #[test]
    fn a_job_whose_id_cannot_be_shown_is_left_out_of_its_page_with_a_note() {
        let mut page = DiscoveryPage {
            jobs: vec![job("one"), job("two\x1b"), job("three")],
            notes: Vec::new(),
            next_cursor: None,
        };
        page.clean().expect("the rest of the page");
        let ids: Vec<_> = page.jobs.iter().map(|job| &*job.external_id).collect();
        assert_eq!(ids, ["one", "three"]);
        assert_eq!(
            page.notes,
            [
                "the job two\u{fffd} is left out: external-id holds U+001B, which is not a visible \
              character"
            ]
        );
    }

    #[test]
    fn a_value_is_passed_on_to_the_letter_or_left_out() {
        let mut job = job("one");
        job.parameters = vec![
            parameter("Plain", " {\r\n\t\"a\": 1\n} "),
            parameter("Bell", "\x07"),
            parameter("Na\nme", ""),
        ];
        job.clean().expect("the job");
        assert_eq!(job.parameters, [parameter("Plain", " {\r\n\t\"a\": 1\n} ")]);
        assert_eq!(job.details[0].name, "left out");
        assert_eq!(
            job.details[0].value,
            "2 parameters: default-value holds U+0007, which is not a visible character"
        );
    }

    #[test]
    fn a_name_becomes_one_line_and_a_description_keeps_its_lines() {
        let mut job = job("one");
        job.clean().expect("the job");
        assert_eq!(job.name, "a\u{fffd}b");
        assert_eq!(job.display_name.as_deref(), Some("a b"));
        assert_eq!(job.description.as_deref(), Some("a\nb"));
    }
}
