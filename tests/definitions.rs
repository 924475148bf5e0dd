//! Pipeline definitions: those of the SageMaker Python SDK, and such as no SDK writes. None of them
//! makes an import fail.

use crate::support::{Stage, Wire, answer};
use polysync_host::contract::{DeclaredParameter, DiscoveryPage};
use serde_json::json;
use std::sync::Arc;

/// Imports one pipeline with this definition.
async fn import(definition: &str) -> DiscoveryPage {
    let stage = Stage::new().await;
    let body = json!({
        "PipelineSummaries": [{"PipelineName": "p"}],
        "PipelineDefinition": definition,
    });
    let wire = Arc::new(Wire::answering(&body.to_string()));
    let page = answer(stage.job_type_on(&wire).discover(None).await);
    assert_eq!(page.jobs.len(), 1);
    page
}

async fn parameters(definition: &str) -> Vec<DeclaredParameter> {
    let mut page = import(definition).await;
    assert!(
        page.jobs.iter().all(|job| job.notes.is_empty()),
        "{:?}",
        page.jobs
    );
    page.jobs.remove(0).parameters
}

/// Expects an import without parameters, with one note that contains this text or with none.
async fn expect_no_parameters(definition: &str, note: Option<&str>) {
    let page = import(definition).await;
    assert_eq!(page.jobs[0].parameters.len(), 0);
    let found = &page.jobs[0].notes;
    match note {
        Some(text) => assert!(
            found.len() == 1 && found[0].contains(text),
            "{found:?} instead of {text}"
        ),
        None => assert!(found.is_empty(), "{found:?}"),
    }
}

#[tokio::test]
async fn every_type_that_the_sdk_writes_is_imported_exactly() {
    let found = parameters(include_str!("definitions/every-type.json")).await;
    let found: Vec<_> = found
        .iter()
        .map(|p| {
            (
                &*p.name,
                &*p.data_type,
                p.required,
                p.default_value.as_deref(),
            )
        })
        .collect();
    let greeting = "Grüße, 日本 😀 \"q\" \\ \n";
    let expected = [
        ("Region", "string", true, None),
        ("Kind", "string", false, Some("fast")),
        ("Greeting", "string", false, Some(greeting)),
        ("Count", "integer", false, Some("-9007199254740993")),
        ("Needed", "integer", true, None),
        ("Rate", "float", false, Some("1e-07")),
        ("Whole", "float", false, Some("2.0")),
        ("Quick", "boolean", false, Some("false")),
        ("Asked", "boolean", true, None),
        // SageMaker refuses an empty value at start.
        ("Empty", "string", false, None),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_allowed_values_of_an_enum_are_imported_in_order() {
    let found = parameters(include_str!("definitions/every-type.json")).await;
    assert_eq!(found[0].allowed_values, ["eu-west-1", "us-east-1"]);
    assert_eq!(found[1].allowed_values, ["fast", "exact"]);
    assert_eq!(found[2].allowed_values, [""; 0]);
}

#[tokio::test]
async fn two_hundred_parameters_are_imported_in_order() {
    let found = parameters(include_str!("definitions/two-hundred.json")).await;
    assert_eq!(found.len(), 200);
    for (number, parameter) in found.iter().enumerate() {
        assert_eq!(parameter.name, format!("Parameter{number:03}"));
        assert_eq!(parameter.default_value, Some(number.to_string()));
    }
}

#[tokio::test]
async fn a_pipeline_without_parameters_has_none_and_no_note() {
    expect_no_parameters(include_str!("definitions/none.json"), None).await;
}

#[tokio::test]
async fn a_definition_of_1_mib_is_imported() {
    const MIB: usize = 1 << 20;
    let frame = |filling: &str| {
        format!(r#"{{"Steps": [{{"Name": "{filling}"}}], "Parameters": [{{"Name": "Last"}}]}}"#)
    };
    // JSON within JSON doubles each backslash, here twice.
    let backslashes = (MIB - frame("").len()) / 2;
    for filling in ["x".repeat(MIB - frame("").len()), r"\\".repeat(backslashes)] {
        let definition = frame(&filling);
        assert!(definition.len() > MIB - 2);
        assert_eq!(parameters(&definition).await[0].name, "Last");
    }
}

#[tokio::test]
async fn a_definition_may_be_nested_to_any_depth() {
    // Depths that occur in practice, the usual limits of JSON parsers, and far more.
    for depth in [16, 127, 128, 129, 512, 100_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let steps = format!(r#"{{"Steps": {open}{close}, "Parameters": [{{"Name": "A"}}]}}"#);
        assert_eq!(parameters(&steps).await.len(), 1, "{depth}");

        let default =
            format!(r#"{{"Parameters": [{{"Name": "A", "DefaultValue": {open}{close}}}]}}"#);
        let page = import(&default).await;
        let declared = &page.jobs[0].parameters[0];
        assert!(!declared.required);
        // A start takes a value of 1,024 characters.
        let suggested = (depth <= 512).then(|| format!("{open}{close}"));
        assert_eq!(declared.default_value, suggested, "{depth}");
        assert_eq!(
            page.jobs.iter().all(|job| job.notes.is_empty()),
            depth <= 512,
            "{depth}"
        );

        let objects = r#"{"a":"#.repeat(depth);
        expect_no_parameters(&objects, Some("can't be read")).await;
        expect_no_parameters(
            &format!(r#"{{"Parameters": {open}{close}}}"#),
            Some("Parameters"),
        )
        .await;
    }
}

#[tokio::test]
async fn a_default_that_no_start_takes_is_not_suggested_and_one_that_is_too_long_is_noted() {
    let (longest, too_long) = ("é".repeat(1024), "é".repeat(1025));
    let definition = json!({"Parameters": [
        {"Name": "Longest", "DefaultValue": longest},
        {"Name": "TooLong", "DefaultValue": too_long},
        {"Name": "Empty", "DefaultValue": ""},
        {"Name": "Blank", "DefaultValue": " "},
    ]});
    let page = import(&definition.to_string()).await;
    let suggested: Vec<_> = page.jobs[0]
        .parameters
        .iter()
        .map(|p| (&*p.name, p.required, p.default_value.as_deref()))
        .collect();
    assert_eq!(
        suggested,
        [
            ("Longest", false, Some(&*longest)),
            ("TooLong", false, None),
            ("Empty", false, None),
            ("Blank", false, Some(" ")),
        ]
    );
    assert_eq!(page.jobs[0].notes.len(), 1);
    for told in ["TooLong", "1024"] {
        assert!(page.jobs[0].notes[0].contains(told), "{:?}", page.jobs);
    }
}

#[tokio::test]
async fn the_last_of_two_equal_keys_counts() {
    let twice = r#"{"Parameters": [{"Name": "A"}], "Steps": [], "Steps": [],
        "Parameters": [{"Name": "B", "Name": "C", "DefaultValue": 1, "DefaultValue": 2}]}"#;
    let found = parameters(twice).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&*found[0].name, found[0].default_value.as_deref()),
        ("C", Some("2"))
    );
}

#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let marked = "\u{feff}{\"Parameters\": [{\"Name\": \"A\"}]}";
    assert_eq!(parameters(marked).await.len(), 1);
}

#[tokio::test]
async fn a_text_that_is_not_a_definition_gives_a_note_and_not_an_error() {
    for definition in [
        "not JSON",
        "[]",
        "\"text\"",
        "3",
        "{",
        r#"{"Parameters": {}}"#,
        r#"{"Parameters": [{}]}"#,
        r#"{"Parameters": [{"Name": 3}]}"#,
        r#"{"Parameters": [{"Name": "\ud800"}]}"#,
        r#"{"Parameters": [null]}"#,
    ] {
        expect_no_parameters(definition, Some("Imported without parameters")).await;
    }
}
