//! The component's imports, its exports and its description.

use crate::support::{attribute, plugin};
use polysync_host::GrantRequests;
use polysync_host::contract::Connection;
use wasmtime::component::Component;
use wasmtime::{Config, Engine};

fn component() -> (Engine, Component) {
    let engine = Engine::new(&Config::new()).unwrap();
    let component = Component::from_file(&engine, test_components::sagemaker_pipeline()).unwrap();
    (engine, component)
}

#[test]
fn it_imports_exactly_the_four_capabilities_and_the_types_of_the_contract() {
    let (engine, component) = component();
    let mut imports: Vec<_> = component
        .component_type()
        .imports(&engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    imports.sort();
    assert_eq!(
        imports,
        [
            "polysync:job-type/aws-signing@0.2.0",
            "polysync:job-type/clock@0.2.0",
            "polysync:job-type/http@0.2.0",
            "polysync:job-type/log@0.2.0",
            "polysync:job-type/types@0.2.0",
        ]
    );
}

#[test]
fn it_exports_the_job_type_and_nothing_else() {
    let (engine, component) = component();
    let exports: Vec<_> = component
        .component_type()
        .exports(&engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(exports, ["polysync:job-type/job-type@0.2.0"]);
}

#[tokio::test]
async fn the_job_type_is_sagemaker_pipeline_on_the_amazon_sagemaker_platform() {
    let plugin = plugin().await;
    let description = plugin.description();
    assert_eq!(description.id, "sagemaker-pipeline");
    assert_eq!(description.name, "SageMaker Pipeline");
    assert_eq!(description.platform, "Amazon SageMaker");
    assert_eq!(description.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(description.external_id_label, "Pipeline name");
}

/// What the job type asks for on a connection in this region.
async fn requests(region: &str, attributes: &[(&str, &str)]) -> GrantRequests {
    let connection = Connection {
        region: region.to_owned(),
        endpoint: None,
        attributes: attributes.iter().map(|(n, v)| attribute(n, v)).collect(),
    };
    plugin().await.requests(&connection).await.unwrap()
}

#[tokio::test]
async fn it_asks_for_exactly_what_a_connection_needs_and_a_person_may_accept_it() {
    for (region, attributes, sagemaker, logs) in [
        (
            "eu-west-1",
            &[][..],
            "https://api.sagemaker.eu-west-1.amazonaws.com",
            "https://logs.eu-west-1.amazonaws.com",
        ),
        (
            "us-east-1",
            &[("fips", "true")],
            "https://api-fips.sagemaker.us-east-1.amazonaws.com",
            "https://logs-fips.us-east-1.amazonaws.com",
        ),
        (
            "cn-north-1",
            &[],
            "https://api.sagemaker.cn-north-1.amazonaws.com.cn",
            "https://logs.cn-north-1.amazonaws.com.cn",
        ),
    ] {
        let requests = requests(region, attributes).await;
        assert_eq!(requests.refused(), []);
        assert_eq!(
            requests.to_string(),
            format!("http {sagemaker}, http {logs}, aws-signing sagemaker, aws-signing logs")
        );
    }
}

#[tokio::test]
async fn the_optional_attributes_are_described_for_a_form() {
    let plugin = plugin().await;
    let attributes = &plugin.description().job_attributes;
    let labels: Vec<_> = attributes.iter().map(|a| a.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "SageMaker Execution Display Name",
            "SageMaker Execution Description",
            "SageMaker Max Parallel Execution Steps",
            "Pipeline Execution Role ARN",
            "SageMaker Pipeline Version ID",
            "SageMaker Pipeline Version Alias",
            "SageMaker Selected Steps",
            "SageMaker Source Execution ARN",
            "SageMaker MLflow Experiment Name",
        ]
    );
    assert!(attributes.iter().all(|a| !a.required && !a.help.is_empty()));
    let parallel = &attributes[2];
    assert_eq!(
        (parallel.kind.as_str(), parallel.minimum),
        ("integer", Some(1))
    );
}

#[tokio::test]
async fn it_offers_cancel_and_logs_and_no_output_parameters() {
    let plugin = plugin().await;
    let features = &plugin.description().features;
    assert!(features.contains(&"discover".to_owned()));
    assert!(features.contains(&"cancel".to_owned()));
    assert!(features.contains(&"logs".to_owned()));
    assert!(!features.contains(&"output-parameters".to_owned()));
}
