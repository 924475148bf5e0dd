//! The requests that list executions, checked against the API model.

use super::requests::{EXECUTION, expect_allowed};
use super::subject::api;
use crate::support::{Stage, Wire};
use polysync_host::contract::Run;
use sagemaker_emulator::Operation;
use std::collections::BTreeSet;
use std::sync::Arc;

#[tokio::test]
async fn a_listing_of_executions_satisfies_the_model() {
    let stage = Stage::new().await;
    let wire = Arc::new(Wire::answering(
        r#"{"PipelineExecutionStatus": "Executing", "PipelineExecutionSummaries": [
            {"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/e1", "PipelineExecutionStatus": "Executing"},
            {"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/e2", "PipelineExecutionStatus": "Executing"}
        ], "NextToken": "token"}"#,
    ));
    let runs: Vec<_> = (0..20)
        .map(|n| Run {
            external_id: None,
            run_id: EXECUTION.replace("abc", &format!("e{n}")),
        })
        .collect();
    stage.job_type_on(&wire).statuses(&runs).await;
    let (api, sent) = (api(), wire.take_sent());
    sent.iter().for_each(|sent| expect_allowed(&api, sent));
    let listings = sent
        .iter()
        .filter(|sent| sent.operation == Operation::ListPipelineExecutions);
    let members: BTreeSet<_> = listings
        .flat_map(|sent| sent.body.as_object().unwrap().keys().map(String::as_str))
        .collect();
    let used = [
        "MaxResults",
        "NextToken",
        "PipelineName",
        "SortBy",
        "SortOrder",
    ];
    assert_eq!(members, BTreeSet::from(used));
}
