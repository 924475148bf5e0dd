//! Whether a job type reads every answer that the models allow.

use crate::calls::Call;
use crate::cases::cases;
use crate::subject::Subject;
use job_type_kit::JobType;
use job_type_kit::contract::{Error, ErrorClass};
use serde_json::Value;

impl Subject {
    /// Checks that each call reads so many answers to each operation that it sends. It may refuse an
    /// answer for what that says, but not as one that can't be read, unless it doesn't say enough.
    /// Returns the operations.
    ///
    /// # Panics
    /// Where a call panics, or an answer can't be read.
    pub fn every_answer_is_read<J: JobType>(&self, count: u32) -> Vec<String> {
        let operations = self.calls_by_operation::<J>();
        for (operation, calls) in &operations {
            let mut read = 0;
            for body in cases(count, self.api.answers(operation)) {
                for call in calls {
                    read += self.read_by::<J>(*call, operation, &body);
                }
            }
            assert!(read > 0, "no answer to {operation} was read");
        }
        operations.into_keys().collect()
    }

    /// Makes a call that gets this answer. Returns how many of its outcomes are successes.
    fn read_by<J: JobType>(&self, call: Call, operation: &str, body: &Value) -> usize {
        let shown = Shown(call, operation, body);
        let (usual, answer, answered) = (self.usual, body.to_string(), operation.to_owned());
        let made = self.make::<J>(call, &self.passed, move |asked| match asked == answered {
            true => answer.clone(),
            false => usual(asked).to_owned(),
        });
        let errors = made.outcomes.iter().filter_map(|it| it.as_ref().err());
        let mut unreadable = errors.filter(|error| is_unreadable(error));
        if (self.says_enough)(operation, body) {
            assert_eq!(unreadable.next(), None);
        }
        drop(shown);
        made.outcomes.iter().filter(|it| it.is_ok()).count()
    }
}

/// Whether an error says that the answer can't be read: of a start that can't be repeated, it says that
/// nobody knows what came of it.
fn is_unreadable(error: &Error) -> bool {
    error.code == "UnreadableResponse" || error.class == ErrorClass::Uncertain
}

/// The answer that a call gets, which a panic prints.
struct Shown<'a>(Call, &'a str, &'a Value);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(call, operation, body) = self;
            eprintln!("{call:?} got this answer to {operation}: {body}");
        }
    }
}
