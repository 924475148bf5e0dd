//! The link to the console of AWS.

use crate::support::{Stage, answer, credentials, refusal};
use polysync_host::contract::{Connection, ErrorClass, Run};

async fn url(stage: &Stage, region: &str, external_id: &str, run_id: &str) -> String {
    let connection = Connection {
        region: region.to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let run = Run {
        external_id: Some(external_id.to_owned()),
        run_id: run_id.to_owned(),
    };
    let job_type = stage.job_type_with(&stage.plugin, connection, credentials());
    answer(job_type.monitor_url(&run).await)
}

#[tokio::test]
async fn the_monitor_url_names_region_pipeline_and_execution() {
    let stage = Stage::new().await;
    let arn = "arn:aws:sagemaker:us-east-2:123456789012:pipeline/my-pipeline/execution/abc123";
    assert_eq!(
        url(&stage, "us-east-2", "My-Pipeline", arn).await,
        format!(
            "https://us-east-2.console.aws.amazon.com/sagemaker/home?region=us-east-2\
             #/pipelines/My-Pipeline/executions/{arn}"
        )
    );
}

#[tokio::test]
async fn china_and_govcloud_have_their_own_console_hosts() {
    let stage = Stage::new().await;
    for (region, partition, host) in [
        ("cn-north-1", "aws-cn", "cn-north-1.console.amazonaws.cn"),
        (
            "us-gov-west-1",
            "aws-us-gov",
            "us-gov-west-1.console.amazonaws-us-gov.com",
        ),
    ] {
        let arn = format!("arn:{partition}:sagemaker:{region}:123456789012:pipeline/p/execution/e");
        let url = url(&stage, region, "p", &arn).await;
        assert!(
            url.starts_with(&format!(
                "https://{host}/sagemaker/home?region={region}#/pipelines/p/"
            )),
            "{url}"
        );
    }
}

#[tokio::test]
async fn the_url_has_the_name_of_an_arn_and_encodes_reserved_characters() {
    let stage = Stage::new().await;
    let id = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/My-Pipeline";
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipeline/execution/a b#c";
    let url = url(&stage, "eu-west-1", id, arn).await;
    assert!(url.ends_with("#/pipelines/My-Pipeline/executions/arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipeline/execution/a%20b%23c"), "{url}");
}

#[tokio::test]
async fn a_run_id_that_is_not_an_execution_arn_is_refused() {
    let stage = Stage::new().await;
    let run = Run {
        external_id: Some("p".to_owned()),
        run_id: "p".to_owned(),
    };
    let error = refusal(stage.job_type().monitor_url(&run).await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Invalid, "InvalidRunId")
    );
}
