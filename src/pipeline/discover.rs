//! Finds the account's pipelines and the parameters that they declare.
//!
//! ListPipelines gives names by the hundred; DescribePipeline tells about one. The latter are asked
//! together, in batches: a definition may be 1 MiB, so that the responses of a whole page wouldn't
//! fit into the guest's memory. Where the host says that a batch's responses are too much, the
//! batches are halved, down to one request at a time; where the platform throttles, the batches are
//! sent at the pace that it allows.

use super::api::{
    DescribePipeline, DescribePipelineOutput, ListPipelines, MAX_RESULTS, PipelineSummary,
};
use super::connection;
use super::cursor::Cursor;
use super::definition;
use super::external_id::ExternalId;
use super::failure;
use crate::aws::arn::Arn;
use crate::aws::client::{Client, Operation};
use crate::aws::datetime::iso_8601;
use crate::aws::error::CallError;
use crate::error::{Error, ErrorClass};
use crate::host::{Host, Level};
use crate::job::{Attribute, Connection, DiscoveredJob, DiscoveryNote, DiscoveryPage};

/// Responses of some 2 MiB each (a definition of 1 MiB is escaped as JSON within JSON) fit into
/// half of 64 MiB.
const LARGEST_BATCH: usize = 16;

/// One page of the account's pipelines.
pub fn discover(
    host: &dyn Host,
    connection: &Connection,
    cursor: Option<&str>,
) -> Result<DiscoveryPage, Error> {
    let cursor = Cursor::parse(cursor)?;
    let client = connection::client(host, connection)?;
    let list = client
        .call(&ListPipelines {
            max_results: MAX_RESULTS,
            next_token: cursor.token().map(str::to_owned),
        })
        .map_err(failure::of::<ListPipelines>)?;
    let next_cursor = cursor.next(list.next_token, ListPipelines::NAME)?;
    let listed: Vec<Listed> = list
        .pipeline_summaries
        .into_iter()
        .filter_map(Listed::new)
        .collect();
    let described = describe_all(&client, &listed)?;
    let mut page = DiscoveryPage {
        jobs: Vec::with_capacity(listed.len()),
        notes: Vec::new(),
        next_cursor,
    };
    for (listed, described) in listed.into_iter().zip(described) {
        match described {
            Described::Known(job, note) => {
                page.notes.extend(note);
                page.jobs.push(*job);
            }
            Described::Gone => host.log(
                Level::Info,
                &format!("{} was deleted meanwhile; it is left out", listed.name),
            ),
            Described::Unknown(why) => {
                page.notes.push(DiscoveryNote {
                    external_id: listed.name.clone(),
                    message: format!("Imported without its parameters: {why}"),
                });
                page.jobs
                    .push(job(listed.name, listed.summary, Default::default()).0);
            }
        }
    }
    Ok(page)
}

/// One pipeline, as it is now.
pub fn inspect(
    host: &dyn Host,
    connection: &Connection,
    external_id: &str,
) -> Result<DiscoveredJob, Error> {
    let external_id = ExternalId::parse(external_id)
        .map_err(|wrong| failure::invalid_external_id(external_id, &wrong))?;
    let described = connection::client(host, connection)?
        .call(&DescribePipeline {
            pipeline_name: external_id.as_str().to_owned(),
        })
        .map_err(failure::of::<DescribePipeline>)?;
    let (job, note) = job(
        external_id.as_str().to_owned(),
        PipelineSummary::default(),
        described,
    );
    if let Some(note) = note {
        host.log(
            Level::Info,
            &format!("{}: {}", external_id.as_str(), note.message),
        );
    }
    Ok(job)
}

/// A pipeline that the listing named.
struct Listed {
    name: String,
    summary: PipelineSummary,
}

impl Listed {
    fn new(summary: PipelineSummary) -> Option<Self> {
        let name = match &summary.pipeline_name {
            Some(name) if !name.is_empty() => name.clone(),
            _ => {
                let arn = Arn::parse(summary.pipeline_arn.as_deref()?)?;
                let name = arn.resource.strip_prefix("pipeline/")?;
                (!name.is_empty()).then(|| name.to_owned())?
            }
        };
        Some(Self { name, summary })
    }
}

/// What became of a DescribePipeline.
enum Described {
    Known(Box<DiscoveredJob>, Option<DiscoveryNote>),
    /// Deleted between list and describe.
    Gone,
    /// It is there, but can't be described.
    Unknown(String),
}

/// In the order of `listed`; an error if it is of no use to go on.
fn describe_all(client: &Client<'_>, listed: &[Listed]) -> Result<Vec<Described>, Error> {
    let inputs: Vec<_> = listed
        .iter()
        .map(|listed| DescribePipeline {
            pipeline_name: listed.name.clone(),
        })
        .collect();
    let mut described: Vec<Option<Described>> = listed.iter().map(|_| None).collect();
    client.call_paced(&inputs, LARGEST_BATCH, |index, result| {
        let (Some(slot), Some(listed)) = (described.get_mut(index), listed.get(index)) else {
            return Ok(());
        };
        *slot = Some(match result {
            Ok(output) => {
                let (job, note) = job(listed.name.clone(), listed.summary.clone(), output);
                Described::Known(Box::new(job), note)
            }
            Err(error) => unknown(error)?,
        });
        Ok(())
    })?;
    Ok(described
        .into_iter()
        .map(|outcome| outcome.unwrap_or(Described::Gone))
        .collect())
}

/// A pipeline that can't be described doesn't end an import; what would hit the others too does.
fn unknown(error: CallError) -> Result<Described, Error> {
    let answered = matches!(error, CallError::Service(_) | CallError::Garbled { .. })
        || error.is_body_too_large();
    let error = failure::of::<DescribePipeline>(error);
    match error.class {
        ErrorClass::NotFound => Ok(Described::Gone),
        ErrorClass::Denied if !error.code.starts_with("AccessDenied") => Err(error),
        ErrorClass::Throttled => Err(error),
        _ if answered => Ok(Described::Unknown(format!("{error}. {}", error.hint))),
        _ => Err(error),
    }
}

/// A job from what is known of its pipeline, and what the user should know about it.
fn job(
    external_id: String,
    summary: PipelineSummary,
    described: DescribePipelineOutput,
) -> (DiscoveredJob, Option<DiscoveryNote>) {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    // The specification: parameters that can't be imported are skipped silently. A note says why
    // there are none, without failing anything.
    let (parameters, wrong) = match given(described.pipeline_definition) {
        Some(text) => match definition::parameters(&text) {
            Ok(parameters) => (parameters, None),
            Err(error) => (
                Vec::new(),
                Some(format!("Imported without parameters: {error}.")),
            ),
        },
        None => (Vec::new(), None),
    };
    let note = wrong.map(|message| DiscoveryNote {
        external_id: external_id.clone(),
        message,
    });
    let time = |t: Option<u64>| t.map(iso_8601);
    let details = [
        ("arn", described.pipeline_arn.or(summary.pipeline_arn)),
        ("role-arn", described.role_arn.or(summary.role_arn)),
        (
            "created-at",
            time(described.creation_time.or(summary.creation_time)),
        ),
        (
            "modified-at",
            time(described.last_modified_time.or(summary.last_modified_time)),
        ),
        (
            "last-run-at",
            time(described.last_run_time.or(summary.last_execution_time)),
        ),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(Attribute::new(name, given(value)?)))
    .collect();
    let name = given(described.pipeline_name)
        .or_else(|| given(summary.pipeline_name))
        .or_else(|| {
            let id = ExternalId::parse(&external_id).ok()?;
            Some(id.name().to_owned())
        })
        .unwrap_or_else(|| external_id.clone());
    let job = DiscoveredJob {
        external_id,
        name,
        display_name: given(described.pipeline_display_name)
            .or_else(|| given(summary.pipeline_display_name)),
        description: given(described.pipeline_description)
            .or_else(|| given(summary.pipeline_description)),
        parameters,
        details,
    };
    (job, note)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FakeHost, connection, response};
    use super::*;
    use crate::host::{HttpError, HttpErrorKind};

    fn list(names: &[&str]) -> String {
        let summaries: Vec<_> = names
            .iter()
            .map(|name| format!(r#"{{"PipelineName": "{name}", "PipelineDescription": "listed"}}"#))
            .collect();
        format!(r#"{{"PipelineSummaries": [{}]}}"#, summaries.join(","))
    }

    fn page(answers: &[(u16, &str)]) -> (Result<DiscoveryPage, Error>, FakeHost) {
        let host = FakeHost::answering(answers.iter().copied());
        (discover(&host, &connection(), None), host)
    }

    fn names(page: &DiscoveryPage) -> Vec<&str> {
        page.jobs.iter().map(|job| job.name.as_str()).collect()
    }

    #[test]
    fn a_job_has_the_pipelines_name_texts_and_declared_parameters() {
        let (page, host) = page(&[
            (200, &list(&["abalone"])),
            (
                200,
                r#"{"PipelineName": "abalone", "PipelineDisplayName": "Abalone", "PipelineDescription": "Predicts ages",
                "PipelineDefinition": "{\"Parameters\": [{\"Name\": \"Count\", \"Type\": \"Integer\", \"DefaultValue\": 1}]}"}"#,
            ),
        ]);
        let job = &page.unwrap().jobs[0];
        assert_eq!(
            (job.external_id.as_str(), job.name.as_str()),
            ("abalone", "abalone")
        );
        assert_eq!(job.display_name.as_deref(), Some("Abalone"));
        assert_eq!(job.description.as_deref(), Some("Predicts ages"));
        assert_eq!(job.parameters[0].name, "Count");
        assert_eq!(
            host.bodies(),
            [r#"{"MaxResults":100}"#, r#"{"PipelineName":"abalone"}"#]
        );
    }

    #[test]
    fn a_summary_without_a_name_is_named_by_its_arn_or_left_out() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012";
        let list = format!(
            r#"{{"PipelineSummaries": [{{"PipelineArn": "{arn}:pipeline/p"}},
                {{"PipelineArn": "{arn}:pipeline/"}}, {{"PipelineArn": "{arn}:model/m"}}, {{}}]}}"#
        );
        let (page, _) = page(&[(200, &list), (200, "{}")]);
        assert_eq!(names(&page.unwrap()), ["p"]);
    }

    #[test]
    fn a_definition_that_is_elsewhere_or_unreadable_gives_a_job_without_parameters() {
        let (page, _) = page(&[
            (200, &list(&["s3", "broken"])),
            (
                200,
                r#"{"PipelineDefinitionS3Location": {"Bucket": "b", "ObjectKey": "k"}}"#,
            ),
            (200, r#"{"PipelineDefinition": "not JSON"}"#),
        ]);
        let page = page.unwrap();
        assert_eq!(names(&page), ["s3", "broken"]);
        assert!(page.jobs.iter().all(|job| job.parameters.is_empty()));
        assert_eq!(page.notes.len(), 1);
    }

    #[test]
    fn a_pipeline_that_was_deleted_meanwhile_is_left_out() {
        let (page, _) = page(&[
            (200, &list(&["a", "gone", "b"])),
            (200, "{}"),
            (400, r#"{"__type": "ResourceNotFound"}"#),
            (200, "{}"),
        ]);
        assert_eq!(names(&page.unwrap()), ["a", "b"]);
    }

    #[test]
    fn a_pipeline_that_may_not_be_described_is_imported_from_its_summary() {
        let (page, _) = page(&[
            (200, &list(&["secret", "b"])),
            (
                400,
                r#"{"__type": "AccessDeniedException", "message": "not yours"}"#,
            ),
            (200, "{}"),
        ]);
        let page = page.unwrap();
        assert_eq!(names(&page), ["secret", "b"]);
        assert_eq!(page.jobs[0].description.as_deref(), Some("listed"));
        assert_eq!(page.notes[0].external_id, "secret");
        assert!(
            page.notes[0].message.contains("not yours"),
            "{:?}",
            page.notes
        );
    }

    #[test]
    fn what_would_hit_all_ends_the_page_with_an_error() {
        let (page, _) = page(&[
            (200, &list(&["a"])),
            (403, r#"{"__type": "UnrecognizedClientException"}"#),
        ]);
        assert_eq!(page.unwrap_err().code, "UnrecognizedClientException");
    }

    #[test]
    fn pipelines_are_described_in_bounded_batches() {
        let names: Vec<String> = (0..40).map(|i| format!("p{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let list = list(&names);
        let mut answers = vec![(200, list.as_str())];
        answers.extend(names.iter().map(|_| (200, "{}")));
        let (page, host) = page(&answers);
        assert_eq!(page.unwrap().jobs.len(), 40);
        assert_eq!(*host.batches.borrow(), [1, 16, 16, 8]);
    }

    #[test]
    fn a_batch_that_is_too_large_for_the_host_is_asked_for_in_smaller_ones() {
        let too_large = || {
            Err(HttpError {
                kind: HttpErrorKind::BodyTooLarge,
                message: "8 MiB".to_owned(),
            })
        };
        let ok = || Ok(response(200, &[], "{}"));
        let host = FakeHost::with([
            Ok(response(200, &[], &list(&["a", "b", "c"]))),
            ok(),
            too_large(),
            too_large(),
            ok(),
            ok(),
        ]);
        let page = discover(&host, &connection(), None).unwrap();
        assert_eq!(names(&page), ["a", "b", "c"]);
        assert_eq!(*host.batches.borrow(), [1, 3, 2]);
    }

    #[test]
    fn throttling_slows_down_until_every_pipeline_is_imported() {
        let throttled = (
            400,
            r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#,
        );
        let (page, host) = page(&[
            (200, &list(&["a", "b", "c"])),
            (200, "{}"),
            throttled,
            throttled,
            (200, "{}"),
            throttled,
            (200, "{}"),
        ]);
        assert_eq!(names(&page.unwrap()), ["a", "b", "c"]);
        assert_eq!(*host.batches.borrow(), [1, 3, 1, 1, 1]);
        assert_eq!(*host.sleeps.borrow(), [1_000, 500, 1_000]);
    }

    #[test]
    fn a_platform_that_only_throttles_ends_the_page_with_an_error() {
        let throttled = (400, r#"{"__type": "ThrottlingException"}"#);
        let list = list(&["a"]);
        let mut answers = vec![(200, list.as_str())];
        answers.extend([throttled; 6]);
        let (page, host) = page(&answers);
        assert_eq!(page.unwrap_err().class, ErrorClass::Throttled);
        assert_eq!(host.sleeps.borrow().iter().sum::<u64>(), 31_000);
    }

    #[test]
    fn one_job_can_be_had_again() {
        let host = FakeHost::answering([(
            200,
            r#"{"PipelineName": "P", "PipelineDefinition": "{\"Parameters\": [{\"Name\": \"A\"}]}"}"#,
        )]);
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/P";
        let job = inspect(&host, &connection(), arn).unwrap();
        assert_eq!(
            (
                job.external_id.as_str(),
                job.name.as_str(),
                job.parameters.len()
            ),
            (arn, "P", 1)
        );
        assert_eq!(
            inspect(&host, &connection(), "no good").unwrap_err().code,
            "InvalidExternalId"
        );
    }
}
