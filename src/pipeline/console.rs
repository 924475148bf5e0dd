//! Where a person looks: links into the AWS console, in every partition that has a known one.

use super::external_id::ExternalId;
use super::failure;
use super::run_id::RunId;
use crate::aws::arn::Arn;
use crate::aws::partition::Partition;
use crate::error::{Error, ErrorClass};
use crate::job::Connection;
use crate::run::{Link, Run};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What can't stand in a URL's fragment (RFC 3986), and `%`, which would be read as an escape.
const NOT_IN_A_FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Where a run is followed. The pipeline's name is the External Id's: an execution's ARN may hold it
/// in another case.
pub fn monitor_url(connection: &Connection, run: &Run) -> Result<String, Error> {
    let external_id = ExternalId::parse(&run.external_id)
        .map_err(|wrong| failure::invalid_external_id(&run.external_id, &wrong))?;
    let run_id = RunId::parse(&run.run_id)?;
    let region = &connection.region;
    let base = home(region, "sagemaker").ok_or_else(|| no_console(region))?;
    Ok(format!(
        "{base}#/pipelines/{}/executions/{}",
        utf8_percent_encode(external_id.name(), NOT_IN_A_FRAGMENT),
        utf8_percent_encode(run_id.as_str(), NOT_IN_A_FRAGMENT),
    ))
}

fn home(region: &str, service: &str) -> Option<String> {
    let suffix = Partition::of_region(region).console_suffix?;
    Some(format!(
        "https://{region}.{suffix}/{service}/home?region={region}"
    ))
}

fn no_console(region: &str) -> Error {
    Error {
        class: ErrorClass::Unsupported,
        code: "NoKnownConsole".to_owned(),
        message: format!("the console's address for region {region:?} isn't known"),
        hint: "Open the partition's own console and look for the execution's ARN there.".to_owned(),
        retryable: false,
        request_id: None,
        details: Vec::new(),
    }
}

/// Where to look at what a step ran: the resource's own page, and its log.
pub fn resource_links(arn: &str) -> Vec<Link> {
    let Some(arn) = Arn::parse(arn) else {
        return Vec::new();
    };
    let Some((kind, name)) = arn.resource_type_and_name() else {
        return Vec::new();
    };
    let (service, page, log_group, log_prefix) = match (arn.service, kind) {
        ("sagemaker", "training-job") => {
            let group = "/aws/sagemaker/TrainingJobs";
            ("sagemaker", "/jobs/", Some(group), Some(format!("{name}/")))
        }
        ("sagemaker", "processing-job") => {
            let group = "/aws/sagemaker/ProcessingJobs";
            (
                "sagemaker",
                "/processing-jobs/",
                Some(group),
                Some(format!("{name}/")),
            )
        }
        ("sagemaker", "transform-job") => {
            let group = "/aws/sagemaker/TransformJobs";
            (
                "sagemaker",
                "/transform-jobs/",
                Some(group),
                Some(format!("{name}/")),
            )
        }
        // The training jobs of a tuning job are named for it.
        ("sagemaker", "hyper-parameter-tuning-job") => {
            let group = "/aws/sagemaker/TrainingJobs";
            (
                "sagemaker",
                "/hyper-tuning-jobs/",
                Some(group),
                Some(format!("{name}-")),
            )
        }
        ("sagemaker", "model") => ("sagemaker", "/models/", None, None),
        ("sagemaker", "endpoint") => {
            let group = format!("/aws/sagemaker/Endpoints/{name}");
            return links(&arn, "sagemaker", "/endpoints/", name, Some((&group, None)));
        }
        ("lambda", "function") => {
            let name = name.split(':').next().unwrap_or(name);
            let group = format!("/aws/lambda/{name}");
            return links(&arn, "lambda", "/functions/", name, Some((&group, None)));
        }
        _ => return Vec::new(),
    };
    let log = log_group.map(|group| (group, log_prefix.as_deref()));
    links(&arn, service, page, name, log)
}

fn links(
    arn: &Arn<'_>,
    service: &str,
    page: &str,
    name: &str,
    log: Option<(&str, Option<&str>)>,
) -> Vec<Link> {
    let (Some(console), Some(cloudwatch)) =
        (home(arn.region, service), home(arn.region, "cloudwatch"))
    else {
        return Vec::new();
    };
    let mut links = vec![Link {
        label: "console",
        url: format!(
            "{console}#{page}{}",
            utf8_percent_encode(name, NOT_IN_A_FRAGMENT)
        ),
    }];
    if let Some((group, prefix)) = log {
        let filter = prefix
            .map(|prefix| {
                // `$3F` and `$3D` are the console's `?` and `=`.
                let prefix = twice_encoded(prefix).replace('%', "$");
                format!("$3FlogStreamNameFilter$3D{prefix}")
            })
            .unwrap_or_default();
        links.push(Link {
            label: "logs",
            url: format!(
                "{cloudwatch}#logsV2:log-groups/log-group/{}{filter}",
                twice_encoded(group).replace('%', "$")
            ),
        });
    }
    links
}

fn twice_encoded(text: &str) -> String {
    let once = utf8_percent_encode(text, NOT_IN_A_LOG_NAME).to_string();
    utf8_percent_encode(&once, NOT_IN_A_LOG_NAME).to_string()
}

/// The console escapes the names of log groups and streams all but for these.
const NOT_IN_A_LOG_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

#[cfg(test)]
mod tests {
    use super::super::testing::connection;
    use super::*;

    fn url(region: &str, external_id: &str, run_id: &str) -> Result<String, Error> {
        let connection = Connection {
            region: region.to_owned(),
            ..connection()
        };
        let run = Run {
            external_id: external_id.to_owned(),
            run_id: run_id.to_owned(),
        };
        monitor_url(&connection, &run)
    }

    #[test]
    fn the_monitor_url_is_the_specifications() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipe/execution/abc";
        assert_eq!(
            url("eu-west-1", "My-Pipe", arn).unwrap(),
            format!(
                "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/pipelines/My-Pipe/executions/{arn}"
            )
        );
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
    fn the_name_is_taken_out_of_an_external_id_that_is_an_arn() {
        let id = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/My-Pipe";
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipe/execution/abc";
        assert!(
            url("eu-west-1", id, arn)
                .unwrap()
                .contains("#/pipelines/My-Pipe/executions/")
        );
    }

    #[test]
    fn what_cannot_stand_in_a_url_is_percent_encoded() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/a b\"#%é";
        assert!(
            url("eu-west-1", "p", arn)
                .unwrap()
                .ends_with("/execution/a%20b%22%23%25%C3%A9")
        );
    }

    #[test]
    fn a_training_job_has_its_page_and_its_log() {
        let links = resource_links(
            "arn:aws:sagemaker:eu-west-1:123456789012:training-job/pipelines-abc-Train-x",
        );
        assert_eq!(
            links[0].url,
            "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/pipelines-abc-Train-x"
        );
        assert_eq!(
            links[1].url,
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/\
             $252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3Dpipelines-abc-Train-x$252F"
        );
    }

    #[test]
    fn a_lambda_function_has_a_log_group_of_its_own() {
        let links = resource_links("arn:aws:lambda:us-east-1:123456789012:function:f:3");
        assert!(
            links[0]
                .url
                .ends_with("/lambda/home?region=us-east-1#/functions/f"),
            "{links:?}"
        );
        assert!(
            links[1]
                .url
                .ends_with("/log-group/$252Faws$252Flambda$252Ff"),
            "{links:?}"
        );
    }

    #[test]
    fn what_has_no_page_has_no_links() {
        for arn in [
            "",
            "arn:x",
            "arn:aws:sagemaker:eu-west-1:1:model-package/p/1",
            "arn:aws-iso:sagemaker:us-iso-east-1:1:training-job/t",
        ] {
            assert_eq!(resource_links(arn), [], "{arn}");
        }
    }
}
