//! Cleans and checks what a plugin tells of a run, its steps and their logs.

use super::answer::Clean;
use super::left_out::keep_fit;
use super::member::{
    Unfit, check_count, check_identifier, check_url, check_value, clean_details, clean_line,
    clean_log_line, clean_paragraph,
};
use crate::contract::{
    Attribute, Cancellation, Link, LogLine, LogPage, RunStatus, StartedRun, Step, StepPage,
};

/// Lines of one page of a log.
const LOG_LINES: usize = 10_000;

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
            poll_after: _,
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
        has_log,
        reason,
        resource_id,
        links,
        details,
    } = step;
    // `logs` takes the name to the letter, and what is cleaned is another name.
    *has_log &= check_identifier("name", name).is_ok();
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

impl Clean for LogPage {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self {
            lines,
            cursor,
            more: _,
        } = self;
        check_count("lines", lines.len(), LOG_LINES)?;
        for LogLine {
            time: _,
            source,
            message,
        } in lines
        {
            clean_line(source);
            clean_log_line(message);
        }
        check_identifier("cursor", cursor)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn a_step_whose_name_has_to_be_cleaned_has_no_log_to_ask_for() {
        for (name, has_log) in [("Train", true), ("Train\x1b", false)] {
            let mut step = Step {
                name: name.to_owned(),
                display_name: None,
                kind: "Training".to_owned(),
                state: crate::contract::RunState::Running,
                platform_status: String::new(),
                started_at: None,
                ended_at: None,
                attempts: None,
                cache_hit: false,
                has_log: true,
                reason: None,
                resource_id: None,
                links: Vec::new(),
                details: Vec::new(),
            };
            clean_step(&mut step);
            assert_eq!(step.has_log, has_log, "{name:?}");
        }
    }

    fn log_page(message: &str, cursor: &str) -> LogPage {
        let line = LogLine {
            time: None,
            source: "algo-1\x1b".to_owned(),
            message: message.to_owned(),
        };
        LogPage {
            lines: vec![line],
            cursor: cursor.to_owned(),
            more: false,
        }
    }

    #[test]
    fn a_line_of_a_log_is_one_line_that_can_be_shown_and_is_cut_at_256_kib() {
        let mut page = log_page("a\x1b[2J\nb", "1.t");
        page.clean().expect("a page");
        assert_eq!(page.lines[0].source, "algo-1\u{fffd}");
        assert_eq!(page.lines[0].message, "a\u{fffd}[2J b");
        let mut page = log_page(&"a".repeat((256 << 10) + 1), "1.t");
        page.clean().expect("a page");
        assert!(page.lines[0].message.ends_with("a … (1 more bytes)"));
    }

    #[test]
    fn a_page_of_a_log_has_a_cursor_that_can_be_shown_and_at_most_ten_thousand_lines() {
        assert!(log_page("a", "1\n2").clean().is_err());
        let mut page = log_page("a", "1.t");
        page.lines = vec![page.lines[0].clone(); 10_000];
        assert!(page.clean().is_ok());
        page.lines.push(page.lines[0].clone());
        assert!(page.clean().is_err());
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
