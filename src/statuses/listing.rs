//! Finds the runs that are executing by listing their pipelines' executions, where that saves requests.
//!
//! A page costs a request, and saves one for each run that it shows to be executing. So pages are
//! listed while they have saved more requests than they cost. For the first, one run is described: only
//! where it is executing are others likely to be. Listings that don't pay end soon.

use aws_kit::client::{Client, Operation};
use aws_kit::error::CallError;
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Error, ErrorClass, RunStatus};
use job_type_kit::{Cursor, Host};

use super::polls::{BATCH, Poll, Polls, Requests};
use crate::api::{
    DescribePipelineExecutionOutput, ListPipelineExecutions, ListPipelineExecutionsOutput,
    MAX_RESULTS, PipelineExecutionSummary, SortExecutionsBy, SortOrder,
};
use crate::execution_status::ExecutionStatus;
use crate::status::run_status;

/// How many runs that the listings haven't shown yet are worth one more page that doesn't pay: the
/// pipeline may have many newer executions.
const RUNS_PER_UNPAID_PAGE: usize = 8;

/// How many runs of a call allow one more page that doesn't pay: the first pipeline may be the only one
/// whose listing doesn't.
const RUNS_PER_RISKED_PAGE: usize = 100;

/// Reads the runs that listings show to be executing, as far as they pay.
///
/// # Errors
/// The error that every run would meet.
pub(super) fn list_what_pays(requests: &mut Requests<'_>, polls: &mut Polls) -> Result<(), Error> {
    let mut listing = Listing::of(polls);
    let mut is_rotated = false;
    loop {
        let pages = listing.pages_that_pay(polls);
        if !pages.is_empty() {
            listing.read(requests, polls, &pages);
            continue;
        }
        let probes = listing.probes(polls);
        if probes.is_empty() {
            return Ok(());
        }
        polls.describe(requests, &probes)?;
        listing.learn(polls, &probes);
        if !std::mem::replace(&mut is_rotated, true) {
            listing.rotate(requests.client.host());
        }
    }
}

/// The runs of one pipeline.
struct Group {
    /// The pipeline's ARN, as the id of one of its runs has it.
    pipeline: String,
    runs: Vec<usize>,
    /// The next page; `None` where the listing has ended.
    page: Option<Cursor>,
    /// Pages that saved no request.
    unpaid: usize,
    /// Whether a run that was described is executing.
    executes: Option<bool>,
}

impl Group {
    fn new(pipeline: &str, run: usize) -> Self {
        Self {
            pipeline: pipeline.to_owned(),
            runs: vec![run],
            page: Some(Cursor::FIRST),
            unpaid: 0,
            executes: None,
        }
    }

    /// The runs that a listing may still tell of.
    fn open<'a>(&'a self, polls: &'a Polls) -> impl Iterator<Item = usize> + 'a {
        let is_open = |run: &usize| polls.all.get(*run).is_some_and(Poll::is_open);
        self.runs.iter().copied().filter(is_open)
    }

    /// Whether nothing speaks against its listing.
    fn is_likely(&self) -> bool {
        self.executes != Some(false) && self.unpaid == 0
    }

    /// Whether one page could save a request.
    fn can_pay(&self, polls: &Polls) -> bool {
        self.page.is_some() && self.open(polls).nth(1).is_some()
    }
}

/// The listings of one call.
struct Listing {
    /// The largest first.
    groups: Vec<Group>,
    pages: usize,
    /// Runs that the pages have shown to be executing.
    settled: usize,
    /// How many pages the listings may cost beyond what they saved.
    risk: usize,
    /// How many runs to describe next, to find one that is executing.
    probes: usize,
    /// The group whose runs are described first.
    first_probed: usize,
    denied: bool,
}

impl Listing {
    fn of(polls: &Polls) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut last: Option<Group> = None;
        for (run, poll) in polls.in_order() {
            let pipeline = poll.run_id.pipeline_arn();
            match &mut last {
                Some(group) if group.pipeline.eq_ignore_ascii_case(pipeline) => {
                    group.runs.push(run);
                }
                _ => {
                    insert_by_size(&mut groups, last.replace(Group::new(pipeline, run)));
                }
            }
        }
        insert_by_size(&mut groups, last);
        Self {
            groups,
            pages: 0,
            settled: 0,
            risk: polls.all.len() / RUNS_PER_RISKED_PAGE,
            probes: 1,
            first_probed: 0,
            denied: false,
        }
    }

    /// Has the probes begin elsewhere. Where the time is never enough for all runs, the probes read others
    /// in each call.
    fn rotate(&mut self, host: &dyn Host) {
        self.first_probed = host.any_place(self.groups.len());
        let probed = self.groups.iter_mut().filter(|group| group.runs.len() > 1);
        for group in probed {
            let first = host.any_place(group.runs.len());
            group.runs.rotate_left(first);
        }
    }

    /// Whether the pages have cost more requests than they may, or can't save any.
    fn has_ended(&self) -> bool {
        self.denied || self.pages > self.settled + self.risk
    }

    /// The groups whose next page to list now: as many as the pages so far have saved requests, or one
    /// where a description makes it likely to pay.
    fn pages_that_pay(&self, polls: &Polls) -> Vec<usize> {
        let saved = self.settled.saturating_sub(self.pages);
        let is_likely = self.groups.iter().any(|group| group.executes == Some(true));
        if self.has_ended() || (saved == 0 && !is_likely) {
            return Vec::new();
        }
        let groups = self.groups.iter().enumerate();
        groups
            .filter(|(_, group)| saved > 0 || group.is_likely())
            .filter(|(_, group)| group.can_pay(polls))
            .map(|(index, _)| index)
            .take(saved.max(1))
            .collect()
    }

    /// Runs to describe, to find one that is executing: one of each group, then another of each. More
    /// each time, so that it doesn't take long where none is.
    fn probes(&mut self, polls: &Polls) -> Vec<usize> {
        let most = self.probes;
        self.probes = (most * 2).min(BATCH);
        let mut probes = Vec::new();
        if self.has_ended() {
            return probes;
        }
        for depth in 0..most {
            let groups = self.groups.iter().cycle().skip(self.first_probed);
            let groups = groups.take(self.groups.len());
            let groups = groups.filter(|group| group.can_pay(polls));
            probes.extend(groups.filter_map(|group| group.open(polls).nth(depth)));
        }
        probes.truncate(most);
        probes
    }

    /// Notes which groups execute, by the runs that were described.
    fn learn(&mut self, polls: &Polls, probes: &[usize]) {
        for group in &mut self.groups {
            for probe in probes.iter().filter(|probe| group.runs.contains(probe)) {
                let outcome = polls.all.get(*probe).and_then(|poll| poll.outcome.as_ref());
                let executes = outcome
                    .and_then(|outcome| outcome.as_ref().ok())
                    .is_some_and(is_executing);
                group.executes = Some(executes || group.executes == Some(true));
            }
        }
    }

    /// Lists the next page of each of these groups.
    fn read(&mut self, requests: &mut Requests<'_>, polls: &mut Polls, groups: &[usize]) {
        let next = groups.iter().filter_map(|index| self.groups.get(*index));
        let inputs: Vec<_> = next.map(request).collect();
        let Requests { client, pace } = requests;
        let _taken = client.call_paced(pace, &inputs, |index, result| {
            let group = groups
                .get(index)
                .and_then(|group| self.groups.get_mut(*group));
            self.pages += 1;
            if let Some(group) = group
                && let Err(error) = take(client, polls, group, result, &mut self.settled)
            {
                group.page = None;
                self.give_up(client, polls, &error);
            }
            Ok::<_, Error>(())
        });
    }

    /// Says why runs are described that a listing could have told of.
    fn give_up(&mut self, client: &Client<'_>, polls: &Polls, error: &Error) {
        let summary = error.summary();
        let text = if error.class == ErrorClass::Denied {
            if std::mem::replace(&mut self.denied, true) {
                return;
            }
            let runs = polls.all.len();
            let saved: usize = self
                .groups
                .iter()
                .map(|group| could_save(group.runs.len()))
                .sum();
            format!(
                "{summary}. Each run is described on its own. The permission \
                 sagemaker:ListPipelineExecutions would save up to {saved} of {runs} requests."
            )
        } else {
            format!("executions can't be listed, so that each is described on its own: {summary}")
        };
        client.host().log(Level::Info, &text);
    }
}

fn is_executing(status: &RunStatus) -> bool {
    ExecutionStatus::parse(&status.platform_status) == ExecutionStatus::Executing
}

/// Inserts a group, the largest first.
fn insert_by_size(groups: &mut Vec<Group>, group: Option<Group>) {
    let Some(group) = group else { return };
    let place = groups.partition_point(|other| other.runs.len() >= group.runs.len());
    groups.insert(place, group);
}

/// How many requests the listings of a group save at most.
fn could_save(runs: usize) -> usize {
    runs - runs.div_ceil(MAX_RESULTS as usize)
}

fn request(group: &Group) -> ListPipelineExecutions {
    let token = group.page.as_ref().and_then(Cursor::token);
    ListPipelineExecutions {
        pipeline_name: group.pipeline.clone(),
        sort_by: SortExecutionsBy::CreationTime,
        sort_order: SortOrder::Descending,
        max_results: MAX_RESULTS,
        next_token: token.map(str::to_owned),
    }
}

/// Notes which runs a page shows to be executing, and whether the next page is worth a request. Adds
/// these runs to `settled`.
///
/// # Errors
/// The listing's.
fn take(
    client: &Client<'_>,
    polls: &mut Polls,
    group: &mut Group,
    result: Result<ListPipelineExecutionsOutput, CallError>,
    settled: &mut usize,
) -> Result<(), Error> {
    let page = result.map_err(|error| client.contract_error::<ListPipelineExecutions>(error))?;
    let before = *settled;
    for summary in page.pipeline_execution_summaries {
        let arn = summary.pipeline_execution_arn.as_deref();
        if let Some(poll) = arn.and_then(|arn| polls.with_arn(arn))
            && poll.is_open()
        {
            poll.listed = true;
            let execution = execution(summary);
            if execution.status() == ExecutionStatus::Executing {
                poll.outcome = Some(Ok(run_status(execution, client.host().now())));
                *settled += 1;
            }
        }
    }
    if *settled - before < 2 {
        group.unpaid += 1;
    }
    let may_pay = group.unpaid * RUNS_PER_UNPAID_PAGE < group.open(polls).count();
    let this = group.page.take().unwrap_or(Cursor::FIRST);
    if may_pay {
        group.page = this.next(page.next_token, ListPipelineExecutions::NAME)?;
    }
    Ok(())
}

/// The execution, as far as a listing tells.
fn execution(summary: PipelineExecutionSummary) -> DescribePipelineExecutionOutput {
    DescribePipelineExecutionOutput {
        pipeline_execution_status: summary.pipeline_execution_status,
        pipeline_execution_display_name: summary.pipeline_execution_display_name,
        pipeline_execution_description: summary.pipeline_execution_description,
        failure_reason: summary.pipeline_execution_failure_reason,
        creation_time: summary.start_time,
        ..DescribePipelineExecutionOutput::default()
    }
}
