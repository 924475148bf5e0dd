//! The checks that every job type has, of this one: its code, compiled natively.

use super::jobs::jobs;
use super::subject::subject;
use job_type_kit::contract::{Attribute, Direction, Job, Parameter};
use polysync_host::contract;
use proptest::strategy::Strategy;
use sagemaker_pipeline::SageMakerPipeline;

#[test]
fn every_answer_that_the_models_allow_is_read() {
    let operations = subject().every_answer_is_read::<SageMakerPipeline>(40);
    let of_sagemaker_and_of_logs = [
        "DescribePipeline",
        "DescribePipelineExecution",
        "FilterLogEvents",
        "ListPipelineExecutionSteps",
        "ListPipelineExecutions",
        "ListPipelines",
        "RetryPipelineExecution",
        "StartPipelineExecution",
        "StopPipelineExecution",
    ];
    assert_eq!(operations, of_sagemaker_and_of_logs);
}

#[test]
fn a_job_without_errors_is_sent_as_the_model_allows_and_no_other_is_sent() {
    let jobs = jobs().prop_map(of_the_kit);
    let counts = subject().jobs_without_errors_are_sent::<SageMakerPipeline>(1_000, jobs);
    assert!(counts.0 > 100 && counts.1 > 100, "{counts:?}");
}

/// The host's types and the kit's are generated from the same contract.
fn of_the_kit(job: contract::Job) -> Job {
    let attributes = job.attributes.into_iter();
    let parameters = job.parameters.into_iter();
    Job {
        external_id: job.external_id,
        attributes: attributes
            .map(|given| Attribute::new(&given.name, given.value))
            .collect(),
        parameters: parameters
            .map(|parameter| Parameter {
                name: parameter.name,
                direction: match parameter.direction {
                    contract::Direction::Input => Direction::Input,
                    contract::Direction::Output => Direction::Output,
                    contract::Direction::InputOutput => Direction::InputOutput,
                },
                value: parameter.value,
            })
            .collect(),
    }
}
