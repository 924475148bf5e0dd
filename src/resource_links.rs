//! Links to what a step ran: the resource's page in the console, and its log.

use aws_kit::arn::Arn;
use aws_kit::console;
use aws_kit::logs::Group;
use aws_kit::region::Region;
use job_type_kit::contract::Link;

use crate::metadata::Metadata;
use crate::step_log;

/// The page of a kind of resource in the console, and its log if it has one.
struct Pages<'a> {
    /// The console's name for the service.
    service: &'static str,
    /// What stands before the name in the page's fragment.
    page: &'static str,
    name: &'a str,
    log: Option<Group>,
}

/// The links to what a step ran. `region` is where it ran, for what has no ARN. Empty where the kind
/// of resource has no page, or the partition's console has no known address.
pub fn links(metadata: &Metadata, region: Option<&Region>) -> Vec<Link> {
    let by_arn = || links_of_arn(metadata.resource_id()?);
    by_arn()
        .or_else(|| links_of(region?, pages_without_arn(metadata)?))
        .unwrap_or_default()
}

fn links_of_arn(arn: &str) -> Option<Vec<Link>> {
    let arn = Arn::parse(arn)?;
    links_of(&Region::parse(arn.region)?, pages(&arn)?)
}

fn links_of(region: &Region, pages: Pages<'_>) -> Option<Vec<Link>> {
    let home = console::home(region, pages.service)?;
    let name = console::in_fragment(pages.name);
    let page = Link {
        label: "console".to_owned(),
        url: format!("{home}#{}{name}", pages.page),
    };
    let log = pages.log.and_then(|log| {
        let url = console::log_group(region, &log.name, log.stream_prefix.as_deref())?;
        Some(Link {
            label: "logs".to_owned(),
            url,
        })
    });
    Some([page].into_iter().chain(log).collect())
}

/// An Athena query's page in the history of queries, or an EMR cluster's page. The pages of EMR
/// Serverless are in an EMR Studio, whose address SageMaker does not tell.
fn pages_without_arn(metadata: &Metadata) -> Option<Pages<'_>> {
    let page = |service, page, name| Pages {
        service,
        page,
        name,
        log: None,
    };
    match metadata.id("query-execution-id") {
        Some(query) => Some(page("athena", "/query-editor/history/", query)),
        None => Some(page("emr", "/clusterDetails/", metadata.id("cluster-id")?)),
    }
}

fn pages<'a>(arn: &Arn<'a>) -> Option<Pages<'a>> {
    let (kind, name) = arn.resource_type_and_name()?;
    let page = match (arn.service, kind) {
        ("sagemaker", "training-job") => "/jobs/",
        ("sagemaker", "processing-job") => "/processing-jobs/",
        ("sagemaker", "transform-job") => "/transform-jobs/",
        ("sagemaker", "hyper-parameter-tuning-job") => "/hyper-tuning-jobs/",
        ("sagemaker", "model") => "/models/",
        ("sagemaker", "endpoint-config") => "/endpointConfig/",
        ("sagemaker", "endpoint") => "/endpoints/",
        ("lambda", "function") => "/functions/",
        _ => return None,
    };
    let log = step_log::of_resource(arn).map(|log| log.group);
    let (service, name) = match arn.service {
        // A version or an alias may follow the function's name.
        "lambda" => ("lambda", name.split(':').next().unwrap_or(name)),
        _ => ("sagemaker", name),
    };
    Some(Pages {
        service,
        page,
        name,
        log,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use job_type_kit::contract::Attribute;

    fn metadata(members: &[(&str, &str)]) -> Metadata {
        let members = members.iter();
        Metadata {
            kind: String::new(),
            members: members
                .map(|(name, value)| Attribute::new(name, *value))
                .collect(),
        }
    }

    fn resource_links(arn: &str) -> Vec<Link> {
        links(
            &metadata(&[("arn", arn)]),
            Region::parse("eu-west-1").as_ref(),
        )
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
    fn a_lambda_function_has_its_own_log_group() {
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
    fn an_arn_without_a_page_has_no_links() {
        for arn in [
            "",
            "arn:x",
            "arn:aws:sagemaker:eu-west-1:1:model-package/p/1",
            "arn:aws-iso:sagemaker:us-iso-east-1:1:training-job/t",
            // The region would become the URL's host.
            "arn:aws:sagemaker:example.com/#:1:training-job/t",
        ] {
            assert_eq!(resource_links(arn), [], "{arn}");
        }
    }

    #[test]
    fn an_endpoint_configuration_has_its_page() {
        let links = resource_links("arn:aws:sagemaker:eu-west-1:1:endpoint-config/c");
        assert_eq!(
            links[0].url,
            "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpointConfig/c"
        );
        assert_eq!(links.len(), 1);
    }

    #[test]
    fn a_query_and_a_cluster_have_their_pages_in_the_executions_region() {
        let query = metadata(&[("query-execution-id", "0f8f-1")]);
        let cluster = metadata(&[("cluster-id", "j-1#"), ("step-id", "s-1")]);
        let region = Region::parse("eu-west-1");
        for (metadata, url) in [
            (
                query,
                "https://eu-west-1.console.aws.amazon.com/athena/home?region=eu-west-1#/query-editor/history/0f8f-1",
            ),
            (
                cluster,
                "https://eu-west-1.console.aws.amazon.com/emr/home?region=eu-west-1#/clusterDetails/j-1%23",
            ),
        ] {
            let links = links(&metadata, region.as_ref());
            assert_eq!(links.len(), 1);
            assert_eq!(links[0].url, url);
            assert_eq!(super::links(&metadata, None), []);
        }
    }
}
