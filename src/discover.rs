//! Finds the account's pipelines and the parameters that they declare.
//!
//! ListPipelines returns a hundred names a page, DescribePipeline describes one pipeline. The
//! pipelines of a page are described in batches: a definition may have 1 MiB, so the answers of a
//! whole page would not fit into the guest's memory. Where the answers of a batch are too large for
//! the host, the batches are halved, down to one request. Where the platform throttles, the batches
//! follow each other at the pace that it allows.

use aws_kit::client::{Client, Operation};
use aws_kit::error::CallError;
use aws_kit::pace::Pace;
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{DiscoveredJob, DiscoveryPage, Error, ErrorClass};
use job_type_kit::{Context, Cursor};

use crate::api::{
    DescribePipeline, DescribePipelineOutput, ListPipelines, MAX_RESULTS, PipelineSummary,
};
use crate::connection;
use crate::discovered_job::{discovered_job, is_being_deleted, listed_id};
use crate::external_id::ExternalId;

/// This many answers of about 2 MiB each (a definition of 1 MiB is escaped as JSON within JSON) fit
/// into half of 64 MiB.
const LARGEST_BATCH: usize = 16;

/// One page of the account's pipelines.
///
/// # Errors
/// `InvalidCursor` or `InvalidConnection` before any request, the error of the listing, or an error
/// of DescribePipeline that every pipeline would meet.
pub fn discover(context: Context<'_>, cursor: Option<&str>) -> Result<DiscoveryPage, Error> {
    let cursor = Cursor::parse(cursor)?;
    let client = connection::client(context)?;
    let list = client.ask(&ListPipelines {
        max_results: MAX_RESULTS,
        next_token: cursor.token().map(str::to_owned),
    })?;
    let next = cursor.next(list.next_token, ListPipelines::NAME)?;
    let listed: Vec<Listed> = list
        .pipeline_summaries
        .into_iter()
        .filter_map(Listed::new)
        .collect();
    let described = describe_all(&client, &listed)?;
    let mut page = DiscoveryPage {
        jobs: Vec::with_capacity(listed.len()),
        notes: Vec::new(),
        next_cursor: next.map(Into::into),
    };
    for (
        Listed {
            external_id,
            summary,
        },
        described,
    ) in listed.into_iter().zip(described)
    {
        match described {
            Described::Known(job) => page.jobs.push(*job),
            Described::LeftOut(why) => {
                context
                    .host
                    .log(Level::Info, &format!("{external_id} {why}; it is left out"));
            }
            Described::Unknown(why) => {
                let unknown = DescribePipelineOutput::default();
                page.jobs.push(DiscoveredJob {
                    notes: vec![format!("Imported without its parameters: {why}")],
                    ..discovered_job(external_id, summary, unknown)
                });
            }
        }
    }
    Ok(page)
}

/// One pipeline, as it is now.
///
/// # Errors
/// `InvalidExternalId` or `InvalidConnection` before any request, or the error of DescribePipeline.
pub fn inspect(context: Context<'_>, external_id: &str) -> Result<DiscoveredJob, Error> {
    let external_id = ExternalId::parse(external_id)?;
    let client = connection::client(context)?;
    let output = client.ask(&DescribePipeline {
        pipeline_name: external_id.as_str().to_owned(),
    })?;
    let name = external_id.as_str();
    let listed = PipelineSummary::default();
    Ok(discovered_job(name.to_owned(), listed, output))
}

/// A pipeline that the listing names.
struct Listed {
    external_id: String,
    summary: PipelineSummary,
}

impl Listed {
    fn new(summary: PipelineSummary) -> Option<Self> {
        let external_id = listed_id(&summary)?;
        Some(Self {
            external_id,
            summary,
        })
    }
}

/// The outcome of a DescribePipeline.
enum Described {
    Known(Box<DiscoveredJob>),
    /// The pipeline is not imported, for this reason.
    LeftOut(&'static str),
    /// The pipeline is there, but can't be described.
    Unknown(String),
}

/// Between list and describe.
const DELETED: Described = Described::LeftOut("was deleted meanwhile");

/// Describes the listed pipelines, in their order. Fails where every pipeline would meet the error.
fn describe_all(client: &Client<'_>, listed: &[Listed]) -> Result<Vec<Described>, Error> {
    let inputs: Vec<_> = listed
        .iter()
        .map(|listed| DescribePipeline {
            pipeline_name: listed.external_id.clone(),
        })
        .collect();
    let mut described: Vec<Option<Described>> = listed.iter().map(|_| None).collect();
    client.call_paced(&mut Pace::new(LARGEST_BATCH), &inputs, |index, result| {
        let (Some(slot), Some(listed)) = (described.get_mut(index), listed.get(index)) else {
            return Ok(());
        };
        *slot = Some(match result {
            // Read at once: the definitions of a whole page would not fit into the guest's memory.
            Ok(output) if is_being_deleted(&output) => Described::LeftOut("is being deleted"),
            Ok(output) => {
                let job =
                    discovered_job(listed.external_id.clone(), listed.summary.clone(), output);
                Described::Known(Box::new(job))
            }
            Err(error) => not_described(client, error)?,
        });
        Ok(())
    })?;
    Ok(described
        .into_iter()
        .map(|described| described.unwrap_or(DELETED))
        .collect())
}

/// A pipeline that can't be described does not end an import, unless the others would meet the same
/// error.
fn not_described(client: &Client<'_>, error: CallError) -> Result<Described, Error> {
    let is_answer = matches!(error, CallError::Service(_) | CallError::Garbled { .. })
        || error.is_body_too_large();
    let error = client.contract_error::<DescribePipeline>(error);
    match error.class {
        ErrorClass::NotFound => Ok(DELETED),
        ErrorClass::Denied if !error.code.starts_with("AccessDenied") => Err(error),
        ErrorClass::Throttled => Err(error),
        _ if is_answer => Ok(Described::Unknown(format!(
            "{}. {}",
            error.summary(),
            error.hint
        ))),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests;
