//! Starts an execution: job → StartPipelineExecution → run id.

use super::api::{ParallelismConfiguration, PipelineParameter, StartPipelineExecution};
use super::attributes::DEFAULT_ROLE_ARN;
use super::connection;
use super::failure;
use super::token::Guid;
use super::validate::{self, Plan};
use crate::error::{Error, ErrorClass};
use crate::host::Host;
use crate::job::{Connection, Job};
use crate::run::StartedRun;

/// Starts a run; the same GUID starts the same run, never a second.
pub fn start(
    host: &dyn Host,
    connection: &Connection,
    job: &Job,
    guid: &str,
) -> Result<StartedRun, Error> {
    let guid = Guid::parse(guid)?;
    let plan =
        validate::plan(connection, job).map_err(|findings| failure::invalid_job(&findings))?;
    let request = request(&plan, &guid);
    let role = plan.role;
    let output = connection::client_for(host, plan.connection)
        .call(&request)
        .map_err(|error| {
            let mut error = failure::of::<StartPipelineExecution>(error);
            if let (ErrorClass::Invalid, Some((arn, attribute))) = (error.class, &role) {
                error.hint.push_str(&role_hint(arn, attribute));
            }
            error
        })?;
    match output.pipeline_execution_arn {
        Some(run_id) if !run_id.is_empty() => Ok(StartedRun {
            run_id,
            details: Vec::new(),
        }),
        _ => Err(failure::missing_member(
            "StartPipelineExecution",
            "PipelineExecutionArn",
        )),
    }
}

fn request(plan: &Plan, guid: &Guid) -> StartPipelineExecution {
    StartPipelineExecution {
        pipeline_name: plan.external_id.as_str().to_owned(),
        pipeline_parameters: plan
            .inputs
            .iter()
            .map(|(name, value)| PipelineParameter {
                name: name.clone(),
                value: value.clone(),
            })
            .collect(),
        client_request_token: guid.start_token(),
        pipeline_execution_display_name: plan.settings.display_name.clone(),
        pipeline_execution_description: plan.settings.description.clone(),
        parallelism_configuration: plan.settings.max_parallel_steps.map(|n| {
            ParallelismConfiguration {
                max_parallel_execution_steps: n,
            }
        }),
        role_arn: plan.role.as_ref().map(|(arn, _)| arn.clone()),
    }
}

/// SageMaker refuses a role for pipelines of one's own, in words that don't name it.
fn role_hint(arn: &str, attribute: &str) -> String {
    let whose = if attribute == DEFAULT_ROLE_ARN {
        "the platform's default"
    } else {
        "the job's"
    };
    format!(
        " An execution role was sent too ({whose}, {arn}): SageMaker takes one only for pipelines \
         that AWS manages. For other pipelines leave it empty."
    )
}

#[cfg(test)]
mod tests {
    use super::super::attributes::{DESCRIPTION, DISPLAY_NAME, MAX_PARALLEL_STEPS, ROLE_ARN};
    use super::super::testing::{EXECUTION_ARN, FakeHost, GUID, connection, input, job};
    use super::*;
    use crate::job::{Attribute, Direction, Parameter};

    const STARTED: &str = r#"{"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc"}"#;
    const ROLE: &str = "arn:aws:iam::123456789012:role/pipelines";
    const DEFAULT_ROLE: &str = "arn:aws:iam::123456789012:role/platform";

    #[test]
    fn the_least_job_sends_name_and_token_only() {
        let host = FakeHost::answering([(200, STARTED)]);
        let run = start(&host, &connection(), &job("p", vec![]), GUID).unwrap();
        assert_eq!(run.run_id, EXECUTION_ARN);
        assert_eq!(
            host.bodies(),
            [format!(
                r#"{{"PipelineName":"p","ClientRequestToken":"polysync-{GUID}"}}"#
            )]
        );
    }

    #[test]
    fn a_full_job_sends_all_of_it_in_declared_order() {
        let host = FakeHost::answering([(200, STARTED)]);
        let mut job = job(
            "p",
            vec![
                input("Z", "1"),
                Parameter {
                    name: "Out".to_owned(),
                    direction: Direction::Output,
                    value: Some("x".to_owned()),
                },
                Parameter {
                    name: "Default".to_owned(),
                    direction: Direction::Input,
                    value: None,
                },
                Parameter {
                    name: "A".to_owned(),
                    direction: Direction::InputOutput,
                    value: Some("é".to_owned()),
                },
            ],
        );
        job.attributes = vec![
            Attribute::new(DISPLAY_NAME, "Nightly"),
            Attribute::new(DESCRIPTION, "all of it"),
            Attribute::new(MAX_PARALLEL_STEPS, "3"),
            Attribute::new(ROLE_ARN, ROLE),
        ];
        start(&host, &connection(), &job, GUID).unwrap();
        assert_eq!(
            host.bodies(),
            [format!(
                r#"{{"PipelineName":"p","PipelineParameters":[{{"Name":"Z","Value":"1"}},{{"Name":"A","Value":"é"}}],"ClientRequestToken":"polysync-{GUID}","PipelineExecutionDisplayName":"Nightly","PipelineExecutionDescription":"all of it","ParallelismConfiguration":{{"MaxParallelExecutionSteps":3}},"RoleArn":"{ROLE}"}}"#
            )]
        );
    }

    #[test]
    fn the_role_is_the_jobs_else_the_platforms_default() {
        let mut connection = connection();
        connection
            .attributes
            .push(Attribute::new(DEFAULT_ROLE_ARN, DEFAULT_ROLE));
        let mut with_role = job("p", vec![]);
        with_role.attributes.push(Attribute::new(ROLE_ARN, ROLE));
        for (job, role) in [(with_role, ROLE), (job("p", vec![]), DEFAULT_ROLE)] {
            let host = FakeHost::answering([(200, STARTED)]);
            start(&host, &connection, &job, GUID).unwrap();
            assert!(host.bodies()[0].contains(role));
        }
    }

    #[test]
    fn a_refused_start_that_sent_a_role_says_so() {
        let host =
            FakeHost::answering([(400, r#"{"__type":"ValidationException","message":"no"}"#)]);
        let mut connection = connection();
        connection
            .attributes
            .push(Attribute::new(DEFAULT_ROLE_ARN, DEFAULT_ROLE));
        let error = start(&host, &connection, &job("p", vec![]), GUID).unwrap_err();
        assert!(
            error.hint.contains("platform's default") && error.hint.contains(DEFAULT_ROLE),
            "{}",
            error.hint
        );
    }

    #[test]
    fn an_error_of_validate_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let error = start(&host, &connection(), &job("no good", vec![]), GUID).unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str()),
            (ErrorClass::Invalid, "InvalidJob")
        );
        let error = start(&host, &connection(), &job("p", vec![]), "1").unwrap_err();
        assert_eq!(error.code, "InvalidGuid");
        assert_eq!(host.bodies(), [""; 0]);
    }

    #[test]
    fn a_lost_answer_is_asked_for_again_under_the_same_token() {
        let host = FakeHost::answering([(500, ""), (200, STARTED)]);
        start(&host, &connection(), &job("p", vec![]), GUID).unwrap();
        let bodies = host.bodies();
        assert_eq!(bodies.len(), 2);
        assert_eq!(bodies[0], bodies[1]);
    }

    #[test]
    fn a_success_without_an_arn_is_an_error_that_a_repeat_mends() {
        let host = FakeHost::answering([(200, "{}")]);
        let error = start(&host, &connection(), &job("p", vec![]), GUID).unwrap_err();
        assert!(
            error.retryable && error.message.contains("PipelineExecutionArn"),
            "{error:?}"
        );
    }
}
