//! Starts an execution: job → StartPipelineExecution → run id.

use aws_kit::client::{Client, Operation};
use aws_kit::error::CallError;
use job_type_kit::contract::{Attribute, Error, ErrorClass, Job, StartedRun};
use job_type_kit::{Context, Guid};
use serde::Serialize;

use crate::api::ExecutionArnOutput;
use crate::client_token::start_token;
use crate::execution_role::ExecutionRole;
use crate::inputs::PipelineParameter;
use crate::job_attributes::JobAttributes;
use crate::plan::Plan;
use crate::quota;
use crate::service::SAGEMAKER;

/// Starts an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartPipelineExecution {
    /// A name or an ARN.
    pub pipeline_name: String,
    /// In declared order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipeline_parameters: Vec<PipelineParameter>,
    /// The same token starts no second execution.
    pub client_request_token: String,
    /// Each attribute is a member of its own.
    #[serde(flatten)]
    pub attributes: JobAttributes,
}

aws_kit::operation!(StartPipelineExecution, ExecutionArnOutput);

/// Starts a run. The same GUID starts no second run: it returns the first, or a conflict where SageMaker
/// does not tell which execution that is.
///
/// # Errors
/// `InvalidJob` before any request, or the error of the start.
pub fn start(context: Context<'_>, job: &Job, guid: &Guid) -> Result<StartedRun, Error> {
    let plan = Plan::parse(context.connection, job)?;
    let role = plan.role;
    let request = StartPipelineExecution {
        pipeline_name: plan.external_id.as_str().to_owned(),
        pipeline_parameters: plan.inputs,
        client_request_token: start_token(guid),
        attributes: plan.attributes,
    };
    let client = Client::new(context.host, &SAGEMAKER, plan.connection.endpoints.main);
    let output = client.call(&request).map_err(|error| {
        let mut error = refusal(&client, error, &request, role.as_ref());
        error.hint.push_str(&request.attributes.hint(error.class));
        error
    })?;
    match output.pipeline_execution_arn {
        Some(run_id) if !run_id.is_empty() => Ok(StartedRun {
            run_id,
            details: Vec::new(),
        }),
        _ => Err(SAGEMAKER.missing_member(StartPipelineExecution::NAME, "PipelineExecutionArn")),
    }
}

fn refusal(
    client: &Client<'_>,
    error: CallError,
    request: &StartPipelineExecution,
    role: Option<&ExecutionRole>,
) -> Error {
    let mut error = client.contract_error::<StartPipelineExecution>(error);
    quota::explain(&mut error);
    match (error.class, role) {
        (ErrorClass::Conflict, _) => {
            // Another attempt meets the same conflict.
            error.retryable = false;
            error.hint = hint_of_doubt(client, request);
            error.details = vec![Attribute::new(
                "client-request-token",
                request.client_request_token.as_str(),
            )];
        }
        (ErrorClass::Invalid, Some(role)) => error.hint.push_str(&role.hint()),
        _ => {}
    }
    error
}

/// What to do about a start that may have been carried out before: SageMaker neither carries out a
/// token twice nor tells which execution it belongs to.
fn hint_of_doubt(client: &Client<'_>, request: &StartPipelineExecution) -> String {
    format!(
        "No second execution was started. Most likely an earlier attempt under the same GUID started \
         one: its answer was lost, or the job was changed since. Its run id is not known. Look for it \
         with: aws sagemaker list-pipeline-executions --region {} --pipeline-name {} (CloudTrail's \
         event StartPipelineExecution with the client request token {} has its ARN). If there is \
         none, start the job again under another GUID.",
        client.region().as_str(),
        request.pipeline_name,
        request.client_request_token,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::DEFAULT_ROLE_ARN;
    use crate::job_attributes::{
        DESCRIPTION, DISPLAY_NAME, MAX_PARALLEL_STEPS, MLFLOW_EXPERIMENT, ROLE_ARN,
    };
    use crate::pipeline_version::VERSION_ID;
    use crate::selective_execution::{SELECTED_STEPS, SOURCE_EXECUTION_ARN};
    use crate::testing::{EXECUTION_ARN, FakeHost, GUID, connection, guid, input, job};
    use job_type_kit::contract::{Direction, Parameter};

    const STARTED: &str = r#"{"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc"}"#;
    const CONFLICT: (u16, &str) = (400, r#"{"__type":"ConflictException"}"#);
    const ROLE: &str = "arn:aws:iam::123456789012:role/pipelines";
    const DEFAULT_ROLE: &str = "arn:aws:iam::123456789012:role/platform";

    #[test]
    fn the_smallest_job_sends_only_name_and_token() {
        let host = FakeHost::answering([(200, STARTED)]);
        let run = start(host.on(&connection()), &job("p", vec![]), &guid()).unwrap();
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
            Attribute::new(VERSION_ID, "7"),
            Attribute::new(SELECTED_STEPS, "Train,Evaluate"),
            Attribute::new(SOURCE_EXECUTION_ARN, EXECUTION_ARN),
            Attribute::new(MLFLOW_EXPERIMENT, "churn"),
        ];
        start(host.on(&connection()), &job, &guid()).unwrap();
        assert_eq!(
            host.bodies(),
            [format!(
                r#"{{"PipelineName":"p","PipelineParameters":[{{"Name":"Z","Value":"1"}},{{"Name":"A","Value":"é"}}],"ClientRequestToken":"polysync-{GUID}","PipelineExecutionDisplayName":"Nightly","PipelineExecutionDescription":"all of it","ParallelismConfiguration":{{"MaxParallelExecutionSteps":3}},"RoleArn":"{ROLE}","PipelineVersionId":7,"SelectiveExecutionConfig":{{"SelectedSteps":[{{"StepName":"Train"}},{{"StepName":"Evaluate"}}],"SourcePipelineExecutionArn":"{EXECUTION_ARN}"}},"MlflowExperimentName":"churn"}}"#
            )]
        );
    }

    #[test]
    fn the_role_is_the_jobs_else_the_platforms_default_for_a_pipeline_that_aws_manages() {
        let mut connection = connection();
        connection
            .attributes
            .push(Attribute::new(DEFAULT_ROLE_ARN, DEFAULT_ROLE));
        let managed = "arn:aws:sagemaker:eu-west-1:aws:pipeline/p";
        let own = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p";
        for (external_id, jobs_role, sent) in [
            ("p", Some(ROLE), Some(ROLE)),
            (managed, Some(ROLE), Some(ROLE)),
            (managed, None, Some(DEFAULT_ROLE)),
            ("p", None, None),
            (own, None, None),
        ] {
            let mut job = job(external_id, vec![]);
            job.attributes
                .extend(jobs_role.map(|role| Attribute::new(ROLE_ARN, role)));
            let host = FakeHost::answering([(200, STARTED)]);
            start(host.on(&connection), &job, &guid()).unwrap();
            let member = sent.map(|role| format!(r#""RoleArn":"{role}""#));
            let body = &host.bodies()[0];
            assert_eq!(
                member.is_some_and(|member| body.contains(&member)),
                sent.is_some(),
                "{body}"
            );
            assert_eq!(body.contains("RoleArn"), sent.is_some(), "{body}");
        }
    }

    #[test]
    fn a_refused_start_says_whether_a_role_was_sent() {
        let mut connection = connection();
        connection
            .attributes
            .push(Attribute::new(DEFAULT_ROLE_ARN, DEFAULT_ROLE));
        let managed = "arn:aws:sagemaker:eu-west-1:aws:pipeline/p";
        for (external_id, told) in [
            (managed, "role was sent too (the platform's default"),
            ("p", "default role was not sent"),
        ] {
            let host =
                FakeHost::answering([(400, r#"{"__type":"ValidationException","message":"no"}"#)]);
            let error =
                start(host.on(&connection), &job(external_id, vec![]), &guid()).unwrap_err();
            for told in [told, DEFAULT_ROLE] {
                assert!(error.hint.contains(told), "{}", error.hint);
            }
        }
    }

    #[test]
    fn a_job_with_an_error_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let error = start(host.on(&connection()), &job("no good", vec![]), &guid()).unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str()),
            (ErrorClass::Invalid, "InvalidJob")
        );
        assert_eq!(host.bodies(), [""; 0]);
    }

    #[test]
    fn a_start_whose_answer_is_lost_is_repeated_with_the_same_token() {
        let host = FakeHost::answering([(500, ""), (200, STARTED)]);
        start(host.on(&connection()), &job("p", vec![]), &guid()).unwrap();
        let bodies = host.bodies();
        assert_eq!(bodies.len(), 2);
        assert_eq!(bodies[0], bodies[1]);
    }

    #[test]
    fn a_success_without_an_arn_is_an_error_that_a_repeat_can_mend() {
        let host = FakeHost::answering([(200, "{}")]);
        let error = start(host.on(&connection()), &job("p", vec![]), &guid()).unwrap_err();
        assert!(
            error.retryable && error.message.contains("PipelineExecutionArn"),
            "{error:?}"
        );
    }

    #[test]
    fn a_conflict_says_that_no_second_run_was_started_and_how_to_find_the_one_that_is_not_known() {
        for answers in [
            vec![CONFLICT],
            vec![(500, ""), CONFLICT],
            vec![(
                400,
                r#"{"__type":"IdempotentParameterMismatchException","message":"other parameters"}"#,
            )],
        ] {
            let host = FakeHost::answering(answers);
            let id = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/My-Pipe";
            let error = start(host.on(&connection()), &job(id, vec![]), &guid()).unwrap_err();
            assert_eq!(
                (error.class, error.retryable),
                (ErrorClass::Conflict, false)
            );
            for told in [
                "No second execution was started",
                "run id is not known",
                "--region eu-west-1",
                &format!("--pipeline-name {id}"),
                "another GUID",
            ] {
                assert!(error.hint.contains(told), "{told}: {}", error.hint);
            }
            let token = Attribute::new("client-request-token", format!("polysync-{GUID}"));
            assert_eq!(error.details, [token]);
        }
    }

    fn refused_with(code: &str, attributes: &[(&str, &str)]) -> String {
        let host = FakeHost::answering([(400, format!(r#"{{"__type":"{code}"}}"#).as_str())]);
        let mut job = job("p", vec![]);
        let attributes = attributes.iter();
        job.attributes = attributes
            .map(|(key, value)| Attribute::new(key, *value))
            .collect();
        start(host.on(&connection()), &job, &guid())
            .unwrap_err()
            .hint
    }

    #[test]
    fn a_refused_start_of_selected_steps_says_what_they_need() {
        let selected = [("selected-steps", "Train,Evaluate")];
        for code in ["ValidationException", "ResourceNotFound"] {
            let hint = refused_with(code, &selected);
            assert!(hint.contains("source-execution-arn"), "{hint}");
        }
        let hint = refused_with("ValidationException", &[]);
        assert!(!hint.contains("source-execution-arn"), "{hint}");
    }

    #[test]
    fn a_refused_start_of_a_version_names_the_version() {
        for code in ["ValidationException", "ResourceNotFound"] {
            let hint = refused_with(code, &[("pipeline-version-id", "41")]);
            assert!(hint.contains("version 41"), "{hint}");
            let hint = refused_with(code, &[("pipeline-version-alias", "prod")]);
            assert!(hint.contains("version prod"), "{hint}");
        }
        let hint = refused_with("AccessDeniedException", &[("pipeline-version-id", "41")]);
        assert!(!hint.contains("version 41"), "{hint}");
    }
}
