//! The component's imports, its exports and its description.

use crate::support::plugin;
use wasmtime::component::Component;
use wasmtime::{Config, Engine};

fn component() -> (Engine, Component) {
    let engine = Engine::new(&Config::new()).unwrap();
    let component = Component::from_file(&engine, test_components::sagemaker_pipeline()).unwrap();
    (engine, component)
}

#[test]
fn it_imports_exactly_the_four_capabilities_of_the_contract() {
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
            "polysync:job-type/aws-signing@0.1.0",
            "polysync:job-type/clock@0.1.0",
            "polysync:job-type/http@0.1.0",
            "polysync:job-type/log@0.1.0",
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
    assert_eq!(exports, ["polysync:job-type/job-type@0.1.0"]);
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

#[tokio::test]
async fn a_person_may_accept_all_that_it_asks_for() {
    let plugin = plugin().await;
    let requests = plugin.requests();
    assert_eq!(requests.refused(), []);
    let needs = &plugin.description().needs;
    let asked: Vec<_> = needs
        .iter()
        .map(|need| format!("{} {}", need.capability, need.value))
        .collect();
    let valid: Vec<_> = requests.valid().iter().map(ToString::to_string).collect();
    assert_eq!(valid, asked);
    // Of each partition, in each variant.
    for origin in [
        "https://api.sagemaker.*.amazonaws.com",
        "https://api-fips.sagemaker.*.amazonaws.com",
        "https://api.sagemaker-fips.*.api.aws",
        "https://api.sagemaker.*.amazonaws.com.cn",
        "https://api.sagemaker.*.api.amazonwebservices.eu",
        "https://api.sagemaker.*.c2s.ic.gov",
        "https://api.sagemaker.*.api.aws.scloud",
    ] {
        assert!(asked.contains(&format!("http {origin}")), "{origin}");
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
async fn it_offers_cancel_and_no_output_parameters() {
    let plugin = plugin().await;
    let features = &plugin.description().features;
    assert!(features.contains(&"discover".to_owned()));
    assert!(features.contains(&"cancel".to_owned()));
    assert!(!features.contains(&"output-parameters".to_owned()));
}

#[tokio::test]
async fn it_declares_the_hosts_and_the_signing_service_that_it_needs() {
    let plugin = plugin().await;
    let needs: Vec<_> = plugin
        .description()
        .needs
        .iter()
        .map(|need| (need.capability.as_str(), need.value.as_str()))
        .collect();
    for need in [
        ("http", "https://api.sagemaker.*.amazonaws.com"),
        ("http", "https://api-fips.sagemaker.*.amazonaws.com"),
        ("http", "https://api.sagemaker.*.amazonaws.com.cn"),
        ("aws-signing", "sagemaker"),
    ] {
        assert!(needs.contains(&need), "{need:?}");
    }
}
