//! The page of the AWS console on which a person follows a run.

use aws_kit::console;
use job_type_kit::contract::{Connection, Error, Run};
use job_type_kit::non_blank;

use crate::external_id::ExternalId;
use crate::run_id::RunId;

/// The URL of a run's page. The pipeline's name comes from the External Id, because the execution's ARN
/// may have it in another case. Without an External Id, the name is the one in the ARN: the console finds
/// the execution by its ARN, and AWS doesn't document whether it compares the case of the name.
///
/// # Errors
/// `InvalidExternalId`, `InvalidRunId`, `InvalidConnection`, or `NoKnownConsole` where the partition's
/// console has no known address.
pub fn monitor_url(connection: &Connection, run: &Run) -> Result<String, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let external_id = non_blank(run.external_id.as_deref())
        .map(ExternalId::parse)
        .transpose()?;
    let name = external_id.as_ref().map(ExternalId::name);
    let home = console::home_of(connection, "sagemaker")?;
    Ok(format!(
        "{home}#/pipelines/{}/executions/{}",
        console::in_fragment(name.or_else(|| run_id.pipeline()).unwrap_or_default()),
        console::in_fragment(run_id.as_str()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::connection;
    use job_type_kit::contract::ErrorClass;

    fn url(region: &str, external_id: &str, run_id: &str) -> Result<String, Error> {
        let connection = Connection {
            region: region.to_owned(),
            ..connection()
        };
        let run = Run {
            external_id: Some(external_id.to_owned()),
            run_id: run_id.to_owned(),
        };
        monitor_url(&connection, &run)
    }

    #[test]
    fn the_monitor_url_has_the_form_that_the_specification_gives() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipe/execution/abc";
        assert_eq!(
            url("eu-west-1", "My-Pipe", arn).unwrap(),
            format!(
                "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/pipelines/My-Pipe/executions/{arn}"
            )
        );
    }

    /// The region would become the URL's host.
    #[test]
    fn a_region_that_is_not_one_is_refused() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/e";
        for region in ["", "example.com/#", "eu-west-1@example.com"] {
            let error = url(region, "p", arn).unwrap_err();
            assert_eq!(error.code, "InvalidConnection", "{region}");
            assert!(error.message.starts_with("connection.region"), "{error:?}");
        }
    }

    #[test]
    fn each_partition_has_its_own_console() {
        for (region, partition, host) in [
            ("cn-north-1", "aws-cn", "cn-north-1.console.amazonaws.cn"),
            (
                "us-gov-west-1",
                "aws-us-gov",
                "us-gov-west-1.console.amazonaws-us-gov.com",
            ),
            (
                "eusc-de-east-1",
                "aws-eusc",
                "eusc-de-east-1.console.amazonaws-eusc.eu",
            ),
        ] {
            let arn =
                format!("arn:{partition}:sagemaker:{region}:123456789012:pipeline/p/execution/e");
            let url = url(region, "p", &arn).unwrap();
            assert!(
                url.starts_with(&format!("https://{host}/sagemaker/home?region={region}#")),
                "{url}"
            );
        }
        let arn = "arn:aws-iso:sagemaker:us-iso-east-1:123456789012:pipeline/p/execution/e";
        assert_eq!(
            url("us-iso-east-1", "p", arn).unwrap_err().class,
            ErrorClass::Unsupported
        );
    }

    #[test]
    fn the_name_is_read_from_an_external_id_that_is_an_arn() {
        let id = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/My-Pipe";
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipe/execution/abc";
        assert!(
            url("eu-west-1", id, arn)
                .unwrap()
                .contains("#/pipelines/My-Pipe/executions/")
        );
    }

    #[test]
    fn a_run_that_is_known_by_its_id_alone_has_the_name_in_its_arn() {
        let run_id = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipe/execution/abc";
        for external_id in [None, Some(String::new()), Some(" ".to_owned())] {
            let run = Run {
                external_id,
                run_id: run_id.to_owned(),
            };
            let url = monitor_url(&connection(), &run).unwrap();
            let page = format!("#/pipelines/my-pipe/executions/{run_id}");
            assert!(url.ends_with(&page), "{url}");
        }
    }

    #[test]
    fn an_external_id_that_is_not_one_is_refused() {
        let error = url("eu-west-1", "a b", crate::testing::EXECUTION_ARN).unwrap_err();
        assert_eq!(error.code, "InvalidExternalId");
    }

    #[test]
    fn characters_that_a_url_can_not_hold_are_percent_encoded() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/a b\"#%é";
        assert!(
            url("eu-west-1", "p", arn)
                .unwrap()
                .ends_with("/execution/a%20b%22%23%25%C3%A9")
        );
    }
}
