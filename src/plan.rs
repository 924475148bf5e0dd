//! A job that is read and checked, as a start sends it.

use job_type_kit::Findings;
use job_type_kit::contract::{Connection, DeclaredParameter, Error, Job, Severity};
use job_type_kit::declared_parameters::{self, Declarer};

use crate::accounts;
use crate::connection::{self, ConnectionSettings};
use crate::execution_role::ExecutionRole;
use crate::external_id::ExternalId;
use crate::finding_codes::OTHER_REGION;
use crate::inputs::{self, PipelineParameter};
use crate::job_attributes::{CORRECT_THE_JOB, JobAttributes};
use crate::selective_execution;

/// SageMaker refuses what the pipeline doesn't declare.
const PIPELINE: Declarer = Declarer {
    name: "pipeline",
    sent_as: |name| Some(name.into()),
    severity: Severity::Error,
};

/// A job with nothing wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The pipeline.
    pub external_id: ExternalId,
    /// The job's attributes. The role is the one that a start sends.
    pub attributes: JobAttributes,
    /// The job's role or the platform's default, sent or not.
    pub role: Option<ExecutionRole>,
    /// The inputs that have a value, in declared order.
    pub inputs: Vec<PipelineParameter>,
    /// The endpoint, and the platform's default role.
    pub connection: ConnectionSettings,
}

impl Plan {
    /// Reads a job.
    ///
    /// # Errors
    /// `InvalidJob`, whose message lists everything that is wrong.
    pub fn parse(connection: &Connection, job: &Job) -> Result<Self, Error> {
        let mut findings = Findings::default();
        let plan = Self::read(connection, job, None, &mut findings);
        findings.finish(plan, "InvalidJob", CORRECT_THE_JOB)
    }

    /// Reads a job, and adds what is wrong with it to `findings`. Compares the parameters with those
    /// that the pipeline declares, where these are given.
    pub fn read(
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
        findings: &mut Findings,
    ) -> Option<Self> {
        let connection = connection::read(connection, findings);
        let external_id = ExternalId::check(&job.external_id)
            .map_err(|wrong| findings.problem("external-id", wrong))
            .ok();
        if let (Some(id), Some(connection)) = (&external_id, &connection) {
            check_region(id, connection, findings);
        }
        let mut attributes = JobAttributes::read(&job.attributes, findings);
        let mut role = None;
        if let (Some(id), Some(connection)) = (&external_id, &connection) {
            let job_role = attributes.role_arn.as_deref();
            let default_role = connection.default_role_arn.as_deref();
            accounts::check(id, job_role, default_role, findings);
            role = ExecutionRole::choose(id, job_role, default_role);
            if let Some(role) = &role {
                role.check(id, findings);
            }
            if let Some(selective) = &attributes.selective_execution_config {
                let region = connection.endpoints.main.region.as_str();
                selective_execution::check_source(selective, id, region, findings);
            }
        }
        attributes.role_arn = role
            .as_ref()
            .and_then(ExecutionRole::sent)
            .map(str::to_owned);
        let inputs = inputs::read(&job.parameters, findings);
        if let Some(declared) = declared {
            declared_parameters::check(PIPELINE, &job.parameters, declared, findings);
        }
        Some(Self {
            external_id: external_id?,
            attributes,
            role,
            inputs,
            connection: connection?,
        })
    }
}

/// SageMaker looks for the pipeline in the connection's region alone.
fn check_region(id: &ExternalId, connection: &ConnectionSettings, findings: &mut Findings) {
    let region = connection.endpoints.main.region.as_str();
    if let Some(other) = id.region().filter(|other| *other != region) {
        findings.warning(
            OTHER_REGION,
            "external-id",
            format!("is in the region {other}, but the connection's region is {region}"),
        );
    }
}
