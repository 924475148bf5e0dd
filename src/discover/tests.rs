//! Discovery and inspection, with scripted answers.

use super::*;
use crate::testing::{FakeHost, connection, response};
use job_type_kit::contract::Attribute;
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind};

fn list(names: &[&str]) -> String {
    let summaries: Vec<_> = names
        .iter()
        .map(|name| format!(r#"{{"PipelineName": "{name}", "PipelineDescription": "listed"}}"#))
        .collect();
    format!(r#"{{"PipelineSummaries": [{}]}}"#, summaries.join(","))
}

fn page(answers: &[(u16, &str)]) -> (Result<DiscoveryPage, Error>, FakeHost) {
    let host = FakeHost::answering(answers.iter().copied());
    (discover(host.on(&connection()), None), host)
}

fn names(page: &DiscoveryPage) -> Vec<&str> {
    page.jobs.iter().map(|job| job.name.as_str()).collect()
}

#[test]
fn a_job_has_the_pipelines_name_texts_and_declared_parameters() {
    let (page, host) = page(&[
        (200, &list(&["abalone"])),
        (
            200,
            r#"{"PipelineName": "abalone", "PipelineDisplayName": "Abalone", "PipelineDescription": "Predicts ages",
            "PipelineDefinition": "{\"Parameters\": [{\"Name\": \"Count\", \"Type\": \"Integer\", \"DefaultValue\": 1}]}"}"#,
        ),
    ]);
    let job = &page.unwrap().jobs[0];
    assert_eq!(
        (job.external_id.as_str(), job.name.as_str()),
        ("abalone", "abalone")
    );
    assert_eq!(job.display_name.as_deref(), Some("Abalone"));
    assert_eq!(job.description.as_deref(), Some("Predicts ages"));
    assert_eq!(job.parameters[0].name, "Count");
    assert_eq!(
        host.bodies(),
        [r#"{"MaxResults":100}"#, r#"{"PipelineName":"abalone"}"#]
    );
}

#[test]
fn a_summary_without_a_name_is_named_by_its_arn_or_left_out() {
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012";
    let list = format!(
        r#"{{"PipelineSummaries": [{{"PipelineArn": "{arn}:pipeline/p"}},
            {{"PipelineArn": "{arn}:pipeline/"}}, {{"PipelineArn": "{arn}:model/m"}}, {{}}]}}"#
    );
    let (page, _) = page(&[(200, &list), (200, "{}")]);
    assert_eq!(names(&page.unwrap()), ["p"]);
}

#[test]
fn a_definition_in_s3_or_unreadable_gives_a_job_without_parameters() {
    let (page, _) = page(&[
        (200, &list(&["s3", "broken"])),
        (
            200,
            r#"{"PipelineDefinitionS3Location": {"Bucket": "b", "ObjectKey": "k"}}"#,
        ),
        (200, r#"{"PipelineDefinition": "not JSON"}"#),
    ]);
    let page = page.unwrap();
    assert_eq!(names(&page), ["s3", "broken"]);
    assert!(page.jobs.iter().all(|job| job.parameters.is_empty()));
    let notes: Vec<_> = page.jobs.iter().map(|job| job.notes.len()).collect();
    assert_eq!((notes, page.notes), (vec![0, 1], vec![]));
}

#[test]
fn the_parallelism_that_sagemaker_keeps_for_a_pipeline_is_suggested() {
    for (parallelism, suggested) in [
        (r#"{"MaxParallelExecutionSteps": 3}"#, Some("3")),
        (r#"{"MaxParallelExecutionSteps": 0}"#, None),
        (r#"{"MaxParallelExecutionSteps": 2147483648}"#, None),
        (r#"{"MaxParallelExecutionSteps": "3"}"#, None),
        (r#"{"MaxParallelExecutionSteps": null}"#, None),
        ("{}", None),
        ("[]", None),
        ("null", None),
    ] {
        let body = format!(r#"{{"PipelineName": "p", "ParallelismConfiguration": {parallelism}}}"#);
        let host = FakeHost::answering([(200, body.as_str())]);
        let job = inspect(host.on(&connection()), "p").unwrap();
        let expected = suggested.map(|steps| Attribute::new("max-parallel-execution-steps", steps));
        assert_eq!(job.attributes, Vec::from_iter(expected), "{parallelism}");
    }
}

#[test]
fn a_pipeline_that_was_deleted_meanwhile_is_left_out() {
    let (page, _) = page(&[
        (200, &list(&["a", "gone", "b"])),
        (200, "{}"),
        (400, r#"{"__type": "ResourceNotFound"}"#),
        (200, "{}"),
    ]);
    assert_eq!(names(&page.unwrap()), ["a", "b"]);
}

#[test]
fn a_pipeline_that_is_being_deleted_is_left_out_and_can_still_be_inspected() {
    let deleting = (
        200,
        r#"{"PipelineName": "going", "PipelineStatus": "Deleting"}"#,
    );
    let (page, host) = page(&[
        (200, &list(&["a", "going", "b"])),
        (200, r#"{"PipelineStatus": "Active"}"#),
        deleting,
        (200, r#"{"PipelineStatus": "SomethingNew"}"#),
    ]);
    let page = page.unwrap();
    assert_eq!(names(&page), ["a", "b"]);
    assert!(page.jobs.iter().all(|job| job.notes.is_empty()));
    assert!(host.logged("going is being deleted"));
    let status = |job: &DiscoveredJob| Attribute::find(&job.details, "status").map(str::to_owned);
    assert_eq!(status(&page.jobs[0]), None);
    assert_eq!(status(&page.jobs[1]).as_deref(), Some("SomethingNew"));

    let host = FakeHost::answering([deleting]);
    let job = inspect(host.on(&connection()), "going").unwrap();
    assert_eq!(status(&job).as_deref(), Some("Deleting"));
}

/// Its name may be that of a pipeline of the user's own.
#[test]
fn a_pipeline_that_aws_manages_is_labelled_and_known_by_its_arn() {
    let own = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p";
    let managed = "arn:aws:sagemaker:eu-west-1:aws:pipeline/p";
    let list = format!(
        r#"{{"PipelineSummaries": [{{"PipelineName": "P", "PipelineArn": "{own}"}},
            {{"PipelineName": "P", "PipelineArn": "{managed}"}}]}}"#
    );
    let (page, host) = page(&[(200, &list), (200, "{}"), (200, "{}")]);
    let page = page.unwrap();
    let found: Vec<_> = page
        .jobs
        .iter()
        .map(|job| {
            let managed_by = Attribute::find(&job.details, "managed-by");
            (job.external_id.as_str(), job.name.as_str(), managed_by)
        })
        .collect();
    assert_eq!(found, [("P", "P", None), (managed, "P", Some("AWS"))]);
    assert_eq!(
        host.bodies()[1..],
        ["P", managed].map(|id| format!(r#"{{"PipelineName":"{id}"}}"#))
    );
}

#[test]
fn a_pipeline_that_the_caller_may_not_describe_is_imported_from_its_summary() {
    let (page, _) = page(&[
        (200, &list(&["secret", "b"])),
        (
            400,
            r#"{"__type": "AccessDeniedException", "message": "not yours"}"#,
        ),
        (200, "{}"),
    ]);
    let page = page.unwrap();
    assert_eq!(names(&page), ["secret", "b"]);
    assert_eq!(page.jobs[0].description.as_deref(), Some("listed"));
    assert!(
        page.jobs[0].notes[0].contains("not yours"),
        "{:?}",
        page.jobs[0].notes
    );
}

#[test]
fn a_refusal_that_would_meet_every_pipeline_ends_the_page_with_an_error() {
    let (page, _) = page(&[
        (200, &list(&["a"])),
        (403, r#"{"__type": "UnrecognizedClientException"}"#),
    ]);
    assert_eq!(page.unwrap_err().code, "UnrecognizedClientException");
}

#[test]
fn pipelines_are_described_in_bounded_batches() {
    let names: Vec<String> = (0..40).map(|i| format!("p{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let list = list(&names);
    let mut answers = vec![(200, list.as_str())];
    answers.extend(names.iter().map(|_| (200, "{}")));
    let (page, host) = page(&answers);
    assert_eq!(page.unwrap().jobs.len(), 40);
    assert_eq!(*host.batches.borrow(), [1, 16, 16, 8]);
}

#[test]
fn a_batch_whose_answers_are_too_large_for_the_host_is_sent_in_smaller_ones() {
    let too_large = || {
        Err(HttpError {
            kind: HttpErrorKind::BodyTooLarge,
            message: "8 MiB".to_owned(),
        })
    };
    let ok = || Ok(response(200, &[], "{}"));
    let host = FakeHost::with_answers([
        Ok(response(200, &[], &list(&["a", "b", "c"]))),
        ok(),
        too_large(),
        too_large(),
        ok(),
        ok(),
    ]);
    let page = discover(host.on(&connection()), None).unwrap();
    assert_eq!(names(&page), ["a", "b", "c"]);
    assert_eq!(*host.batches.borrow(), [1, 3, 2]);
}

#[test]
fn throttling_slows_down_until_every_pipeline_is_imported() {
    let throttled = (
        400,
        r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#,
    );
    let (page, host) = page(&[
        (200, &list(&["a", "b", "c"])),
        (200, "{}"),
        throttled,
        throttled,
        (200, "{}"),
        throttled,
        (200, "{}"),
    ]);
    assert_eq!(names(&page.unwrap()), ["a", "b", "c"]);
    assert_eq!(*host.batches.borrow(), [1, 3, 1, 1, 1]);
    assert_eq!(*host.sleeps.borrow(), [1_000, 500, 1_000]);
}

#[test]
fn a_platform_that_only_throttles_ends_the_page_with_an_error() {
    let throttled = (400, r#"{"__type": "ThrottlingException"}"#);
    let list = list(&["a"]);
    let mut answers = vec![(200, list.as_str())];
    answers.extend([throttled; 6]);
    let (page, host) = page(&answers);
    assert_eq!(page.unwrap_err().class, ErrorClass::Throttled);
    assert_eq!(host.sleeps.borrow().iter().sum::<u64>(), 31_000);
}

#[test]
fn one_job_can_be_inspected() {
    let host = FakeHost::answering([(
        200,
        r#"{"PipelineName": "P", "PipelineDefinition": "{\"Parameters\": [{\"Name\": \"A\"}]}"}"#,
    )]);
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/P";
    let job = inspect(host.on(&connection()), arn).unwrap();
    assert_eq!(
        (
            job.external_id.as_str(),
            job.name.as_str(),
            job.parameters.len()
        ),
        (arn, "P", 1)
    );
    assert_eq!(
        inspect(host.on(&connection()), "no good").unwrap_err().code,
        "InvalidExternalId"
    );
}
