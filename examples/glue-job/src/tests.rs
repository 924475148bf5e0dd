//! The calls that have no module of their own.

use super::*;
use crate::testing::{connection, job, list, refusal, run};
use job_type_kit::testing::FakeHost;

#[test]
fn a_connection_needs_glue_and_cloudwatch_logs_in_its_region_and_nothing_else() {
    let needs = PLATFORM.needs(&connection(&[]));
    let needs: Vec<_> = needs.iter().map(|need| need.value.as_str()).collect();
    assert_eq!(
        needs,
        [
            "https://glue.eu-west-1.amazonaws.com",
            "https://logs.eu-west-1.amazonaws.com",
            "glue",
            "logs",
        ]
    );
}

#[test]
fn the_endpoint_follows_glues_rules_in_every_partition() {
    for (region, attributes, url) in [
        (
            "eu-west-1",
            &[][..],
            "https://glue.eu-west-1.amazonaws.com/",
        ),
        (
            "us-gov-west-1",
            &[("fips", "true")],
            "https://glue-fips.us-gov-west-1.amazonaws.com/",
        ),
        (
            "us-east-1",
            &[("fips", "true"), ("dual-stack", "true")],
            "https://glue-fips.us-east-1.api.aws/",
        ),
        (
            "cn-north-1",
            &[],
            "https://glue.cn-north-1.amazonaws.com.cn/",
        ),
    ] {
        let host = FakeHost::answering([]);
        let mut connection = connection(attributes);
        connection.region = region.to_owned();
        let client = PLATFORM.client(host.on(&connection)).unwrap();
        assert_eq!(client.endpoint().url, url);
    }
}

#[test]
fn the_test_of_a_connection_lists_one_job() {
    let host = FakeHost::answering([(200, r#"{"Jobs": [{"Name": "sales"}]}"#)]);
    let report = GlueJob::test_connection(host.on(&connection(&[]))).unwrap();
    assert!(report.message.contains("its jobs can be listed"));
    assert_eq!(host.bodies(), [r#"{"MaxResults":1}"#]);
    let host = FakeHost::with_answers([refusal("AccessDeniedException")]);
    let error = GlueJob::test_connection(host.on(&connection(&[]))).unwrap_err();
    assert!(error.hint.contains("glue:GetJobs"), "{}", error.hint);
}

#[test]
fn a_jobs_attribute_comes_before_the_connections_default_and_each_is_checked() {
    let mut findings = job_type_kit::Findings::default();
    (PLATFORM.check)(&list(&[("default-worker-type", "G.3X")]), &mut findings);
    let found = findings.into_sorted();
    assert_eq!(found[0].field, "connection.attributes.default-worker-type");
    let defaults = [
        ("default-worker-type", "G.1X"),
        ("default-number-of-workers", "4"),
    ];
    let job = job(&[("worker-type", "G.2X")], &[]);
    let (_, request) = validate::plan(&connection(&defaults), &job).unwrap();
    assert_eq!(request.worker_type.as_deref(), Some("G.2X"));
    assert_eq!(
        (request.number_of_workers, request.timeout),
        (Some(4), None)
    );
}

#[test]
fn a_run_has_one_page_with_one_step() {
    let host = FakeHost::answering([(200, r#"{"JobRun": {"JobRunState": "RUNNING"}}"#)]);
    let page = GlueJob::steps(host.on(&connection(&[])), &run("a/jr_1"), None).unwrap();
    assert_eq!((page.steps.len(), page.next_cursor), (1, None));
    let error = GlueJob::steps(host.on(&connection(&[])), &run("a/jr_1"), Some("x")).unwrap_err();
    assert_eq!(error.code, "InvalidCursor");
}

#[test]
fn the_monitor_url_has_the_form_that_the_specification_gives() {
    let url = GlueJob::monitor_url(&connection(&[]), &run("my job/x/jr_1")).unwrap();
    let home = "https://eu-west-1.console.aws.amazon.com/gluestudio/home?region=eu-west-1";
    assert_eq!(url, format!("{home}#/job/my%20job%2Fx/run/jr_1"));
}

#[test]
fn a_region_without_a_known_console_and_one_that_is_none_are_refused() {
    for (region, code) in [
        ("us-iso-east-1", "NoKnownConsole"),
        ("x/#", "InvalidConnection"),
    ] {
        let mut connection = connection(&[]);
        connection.region = region.to_owned();
        let error = GlueJob::monitor_url(&connection, &run("a/jr_1")).unwrap_err();
        assert_eq!(error.code, code);
    }
}
