//! Connections: their test, and their endpoints.

use crate::support::{
    ACCESS_KEY_ID, REGION, SECRET, Stage, Wire, answer, attribute, credentials, refusal,
};
use aws_credential_types::Credentials as AwsCredentials;
use polysync_host::contract::{Connection, ErrorClass};
use polysync_host::{Grants, HttpClient};
use sagemaker_emulator::{Credentials, Operation};
use std::sync::Arc;

#[tokio::test]
async fn the_connection_test_lists_one_pipeline() {
    let stage = Stage::new().await;
    let report = answer(stage.job_type().test_connection().await);
    assert!(report.message.contains(REGION), "{report:?}");
    assert_eq!(
        stage.requests(Operation::ListPipelines)[0].body.to_string(),
        r#"{"MaxResults":1}"#
    );
    assert_eq!(stage.emulator.requests().len(), 1);
}

#[tokio::test]
async fn the_connection_test_distinguishes_missing_permission_from_wrong_credentials() {
    let stage = Stage::new().await;
    let unknown = AwsCredentials::new("AKIDUNKNOWN", "x", None, None, "test");
    let job_type = stage.job_type_with(&stage.plugin, stage.connection(), unknown);
    let error = refusal(job_type.test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "UnrecognizedClientException")
    );

    let wrong_secret = AwsCredentials::new(ACCESS_KEY_ID, "x", None, None, "test");
    let job_type = stage.job_type_with(&stage.plugin, stage.connection(), wrong_secret);
    let error = refusal(job_type.test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "InvalidSignatureException")
    );
    assert!(error.hint.contains("secret access key"), "{}", error.hint);

    let denied = Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::ListPipelines);
    stage.emulator.replace_credentials(vec![denied]);
    let error = refusal(stage.job_type().test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "AccessDeniedException")
    );
    assert!(
        error.hint.contains("sagemaker:ListPipelines"),
        "{}",
        error.hint
    );
}

#[tokio::test]
async fn temporary_credentials_carry_their_session_token() {
    let stage = Stage::new().await;
    let temporary = Credentials::new("ASIATEMPORARY", "s").session_token("the-token");
    stage.emulator.replace_credentials(vec![temporary]);
    let credentials = AwsCredentials::new(
        "ASIATEMPORARY",
        "s",
        Some("the-token".to_owned()),
        None,
        "test",
    );
    let job_type = stage.job_type_with(&stage.plugin, stage.connection(), credentials);
    answer(job_type.test_connection().await);
    let request = &stage.requests(Operation::ListPipelines)[0];
    assert_eq!(request.header("x-amz-security-token"), Some("the-token"));
}

async fn endpoint(stage: &Stage, region: &str, attributes: &[(&str, &str)]) -> String {
    let connection = Connection {
        region: region.to_owned(),
        endpoint: None,
        attributes: attributes.iter().map(|(n, v)| attribute(n, v)).collect(),
    };
    let wire = Arc::new(Wire::answering("{}"));
    let requests = stage.plugin.requests(&connection).await.unwrap();
    let grants = Grants::none().accept(requests.valid());
    let access = stage
        .access(grants, credentials())
        .with_http_client(Arc::clone(&wire) as Arc<dyn HttpClient>);
    let job_type = stage.plugin.for_connection(connection, access);
    answer(job_type.test_connection().await);
    wire.take_sent().remove(0).url
}

#[tokio::test]
async fn the_endpoint_follows_the_services_rules_in_every_partition() {
    let stage = Stage::new().await;
    for (region, attributes, expected) in [
        (
            "eu-west-1",
            &[][..],
            "https://api.sagemaker.eu-west-1.amazonaws.com/",
        ),
        (
            "us-east-1",
            &[("fips", "true")],
            "https://api-fips.sagemaker.us-east-1.amazonaws.com/",
        ),
        (
            "us-gov-west-1",
            &[("fips", "true")],
            "https://api-fips.sagemaker.us-gov-west-1.amazonaws.com/",
        ),
        (
            "us-west-2",
            &[("dual-stack", "true")],
            "https://api.sagemaker.us-west-2.api.aws/",
        ),
        (
            "us-west-2",
            &[("fips", "true"), ("dual-stack", "true")],
            "https://api.sagemaker-fips.us-west-2.api.aws/",
        ),
        (
            "cn-north-1",
            &[],
            "https://api.sagemaker.cn-north-1.amazonaws.com.cn/",
        ),
        (
            "cn-north-1",
            &[("fips", "true")],
            "https://api.sagemaker-fips.cn-north-1.amazonaws.com.cn/",
        ),
        (
            "eusc-de-east-1",
            &[],
            "https://api.sagemaker.eusc-de-east-1.amazonaws.eu/",
        ),
        (
            "us-iso-east-1",
            &[],
            "https://api.sagemaker.us-iso-east-1.c2s.ic.gov/",
        ),
        (
            "us-isob-east-1",
            &[("dual-stack", "true")],
            "https://api.sagemaker.us-isob-east-1.api.aws.scloud/",
        ),
    ] {
        assert_eq!(endpoint(&stage, region, attributes).await, expected);
    }
}

#[tokio::test]
async fn an_invalid_connection_is_refused_before_any_request() {
    let stage = Stage::new().await;
    let connection = Connection {
        endpoint: Some("ftp://example.com".to_owned()),
        ..stage.connection()
    };
    let job_type = stage.job_type_with(&stage.plugin, connection, credentials());
    let error = refusal(job_type.test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Invalid, "InvalidConnection")
    );
    assert!(
        error.message.contains("ftp://example.com"),
        "{}",
        error.message
    );
}
