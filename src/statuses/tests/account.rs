//! A platform that answers from a list of executions.

use job_type_kit::contract::http::{Request, Response};
use job_type_kit::contract::{Error, Run, RunState, RunStatus};
use serde_json::{Value, json};

use crate::statuses::statuses;
use crate::testing::{FakeHost, connection, response};

pub(super) const PREFIX: &str = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline";

pub(super) fn arn(pipeline: &str, id: &str) -> String {
    format!("{PREFIX}/{pipeline}/execution/{id}")
}

pub(super) fn run(pipeline: &str, id: &str) -> Run {
    Run {
        external_id: None,
        run_id: arn(pipeline, id),
    }
}

/// The executions of an account, the newest first: pipeline, id and status.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub(super) executions: Vec<(String, String, String)>,
}

impl Account {
    pub(super) fn of(executions: &[(&str, &str, &str)]) -> Self {
        let owned = |(pipeline, id, status): &(&str, &str, &str)| {
            (pipeline.to_string(), id.to_string(), status.to_string())
        };
        Self {
            executions: executions.iter().map(owned).collect(),
        }
    }

    /// This many executions of a pipeline, `0` being the newest.
    pub(super) fn with(mut self, pipeline: &str, count: usize, status: &str) -> Self {
        let first = self.executions.len();
        for n in first..first + count {
            let execution = (pipeline.to_owned(), format!("e{n}"), status.to_owned());
            self.executions.push(execution);
        }
        self
    }

    pub(super) fn runs(&self) -> Vec<Run> {
        let executions = self.executions.iter();
        executions
            .map(|(pipeline, id, _)| run(pipeline, id))
            .collect()
    }

    pub(super) fn host(self) -> FakeHost {
        FakeHost::answering_by(move |request| Ok(self.answer(request)))
    }

    pub(super) fn answer(&self, request: &Request) -> Response {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let operation = operation(request);
        if operation == "ListPipelineExecutions" {
            return self.list(&body);
        }
        let wanted = body["PipelineExecutionArn"].as_str().unwrap();
        let found = self
            .executions
            .iter()
            .find(|(pipeline, id, _)| arn(pipeline, id).eq_ignore_ascii_case(wanted));
        match (operation.as_str(), found) {
            (_, None) => response(400, &[], r#"{"__type": "ResourceNotFound"}"#),
            ("DescribePipelineExecution", Some((_, id, status))) => ok(&json!({
                "PipelineExecutionStatus": status,
                "PipelineExecutionDisplayName": id,
                "PipelineExecutionDescription": "nightly",
                "CreationTime": 7,
            })),
            ("ListPipelineExecutionSteps", Some(_)) => ok(&json!({
                "PipelineExecutionSteps": [{"StepName": "Train", "StepStatus": "Failed"}],
            })),
            other => panic!("{other:?}"),
        }
    }

    fn list(&self, body: &Value) -> Response {
        assert_eq!(body["SortBy"], "CreationTime");
        assert_eq!(body["SortOrder"], "Descending");
        assert_eq!(body["MaxResults"], 100);
        let pipeline = body["PipelineName"].as_str().unwrap();
        let first: usize = body["NextToken"]
            .as_str()
            .map_or(0, |token| token.parse().unwrap());
        let of_pipeline = self
            .executions
            .iter()
            .filter(|(name, ..)| format!("{PREFIX}/{name}").eq_ignore_ascii_case(pipeline));
        let all: Vec<_> = of_pipeline.collect();
        let page = all.iter().skip(first).take(100).map(|(name, id, status)| {
            json!({
                "PipelineExecutionArn": arn(name, id),
                "PipelineExecutionStatus": status,
                "PipelineExecutionDisplayName": id,
                "PipelineExecutionDescription": "nightly",
                "StartTime": 7,
            })
        });
        let page: Vec<_> = page.collect();
        let next = first + page.len();
        let token = (next < all.len()).then(|| next.to_string());
        ok(&json!({"PipelineExecutionSummaries": page, "NextToken": token}))
    }
}

pub(super) fn ok(body: &Value) -> Response {
    response(200, &[], &body.to_string())
}

pub(super) fn operation(request: &Request) -> String {
    let target = request
        .headers
        .iter()
        .find(|header| header.name == "x-amz-target");
    target
        .unwrap()
        .value
        .trim_start_matches("SageMaker.")
        .to_owned()
}

/// How many requests of an operation were sent.
pub(super) fn sent(host: &FakeHost, name: &str) -> usize {
    let requests = host.requests.borrow();
    requests
        .iter()
        .filter(|request| operation(request) == name)
        .count()
}

pub(super) fn described(host: &FakeHost) -> usize {
    sent(host, "DescribePipelineExecution")
}

pub(super) fn listed(host: &FakeHost) -> usize {
    sent(host, "ListPipelineExecutions")
}

pub(super) fn read(host: &FakeHost, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
    statuses(host.on(&connection()), runs)
}

pub(super) fn states(answers: &[Result<RunStatus, Error>]) -> Vec<Option<RunState>> {
    answers
        .iter()
        .map(|answer| answer.as_ref().ok().map(|status| status.state))
        .collect()
}

pub(super) fn refusal(code: &str) -> Response {
    response(
        400,
        &[],
        &json!({"__type": code, "message": "no"}).to_string(),
    )
}
