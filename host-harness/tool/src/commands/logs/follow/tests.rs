//! Logs that are followed, of a run that answers by a script. Waiting takes no time.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::iter::repeat_n;
use std::time::SystemTime;

use async_trait::async_trait;
use polysync_host::contract::{Error, ErrorClass, LogLine, LogPage, LogPosition, RunState, Step};

use super::*;
use crate::samples;

/// What the run answers to one request for a page.
type Reply = Result<&'static str, Error>;

/// A run whose step goes on until so many pages were asked for.
struct Script {
    steps: Vec<Step>,
    pages: RefCell<VecDeque<Reply>>,
    /// The replies that are left when the step is over.
    over_at: usize,
    /// What is answered to who asks how the run is, before how it is.
    failures: RefCell<Vec<Error>>,
}

impl Script {
    fn new(pages: impl IntoIterator<Item = Reply>, over_at: usize) -> Self {
        let step = Step {
            has_log: true,
            state: RunState::Running,
            ended_at: None,
            ..samples::failed_step()
        };
        Self {
            steps: vec![step],
            pages: RefCell::new(pages.into_iter().collect()),
            over_at,
            failures: RefCell::default(),
        }
    }
}

impl LoggedRun for Script {
    async fn progress(&self) -> Result<Progress, CallFailure> {
        if let Some(failure) = self.failures.borrow_mut().pop() {
            return Err(failure.into());
        }
        Ok(Progress {
            is_over: self.pages.borrow().len() <= self.over_at,
            steps: self.steps.clone(),
        })
    }

    async fn page(&self, _: &str, _: &LogPosition) -> Result<LogPage, CallFailure> {
        let reply = self.pages.borrow_mut().pop_front();
        let message = reply.expect("no reply is left")?;
        Ok(LogPage {
            lines: vec![LogLine {
                time: None,
                source: String::new(),
                message: message.into(),
            }],
            cursor: message.into(),
            more: false,
        })
    }
}

/// A clock on which waiting takes no time.
#[derive(Debug)]
struct NoWaits;

#[async_trait]
impl Clock for NoWaits {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}

    fn random(&self, max: u64) -> u64 {
        max
    }
}

impl Lines for Vec<String> {
    fn begin(&mut self, _: &str, _: bool) -> Result<(), Failure> {
        Ok(())
    }

    fn write(&mut self, _: &str, lines: &[LogLine]) -> Result<(), Failure> {
        self.extend(lines.iter().map(|line| line.message.clone()));
        Ok(())
    }
}

fn not_yet() -> Error {
    Error {
        class: ErrorClass::NotFound,
        retryable: true,
        ..samples::error()
    }
}

fn follower(run: &Script) -> Follower<'_, Script, Vec<String>> {
    Follower {
        run,
        tail: None,
        interval: Duration::from_secs(5),
        clock: &NoWaits,
        writer: Vec::new(),
    }
}

#[tokio::test]
async fn a_log_that_is_waited_for_long_may_still_fail_for_now() {
    let missing = repeat_n(Err(not_yet()), 25);
    let then = [Err(samples::throttled()), Ok("begun"), Ok("done")];
    let run = Script::new(missing.chain(then), 2);
    let mut follower = follower(&run);
    follower.follow_step("Train").await.unwrap();
    assert_eq!(follower.writer, ["begun", "done"]);
}

#[tokio::test]
async fn a_log_that_fails_twenty_times_in_a_row_is_given_up() {
    let run = Script::new(repeat_n(Err(samples::throttled()), 20), 0);
    let failure = follower(&run).follow_step("Train").await.unwrap_err();
    let expected = "gave up after 20 failures: ";
    assert!(failure.to_string().starts_with(expected), "{failure}");
}

#[tokio::test]
async fn a_run_that_is_not_found_for_now_is_not_asked_about_for_ever() {
    let run = Script::new([Ok("begun")], 1);
    run.failures.replace(vec![not_yet(); 20]);
    let failure = follower(&run).follow_step("Train").await.unwrap_err();
    let expected = "gave up after 20 failures: ";
    assert!(failure.to_string().starts_with(expected), "{failure}");
}

#[tokio::test]
async fn the_last_lines_are_asked_for_again_if_that_fails_for_now() {
    let throttled = || Err(samples::throttled());
    let pages = [Ok("begun"), throttled(), throttled(), Ok("last")];
    let run = Script::new(pages, 4);
    let mut follower = follower(&run);
    follower.follow_step("Train").await.unwrap();
    assert_eq!(follower.writer, ["begun", "last"]);
}

#[tokio::test]
async fn the_last_lines_are_not_asked_for_without_end() {
    let last = repeat_n(Err(samples::throttled()), 5);
    let run = Script::new([Ok("begun")].into_iter().chain(last), 6);
    let failure = follower(&run).follow_step("Train").await.unwrap_err();
    assert!(matches!(failure, Failure::Call(_)), "{failure}");
    assert!(run.pages.borrow().is_empty());
}

#[tokio::test]
async fn a_log_that_can_not_be_read_fails_the_command_when_the_others_are_read() {
    let mut run = Script::new([Err(samples::error()), Ok("b"), Ok("b again")], 3);
    run.steps = ["Train", "Evaluate"]
        .map(|name| Step {
            name: name.into(),
            ..run.steps[0].clone()
        })
        .to_vec();
    let mut follower = follower(&run);
    let failure = follower.follow_run().await.unwrap_err();
    assert!(matches!(failure, Failure::Call(_)), "{failure}");
    assert_eq!(follower.writer, ["b", "b again"]);
}
