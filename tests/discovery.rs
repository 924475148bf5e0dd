//! Discovery of jobs: pages, pipelines, declared parameters, and definitions that can't be parsed.

use crate::support::{
    ACCESS_KEY_ID, GUID, SECRET, Stage, answer, attribute, credentials, job, load, refusal,
};
use polysync_host::Limits;
use polysync_host::contract::{DiscoveredJob, ErrorClass};
use sagemaker_emulator::{Credentials, Fault, FaultKind, Operation, Pipeline};

const EMPTY: &str = r#"{"Version": "2020-12-01", "Steps": []}"#;

fn find<'a>(jobs: &'a [DiscoveredJob], external_id: &str) -> &'a DiscoveredJob {
    jobs.iter()
        .find(|job| job.external_id == external_id)
        .unwrap_or_else(|| panic!("{external_id} isn't among the jobs"))
}

#[tokio::test]
async fn pipelines_are_listed_a_hundred_at_a_time_and_each_is_described() {
    let stage = Stage::with(|emulator| {
        (0..230).fold(emulator, |emulator, i| {
            emulator.pipeline(format!("p{i}"), EMPTY)
        })
    })
    .await;
    let jobs = stage.discover().await;
    let shipped = jobs.len() - 230;
    assert!(shipped > 0);
    let lists = stage.requests(Operation::ListPipelines);
    assert_eq!(lists.len(), 3);
    assert!(
        lists
            .iter()
            .all(|request| request.body["MaxResults"] == 100)
    );
    assert_eq!(
        stage.requests(Operation::DescribePipeline).len(),
        jobs.len()
    );
}

#[tokio::test]
async fn a_job_has_the_name_display_name_description_and_job_type() {
    let stage = Stage::with(|emulator| {
        emulator.with_pipeline(
            Pipeline::new("My-Pipeline", EMPTY)
                .display_name("My-Display-Name")
                .description("What it is for"),
        )
    })
    .await;
    let jobs = stage.discover().await;
    let job = find(&jobs, "My-Pipeline");
    assert_eq!(job.name, "My-Pipeline");
    assert_eq!(job.display_name.as_deref(), Some("My-Display-Name"));
    assert_eq!(job.description.as_deref(), Some("What it is for"));
    assert!(jobs.iter().all(|job| job.job_type == "SageMaker Pipeline"));
}

#[tokio::test]
async fn the_declared_parameters_are_suggested_inputs_with_type_default_and_allowed_values() {
    let stage = Stage::new().await;
    let jobs = stage.discover().await;
    let job = find(&jobs, "parameters-of-every-type");
    let parameters: Vec<_> = job
        .parameters
        .iter()
        .map(|p| {
            (
                p.name.as_str(),
                p.data_type.as_str(),
                p.default_value.as_deref(),
                p.required,
            )
        })
        .collect();
    assert_eq!(
        parameters,
        [
            ("AccuracyThreshold", "float", Some("0.75"), false),
            ("InstanceType", "string", Some("ml.m5.xlarge"), false),
            ("InstanceCount", "integer", Some("1"), false),
            ("SkipChecks", "boolean", Some("false"), false),
            ("InputDataUrl", "string", None, true),
            ("Étiquette", "string", Some("日本 \"q\" \\ \n"), false),
        ]
    );
    assert_eq!(
        job.parameters[1].allowed_values,
        ["ml.m5.xlarge", "ml.c5.xlarge"]
    );
}

#[tokio::test]
async fn a_definition_in_s3_gives_a_job_without_parameters_and_no_error() {
    let stage = Stage::new().await;
    stage.emulator.inject(Fault::new(FaultKind::NoDefinition));
    let jobs = stage.discover().await;
    assert_eq!(find(&jobs, "parameters-of-every-type").parameters.len(), 0);
}

#[tokio::test]
async fn a_definition_that_cannot_be_parsed_gives_a_job_without_parameters_and_no_error() {
    let deep = format!(r#"{{"Parameters": {}"#, "[".repeat(100_000));
    for definition in ["", "not JSON", "[]", r#"{"Parameters": 3}"#, &deep] {
        let stage = Stage::new().await;
        let unreadable = FaultKind::Definition(definition.to_owned());
        stage
            .emulator
            .inject(Fault::new(unreadable).on_pipeline("one-step"));
        let jobs = stage.discover().await;
        assert_eq!(find(&jobs, "one-step").parameters.len(), 0);
        assert_ne!(find(&jobs, "abalone-training").parameters.len(), 0);
    }
}

#[tokio::test]
async fn a_pipeline_deleted_between_list_and_describe_is_left_out() {
    let stage = Stage::new().await;
    let gone = FaultKind::Error {
        status: 400,
        code: "ResourceNotFound".to_owned(),
        message: "Pipeline 'one-step' does not exist.".to_owned(),
    };
    stage.emulator.inject(
        Fault::new(gone)
            .on(Operation::DescribePipeline)
            .on_pipeline("one-step"),
    );
    let jobs = stage.discover().await;
    assert!(!jobs.iter().any(|job| job.external_id == "one-step"));
    assert!(jobs.iter().any(|job| job.external_id == "abalone-training"));
}

#[tokio::test]
async fn a_pipeline_that_is_being_deleted_is_left_out() {
    let going = Pipeline::new("going", EMPTY).being_deleted();
    let stage = Stage::with(|emulator| emulator.with_pipeline(going)).await;
    let jobs = stage.discover().await;
    assert!(!jobs.iter().any(|job| job.external_id == "going"));
    assert!(jobs.iter().any(|job| job.external_id == "abalone-training"));
}

#[tokio::test]
async fn a_pipeline_that_aws_manages_is_labelled_and_starts_under_its_arn_with_the_default_role() {
    const ROLE: &str = "arn:aws:iam::123456789012:role/of-the-platform";
    let managed = Pipeline::new("Managed", EMPTY).managed_by_aws();
    let stage = Stage::with(|emulator| emulator.with_pipeline(managed)).await;
    let mut connection = stage.connection();
    connection.attributes = vec![attribute("default-execution-role-arn", ROLE)];
    let job_type = stage.job_type_with(&stage.plugin, connection, credentials());

    let arn = "arn:aws:sagemaker:eu-west-1:aws:pipeline/managed";
    let page = answer(job_type.discover(None).await);
    let found = find(&page.jobs, arn);
    assert_eq!(found.name, "Managed");
    assert!(found.details.contains(&attribute("managed-by", "AWS")));
    let own = find(&page.jobs, "one-step");
    assert!(own.details.iter().all(|detail| detail.name != "managed-by"));

    answer(job_type.start(&job(arn, &[]), GUID).await);
    let start = &stage.requests(Operation::StartPipelineExecution)[0];
    assert_eq!(start.body["RoleArn"], ROLE);
}

#[tokio::test]
async fn a_pipeline_that_may_not_be_described_is_imported_from_its_summary() {
    let stage = Stage::new().await;
    let denied = Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::DescribePipeline);
    stage.emulator.replace_credentials(vec![denied]);
    let page = answer(stage.job_type().discover(None).await);
    let job = find(&page.jobs, "abalone-training");
    assert!(job.description.is_some());
    assert_eq!(job.parameters.len(), 0);
    assert!(page.jobs.iter().all(|job| job.notes.len() == 1));
    assert!(
        page.jobs[0].notes[0].contains("sagemaker:DescribePipeline"),
        "{:?}",
        page.jobs[0].notes[0]
    );
}

#[tokio::test]
async fn an_import_continues_with_the_same_cursor_after_a_failure() {
    let stage = Stage::with(|emulator| {
        (0..150).fold(emulator, |emulator, i| {
            emulator.pipeline(format!("p{i}"), EMPTY)
        })
    })
    .await;
    let job_type = stage.job_type();
    let first = answer(job_type.discover(None).await);
    let cursor = first.next_cursor.as_deref();
    let broken = Fault::new(FaultKind::ServerErrorHtml(503)).on(Operation::ListPipelines);
    stage.emulator.inject(broken.times(3));
    let error = refusal(job_type.discover(cursor).await);
    assert_eq!(
        (error.class, error.retryable),
        (ErrorClass::Unavailable, true)
    );
    let second = answer(job_type.discover(cursor).await);
    assert_eq!(first.jobs.len(), 100);
    assert!(second.jobs.len() > 50);
    assert_eq!(second.next_cursor, None);
}

#[tokio::test]
async fn a_listing_without_end_is_an_error() {
    let stage = Stage::new().await;
    stage
        .emulator
        .inject(Fault::new(FaultKind::EndlessPagesSameToken));
    let job_type = stage.job_type();
    let first = answer(job_type.discover(None).await);
    let error = refusal(job_type.discover(first.next_cursor.as_deref()).await);
    assert_eq!(error.code, "EndlessListing");

    stage.emulator.clear_faults();
    stage
        .emulator
        .inject(Fault::new(FaultKind::EndlessPagesNewTokens));
    let mut cursor = None;
    let error = loop {
        match job_type.discover(cursor.as_deref()).await.unwrap() {
            Ok(page) => cursor = page.next_cursor,
            Err(error) => break error,
        }
    };
    assert_eq!(error.code, "EndlessListing");
}

#[tokio::test]
async fn every_pipeline_is_imported_even_if_the_platform_throttles() {
    let stage = Stage::with(|emulator| {
        (0..60)
            .fold(emulator, |emulator, i| {
                emulator.pipeline(format!("p{i}"), EMPTY)
            })
            .requests_per_second(10)
    })
    .await;
    let jobs = stage.discover().await;
    assert_eq!(
        jobs.iter()
            .filter(|job| job.external_id.starts_with('p'))
            .count(),
        61
    );
}

#[tokio::test]
async fn a_page_of_a_hundred_definitions_of_1_mib_fits_into_the_memory_of_the_guest() {
    let parameter = r#""Parameters": [{"Name": "Only", "Type": "Integer", "DefaultValue": 1}]"#;
    let blanks = " ".repeat((1 << 20) - 200);
    let definition = format!(r#"{{"Version": "2020-12-01", {parameter}, "Steps": [] {blanks}}}"#);
    let stage = Stage::with(|emulator| {
        (0..100).fold(emulator, |e, i| {
            e.pipeline(format!("a{i}"), definition.as_str())
        })
    })
    .await;
    assert_eq!(Limits::recommended().memory_bytes, 64 << 20);
    let page = answer(stage.job_type().discover(None).await);
    assert_eq!(page.jobs.len(), 100);
    assert!(
        page.jobs
            .iter()
            .filter(|job| job.external_id.starts_with('a'))
            .all(|job| {
                job.external_id == "abalone-training"
                    || job.external_id == "always-fails"
                    || job.parameters.len() == 1
            })
    );
}

#[tokio::test]
async fn definitions_that_are_too_long_for_one_batch_are_requested_in_smaller_ones() {
    // A quote takes two bytes in the definition and four in the response.
    let quotes = r#"\""#.repeat((1 << 19) - 200);
    let definition = format!(r#"{{"Version": "2020-12-01", "Note": "{quotes}", "Steps": []}}"#);
    let stage = Stage::with(|emulator| {
        (0..12).fold(emulator, |e, i| {
            e.pipeline(format!("b{i}"), definition.as_str())
        })
    })
    .await;
    let limits = Limits {
        send_all_bytes: 8 << 20,
        ..Limits::recommended()
    };
    let plugin = load(limits).await;
    let job_type = stage.job_type_with(&plugin, stage.connection(), credentials());
    let page = answer(job_type.discover(None).await);
    assert_eq!(
        page.jobs
            .iter()
            .filter(|job| job.external_id.starts_with('b'))
            .count(),
        12
    );
    assert!(page.jobs.iter().all(|job| job.notes.is_empty()));
}

#[tokio::test]
async fn a_single_job_can_be_inspected() {
    let stage = Stage::new().await;
    let job = answer(stage.job_type().inspect("parameters-of-every-type").await);
    assert_eq!(job.parameters.len(), 6);
    assert_eq!(job.job_type, "SageMaker Pipeline");
    let error = refusal(stage.job_type().inspect("no-such-pipeline").await);
    assert_eq!(error.class, ErrorClass::NotFound);
    assert!(error.hint.contains("External Id"), "{}", error.hint);
}
