//! In which order the runs of one `statuses` are asked for, and where their answers belong.

use crate::contract::Run;

/// Runs in the order in which a plugin is asked for them: each once, and those of one job together, so
/// that the plugin can ask its platform for all of them at once.
pub(super) struct PollOrder {
    runs: Vec<Run>,
    /// Where each run that the caller named is among `runs`.
    places: Vec<usize>,
}

impl PollOrder {
    pub(super) fn new(named: &[Run]) -> Self {
        let mut sorted: Vec<_> = named.iter().enumerate().collect();
        sorted.sort_by_key(|(_, run)| (run.external_id.as_deref(), run.run_id.as_str()));
        let mut runs: Vec<Run> = Vec::new();
        let mut places = vec![0; named.len()];
        for (at, run) in sorted {
            if runs.last() != Some(run) {
                runs.push(run.clone());
            }
            if let Some(place) = places.get_mut(at) {
                *place = runs.len() - 1;
            }
        }
        Self { runs, places }
    }

    /// The runs to ask for.
    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The answers for the runs that the caller named, in the caller's order, from the answers for
    /// [`runs`](Self::runs). Those have to be as many.
    pub(super) fn in_named_order<T: Clone>(&self, answers: Vec<T>) -> Vec<T> {
        debug_assert_eq!(answers.len(), self.runs.len());
        let mut answers: Vec<_> = answers
            .into_iter()
            .map(|answer| (Some(answer), 0))
            .collect();
        for place in &self.places {
            if let Some((_, named)) = answers.get_mut(*place) {
                *named += 1;
            }
        }
        // An answer is copied only for a run that was named again: all of them may be large.
        let answer = |place: &usize| {
            let (answer, named) = answers.get_mut(*place)?;
            *named -= 1;
            match *named {
                0 => answer.take(),
                _ => answer.clone(),
            }
        };
        self.places.iter().filter_map(answer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(external_id: Option<&str>, run_id: &str) -> Run {
        Run {
            external_id: external_id.map(str::to_owned),
            run_id: run_id.to_owned(),
        }
    }

    #[test]
    fn the_runs_of_one_job_are_asked_for_together_and_each_once() {
        let named = [
            run(Some("b"), "b/2"),
            run(None, "a/9"),
            run(Some("a"), "a/1"),
            run(Some("b"), "b/1"),
            run(None, "a/9"),
            run(Some("a"), "a/2"),
            run(Some("b"), "b/2"),
            run(None, "a/1"),
        ];
        let order = PollOrder::new(&named);
        assert_eq!(
            order.runs(),
            [
                run(None, "a/1"),
                run(None, "a/9"),
                run(Some("a"), "a/1"),
                run(Some("a"), "a/2"),
                run(Some("b"), "b/1"),
                run(Some("b"), "b/2"),
            ]
        );
    }

    #[test]
    fn the_answers_are_in_the_order_in_which_the_runs_were_named() {
        let named = ["3", "1", "2", "3", "1"].map(|id| run(Some("job"), id));
        let order = PollOrder::new(&named);
        let answers = order.runs().iter().map(|run| run.run_id.clone()).collect();
        assert_eq!(order.in_named_order(answers), ["3", "1", "2", "3", "1"]);
        assert!(
            PollOrder::new(&[])
                .in_named_order(Vec::<()>::new())
                .is_empty()
        );
    }
}
