//! The lines of a log.

use polysync_host::contract::LogLine;

use super::style::{BOLD, DIM, paint};
use super::{errors, text, time};
use crate::runs::step_logs::StepLog;

/// The most columns of a line below a failed step; `logs` shows whole lines.
const WIDTH: usize = 160;

/// Lines as `logs` prints them: time, where it is of use the source, and message.
pub(crate) fn lines(lines: &[LogLine], with_source: bool) -> String {
    lines
        .iter()
        .map(|line| {
            let at = line.time.map(time::utc_to_the_millisecond);
            let source = with_source.then(|| text::line(&line.source));
            let facts = at.into_iter().chain(source);
            let facts: String = facts
                .map(|fact| format!("{}  ", paint(DIM, fact)))
                .collect();
            format!("{facts}{}\n", text::hanging(&line.message, 2))
        })
        .collect()
}

/// Above the lines of a step, where the logs of several are printed.
pub(crate) fn heading(step: &str) -> String {
    paint(BOLD, text::line(step)) + "\n"
}

/// The end of a step's log, a short line each; or why it can't be read.
pub(crate) fn end(log: &StepLog) -> Vec<String> {
    match &log.lines {
        Ok(lines) => lines.iter().map(short).collect(),
        Err(failure) => {
            let hint = errors::hint_in_brackets(failure);
            let failure = errors::in_one_line(failure);
            vec![paint(DIM, format!("can't be read: {failure}{hint}"))]
        }
    }
}

fn short(line: &LogLine) -> String {
    let message = text::line(&line.message);
    console::truncate_str(&message, WIDTH, "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    fn line(message: &str) -> LogLine {
        LogLine {
            time: Some(1_751_371_200_500),
            source: "algo-1".into(),
            message: message.into(),
        }
    }

    #[test]
    fn a_line_has_its_time_and_where_it_is_wanted_its_source() {
        let all = [line("epoch 1\nloss 0.5")];
        let without = "2025-07-01T12:00:00.500Z  epoch 1\n  loss 0.5\n";
        assert_eq!(plain(&lines(&all, false)), without);
        let with = "2025-07-01T12:00:00.500Z  algo-1  epoch 1\n  loss 0.5\n";
        assert_eq!(plain(&lines(&all, true)), with);
    }

    #[test]
    fn below_a_failed_step_a_line_is_short() {
        let log = StepLog {
            step: "Train".into(),
            lines: Ok(vec![line(&"x".repeat(1_000))]),
        };
        let [shown] = &end(&log)[..] else {
            panic!("not one line")
        };
        assert_eq!(shown.chars().count(), WIDTH);
        assert!(shown.ends_with('…'));
    }

    #[test]
    fn a_log_that_can_not_be_read_is_one_line_with_what_to_do() {
        let log = StepLog {
            step: "Train".into(),
            lines: Err(samples::error().into()),
        };
        assert_eq!(
            plain(&end(&log).join("\n")),
            "can't be read: AccessDeniedException: Not authorized to start. (Grant it.)"
        );
    }
}
