//! The steps of a run.

use polysync_host::contract::{RunState, Step};

use super::fields::Fields;
use super::style::{self, BOLD, DIM, paint};
use super::{log, text, time};
use crate::runs::step_logs::StepLog;

/// All steps, one line each, with their reasons, links and details below.
pub(crate) fn list(steps: &[Step], now: u64) -> String {
    let layout = Layout::for_steps(steps);
    steps
        .iter()
        .map(|step| format!("{}\n{}", layout.line(step, now), about(step, &[]).render(4)))
        .collect()
}

/// The steps that failed, with their reasons, the ends of their logs, links and details; empty without any.
pub(crate) fn failed(steps: &[Step], logs: &[StepLog], now: u64) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let layout = Layout::for_steps(steps);
    let steps = steps.iter().map(|step| {
        format!(
            "{}\n{}",
            layout.line(step, now),
            about(step, logs).render(4)
        )
    });
    format!(
        "\n{}\n{}",
        paint(BOLD, "Failed steps"),
        steps.collect::<String>()
    )
}

/// The widths of the columns, so that the lines of several steps are aligned.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Layout {
    name: usize,
    kind: usize,
}

impl Layout {
    /// Columns that are wide enough for all of these steps.
    pub(crate) fn for_steps(steps: &[Step]) -> Self {
        let widest = |column: fn(&Step) -> String| {
            steps
                .iter()
                .map(|step| console::measure_text_width(&column(step)))
                .max()
                .unwrap_or(0)
        };
        Self {
            name: widest(name),
            kind: widest(|step| text::line(&step.kind)),
        }
    }

    /// `✗ TrainModel (Train)  Training  Failed  4m 12s, 2 attempts`, without a line end.
    pub(crate) fn line(self, step: &Step, now: u64) -> String {
        let pad = |text: &str, width| {
            console::pad_str(text, width, console::Alignment::Left, None).into_owned()
        };
        let status = match text::line(&step.platform_status) {
            status if status.is_empty() => "not started".to_owned(),
            status => status,
        };
        let facts: Vec<_> = [
            elapsed(step, now),
            step.attempts
                .filter(|attempts| *attempts > 1)
                .map(|attempts| format!("{attempts} attempts")),
            step.cache_hit.then(|| "from cache".to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect();
        format!(
            "{} {}  {}  {}  {}",
            style::glyph(step.state),
            pad(&name(step), self.name),
            paint(DIM, pad(&text::line(&step.kind), self.kind)),
            paint(style::for_state(step.state), status),
            facts.join(", "),
        )
        .trim_end()
        .to_owned()
    }
}

/// Reason, the end of its log, resource, links and further details.
fn about(step: &Step, logs: &[StepLog]) -> Fields {
    let fields = Fields::default().maybe("reason", step.reason.as_deref());
    let log = logs.iter().find(|log| log.step == step.name).map(log::end);
    let fields = match log {
        Some(lines) if !lines.is_empty() => fields.add("log", lines.join("\n")),
        _ => fields,
    };
    let fields = fields
        .maybe("resource", step.resource_id.as_deref())
        .attributes(&step.details);
    step.links
        .iter()
        .fold(fields, |fields, link| fields.text(&link.label, &link.url))
}

/// The name, with the one for display where there is another.
pub(crate) fn name(step: &Step) -> String {
    let name = text::line(&step.name);
    match step.display_name.as_deref() {
        Some(display) if !display.is_empty() && display != step.name => {
            format!("{name} ({})", text::line(display))
        }
        _ => name,
    }
}

/// How long it took, or has taken so far.
pub(crate) fn elapsed(step: &Step, now: u64) -> Option<String> {
    let end = step
        .ended_at
        .or((step.state == RunState::Running).then_some(now))?;
    time::between(step.started_at?, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn a_failed_step_has_its_reason_resource_and_links() {
        let text = plain(&list(&[samples::failed_step()], 0));

        assert_eq!(
            text,
            "✗ Train (Train the model)  Training  Failed  4m 12s, 2 attempts\n    \
             reason    AlgorithmError: exit code 1\n    \
             resource  training-job/train-1\n    \
             Logs      https://logs.example.com/train-1\n"
        );
    }

    #[test]
    fn lines_are_aligned() {
        let steps = [samples::failed_step(), samples::waiting_step()];
        let text = plain(&list(&steps, 0));
        let column = |kind| {
            let (before, _) = text.lines().find_map(|line| line.split_once(kind)).unwrap();
            console::measure_text_width(before)
        };

        assert_eq!(column("Training"), column("Condition"));
    }

    #[test]
    fn a_step_that_did_not_start_says_so_and_has_no_duration() {
        assert_eq!(
            plain(&list(&[samples::waiting_step()], 0)),
            "○ Check  Condition  not started\n"
        );
    }

    #[test]
    fn a_running_step_is_timed_until_now() {
        let step = Step {
            state: RunState::Running,
            started_at: Some(1_000),
            ended_at: None,
            ..samples::failed_step()
        };
        assert_eq!(elapsed(&step, 91_000).as_deref(), Some("1m 30s"));
    }

    #[test]
    fn a_result_from_the_cache_is_marked() {
        let step = Step {
            cache_hit: true,
            ..samples::failed_step()
        };
        assert!(plain(&list(&[step], 0)).contains("from cache"));
    }

    #[test]
    fn without_failed_steps_there_is_no_heading() {
        assert_eq!(failed(&[], &[], 0), "");
    }
}
