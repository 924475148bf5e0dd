//! Checks the answer of `statuses`: one result for each run, in a list without names.

use super::answer::Clean;
use super::member::{Unfit, check_results};
use crate::contract::{Error, RunStatus};

/// What a plugin tells of many runs.
pub(crate) struct Statuses {
    /// How many runs it was asked for.
    pub(crate) asked: usize,
    pub(crate) answers: Vec<Result<RunStatus, Error>>,
}

impl Clean for Statuses {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self { asked, answers } = self;
        check_results("the list of results", answers.len(), *asked)?;
        answers.iter_mut().try_for_each(Clean::clean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::RunState;

    fn status() -> RunStatus {
        RunStatus {
            state: RunState::Running,
            platform_status: "a\u{1b}b".to_owned(),
            finished: false,
            poll_after: None,
            message: None,
            started_at: None,
            updated_at: None,
            ended_at: None,
            failed_steps: Vec::new(),
            outputs: Vec::new(),
            details: Vec::new(),
        }
    }

    #[test]
    fn there_is_one_result_for_each_run() {
        let problem = |asked, answered| {
            let answers = vec![Ok(status()); answered];
            let clean = Statuses { asked, answers }.clean();
            clean.err().map(|unfit| unfit.to_string())
        };
        assert_eq!(problem(2, 2), None);
        assert_eq!(
            problem(2, 1).as_deref(),
            Some("the list of results has a length of 1 for 2 runs")
        );
        assert_eq!(
            problem(1, 2).as_deref(),
            Some("the list of results has a length of 2 for 1 runs")
        );
    }

    #[test]
    fn each_result_is_cleaned() {
        let mut statuses = Statuses {
            asked: 1,
            answers: vec![Ok(status())],
        };
        statuses.clean().expect("one result for one run");
        let platform_status = statuses.answers[0].as_ref().map(|s| &*s.platform_status);
        assert_eq!(platform_status, Ok("a\u{fffd}b"));
    }
}
