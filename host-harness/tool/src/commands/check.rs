//! Checking a job, with or without the platform.

use anyhow::anyhow;
use polysync_host::JobType;
use polysync_host::contract::{Finding, Job, Severity};

use crate::cli::job::DeclaredArgs;
use crate::failure::Failure;
use crate::feature::Feature;
use crate::runs::call::flatten;

/// The findings about a job, with those against the platform's declaration if that is asked for.
pub(crate) async fn findings(
    job_type: &JobType,
    job: &Job,
    check_declared: bool,
) -> Result<Vec<Finding>, Failure> {
    let declared = match check_declared {
        true => Some(flatten(job_type.inspect(&job.external_id).await)?.parameters),
        false => None,
    };
    Ok(job_type.validate(job, declared.as_deref()).await?)
}

/// The warnings about a job that may be started; an error for one that may not.
pub(crate) async fn before_start(
    job_type: &JobType,
    job: &Job,
    arguments: &DeclaredArgs,
) -> Result<Vec<Finding>, Failure> {
    let plugin = job_type.plugin();
    let description = plugin.description();
    if arguments.check_declared && !Feature::Inspect.is_offered_by(description) {
        let why = Feature::Inspect.not_offered_by(description);
        let error = anyhow!("{why}, which --check-declared needs; nothing was started");
        return Err(error.into());
    }
    let findings = findings(job_type, job, arguments.check_declared).await?;
    if has_errors(&findings) {
        Err(Failure::InvalidJob(findings))
    } else {
        Ok(findings)
    }
}

pub(crate) fn has_errors(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}
