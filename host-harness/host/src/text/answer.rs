//! Cleans and checks what a plugin answers, before it leaves the library.
//!
//! | what it is | which members | what happens to it |
//! | --- | --- | --- |
//! | one line | names, labels, kinds, states, codes, `request-id`, `resource-id`, `field`, names of details | cleaned, at most 4 KiB |
//! | a paragraph | messages, hints, descriptions, `reason`, values of details | cleaned, with its line breaks, at most 16 KiB |
//! | an identifier, which the host sends back | `run-id`, `next-cursor`, `external-id` of a job, `name` of a parameter or output | to the letter, or refused; at most 64 KiB |
//! | a value, which the host may pass on | `default-value`, `allowed-values`, values of `outputs` | to the letter, line breaks and tabs included, or refused; at most 256 KiB |
//! | a link | `url`, the answer of `monitor-url` | to the letter, or refused: an `https` or `http` URL, at most 4 KiB |
//!
//! The platform's users choose the names of jobs and parameters. One that is refused leaves out its
//! own job, parameter, output or link, and a note or detail says so; the rest of the answer stands.
//! Where the whole answer is about what is refused, the call fails with
//! [`CallFault::UnfitAnswer`](crate::CallFault::UnfitAnswer).

use super::member::{
    Unfit, check_identifier, check_url, check_value, clean_details, clean_line, clean_paragraph,
};
use crate::contract::{
    Attribute, Cancellation, ConnectionReport, DeclaredParameter, DiscoveredJob, DiscoveryNote,
    DiscoveryPage, Error, Finding, Link, RunStatus, StartedRun, Step, StepPage,
};

/// The name of the detail that says what was left out.
const LEFT_OUT: &str = "left out";

/// What a plugin answers.
pub(crate) trait Clean {
    /// Cleans the text in it. An error if it holds what can't be cleaned, and can't be left out.
    fn clean(&mut self) -> Result<(), Unfit>;
}

impl<T: Clean> Clean for Result<T, Error> {
    fn clean(&mut self) -> Result<(), Unfit> {
        match self {
            Ok(answer) => answer.clean(),
            Err(error) => {
                clean_error(error);
                Ok(())
            }
        }
    }
}

fn clean_error(error: &mut Error) {
    let Error {
        class: _,
        code,
        message,
        hint,
        retryable: _,
        request_id,
        details,
    } = error;
    clean_line(code);
    clean_paragraph(message);
    clean_paragraph(hint);
    request_id.iter_mut().for_each(clean_line);
    clean_details(details);
}

impl Clean for Vec<Finding> {
    fn clean(&mut self) -> Result<(), Unfit> {
        for Finding {
            severity: _,
            field,
            message,
        } in self
        {
            clean_line(field);
            clean_paragraph(message);
        }
        Ok(())
    }
}

impl Clean for ConnectionReport {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self { message, details } = self;
        clean_paragraph(message);
        clean_details(details);
        Ok(())
    }
}

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
                notes.push(DiscoveryNote {
                    external_id: std::mem::take(&mut job.external_id),
                    message: format!("the job is left out: {unfit}"),
                });
                false
            }
        });
        for DiscoveryNote {
            external_id,
            message,
        } in notes
        {
            clean_line(external_id);
            clean_paragraph(message);
        }
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
            parameters,
            details,
        } = self;
        check_identifier("external-id", external_id)?;
        clean_line(name);
        display_name.iter_mut().for_each(clean_line);
        description.iter_mut().for_each(clean_paragraph);
        clean_line(job_type);
        keep_fit(parameters, details, "parameter", clean_parameter);
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

impl Clean for StartedRun {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self { run_id, details } = self;
        check_identifier("run-id", run_id)?;
        clean_details(details);
        Ok(())
    }
}

impl Clean for RunStatus {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self {
            state: _,
            platform_status,
            finished: _,
            message,
            started_at: _,
            updated_at: _,
            ended_at: _,
            failed_steps,
            outputs,
            details,
        } = self;
        clean_line(platform_status);
        message.iter_mut().for_each(clean_paragraph);
        failed_steps.iter_mut().for_each(clean_step);
        keep_fit(outputs, details, "output", |output: &mut Attribute| {
            check_identifier("name", &output.name)?;
            check_value("value", &output.value)
        });
        clean_details(details);
        Ok(())
    }
}

impl Clean for StepPage {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self { steps, next_cursor } = self;
        steps.iter_mut().for_each(clean_step);
        match next_cursor {
            Some(cursor) => check_identifier("next-cursor", cursor),
            None => Ok(()),
        }
    }
}

fn clean_step(step: &mut Step) {
    let Step {
        name,
        display_name,
        kind,
        state: _,
        platform_status,
        started_at: _,
        ended_at: _,
        attempts: _,
        cache_hit: _,
        reason,
        resource_id,
        links,
        details,
    } = step;
    for text in [name, kind, platform_status] {
        clean_line(text);
    }
    display_name.iter_mut().for_each(clean_line);
    reason.iter_mut().for_each(clean_paragraph);
    resource_id.iter_mut().for_each(clean_line);
    keep_fit(links, details, "link", |link: &mut Link| {
        clean_line(&mut link.label);
        check_url("url", &link.url)
    });
    clean_details(details);
}

impl Clean for Cancellation {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self {
            outcome: _,
            message,
        } = self;
        clean_paragraph(message);
        Ok(())
    }
}

/// The answer of `monitor-url`.
impl Clean for String {
    fn clean(&mut self) -> Result<(), Unfit> {
        check_url("the URL", self)
    }
}

/// Leaves out the items that can't be cleaned, and says so in a detail.
fn keep_fit<T>(
    items: &mut Vec<T>,
    details: &mut Vec<Attribute>,
    noun: &str,
    mut clean: impl FnMut(&mut T) -> Result<(), Unfit>,
) {
    let before = items.len();
    let mut first = None;
    items.retain_mut(|item| match clean(item) {
        Ok(()) => true,
        Err(unfit) => {
            first.get_or_insert(unfit);
            false
        }
    });
    if let Some(unfit) = first {
        let (count, s) = match before - items.len() {
            1 => (1, ""),
            count => (count, "s"),
        };
        details.push(Attribute {
            name: LEFT_OUT.to_owned(),
            value: format!("{count} {noun}{s}: {unfit}"),
        });
    }
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
            parameters: Vec::new(),
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
        assert_eq!(page.notes[0].external_id, "two\u{fffd}");
        assert_eq!(
            page.notes[0].message,
            "the job is left out: external-id holds U+001B, which is not a visible character"
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

    #[test]
    fn an_answer_whose_run_id_or_cursor_cannot_be_shown_is_refused() {
        let mut started = StartedRun {
            run_id: "run\n1".to_owned(),
            details: Vec::new(),
        };
        assert!(started.clean().is_err());
        let mut page = StepPage {
            steps: Vec::new(),
            next_cursor: Some("\u{202e}".to_owned()),
        };
        assert!(page.clean().is_err());
        assert!("javascript:alert(1)".to_owned().clean().is_err());
    }

    #[test]
    fn a_long_message_is_cut() {
        let mut cancellation = Cancellation {
            outcome: crate::contract::CancelOutcome::Requested,
            message: "a".repeat(1 << 20),
        };
        cancellation.clean().expect("a cancellation");
        assert!(
            cancellation.message.ends_with("a … (1032192 more bytes)"),
            "{}",
            cancellation.message.len()
        );
    }
}
