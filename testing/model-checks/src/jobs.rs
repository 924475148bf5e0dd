//! Whether the models allow every request that a job type sends, whatever a host passes to it.

use crate::calls::Call;
use crate::cases::cases;
use crate::subject::{Passed, Sent, Subject};
use job_type_kit::JobType;
use job_type_kit::contract::{Job, Severity};
use proptest::strategy::Strategy;
use std::collections::BTreeSet;

impl Subject {
    /// Checks that a job without an error is started by a request that the model allows, and that nothing
    /// is sent for any other. Returns how many were started, and how many were not.
    ///
    /// # Panics
    /// Where that isn't so.
    pub fn jobs_without_errors_are_sent<J: JobType>(
        &self,
        count: u32,
        jobs: impl Strategy<Value = Job>,
    ) -> (usize, usize) {
        let (mut started, mut refused) = (0, 0);
        for job in cases(count, jobs) {
            let findings = J::validate(&self.connection, &job, None);
            let has_errors = findings.iter().any(|one| one.severity == Severity::Error);
            let passed = Passed {
                job,
                ..self.passed.clone()
            };
            let made = self.make_as_usual::<J>(Call::Start, &passed);
            if has_errors {
                let [Err(error)] = made.outcomes.as_slice() else {
                    panic!("{findings:?} don't keep {passed:?} from being started");
                };
                assert_eq!((error.code.as_str(), made.sent.len()), ("InvalidJob", 0));
                refused += 1;
            } else {
                assert_eq!(made.outcomes, [Ok(())], "{passed:?}");
                made.sent.iter().for_each(|sent| self.expect_allowed(sent));
                started += 1;
            }
        }
        (started, refused)
    }

    /// Checks that the models allow every request, whatever is passed to the calls. Returns how many
    /// requests were sent.
    ///
    /// # Panics
    /// Where a call panics, or a request isn't allowed.
    pub fn every_request_is_allowed<J: JobType>(
        &self,
        count: u32,
        passed: impl Strategy<Value = Passed>,
    ) -> usize {
        let mut total = 0;
        for passed in cases(count, passed) {
            for call in Call::ALL {
                let made = self.make_as_usual::<J>(call, &passed);
                made.sent.iter().for_each(|sent| self.expect_allowed(sent));
                total += made.sent.len();
            }
        }
        total
    }

    /// Checks that the requests that are sent as usual have every member of their inputs, but for those
    /// that are `unused`, each written as `MEMBER of OPERATION`.
    ///
    /// # Panics
    /// Where a request isn't allowed, a member is neither sent nor unused, or one is both.
    pub fn every_member_is_sent_or_unused<J: JobType>(&self, unused: &[&str]) {
        let made = Call::ALL.map(|call| self.make_as_usual::<J>(call, &self.passed));
        let sent: Vec<Sent> = made.into_iter().flat_map(|made| made.sent).collect();
        sent.iter().for_each(|sent| self.expect_allowed(sent));
        let known: BTreeSet<_> = unused.iter().map(|&it| it.to_owned()).collect();
        assert_eq!(self.api.unsent_members(&sent), known);
    }
}
