//! The role that an execution runs as: the job's own, else the platform's default.
//!
//! SageMaker takes a role at start only for pipelines that AWS manages, and refuses it for all others.
//! An External Id tells them apart only where it is an ARN: the account of AWS's pipelines is `aws`.
//! So the default goes to those alone, and a job that is known by its pipeline's name sends the role
//! that it names itself.

use job_type_kit::Findings;

use crate::connection::DEFAULT_ROLE_ARN;
use crate::external_id::{ExternalId, Owner};
use crate::finding_codes::{ROLE_NOT_SENT, ROLE_REFUSED};
use crate::job_attributes::ROLE_ARN;

/// The ARN of a role, and whether a start sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecutionRole {
    /// The job names it.
    Job(String),
    /// The job names none, and the platform's default applies.
    Default(String),
    /// The platform's default, which does not apply.
    NotSent(String),
}

impl ExecutionRole {
    /// Chooses between the job's role and the platform's default.
    pub fn choose(id: &ExternalId, job: Option<&str>, default: Option<&str>) -> Option<Self> {
        match (job, default) {
            (Some(arn), _) => Some(Self::Job(arn.to_owned())),
            (None, Some(arn)) if id.owner() == Some(Owner::Aws) => {
                Some(Self::Default(arn.to_owned()))
            }
            (None, Some(arn)) => Some(Self::NotSent(arn.to_owned())),
            (None, None) => None,
        }
    }

    /// The role that a start sends.
    pub fn sent(&self) -> Option<&str> {
        match self {
            Self::Job(arn) | Self::Default(arn) => Some(arn),
            Self::NotSent(_) => None,
        }
    }

    /// Warns of a default that is not sent, and of a role that SageMaker is sure to refuse.
    pub fn check(&self, id: &ExternalId, findings: &mut Findings) {
        match (self, id.owner()) {
            (Self::NotSent(_), _) => findings.warning(
                ROLE_NOT_SENT,
                format!("connection.attributes.{DEFAULT_ROLE_ARN}"),
                "is not sent with this job: SageMaker takes a role only for pipelines that AWS \
                 manages. If this is one, give its ARN as the External Id, or name the role in the \
                 job",
            ),
            (Self::Job(_), Some(Owner::Account(_))) => findings.warning(
                ROLE_REFUSED,
                format!("attributes.{ROLE_ARN}"),
                "is refused by SageMaker, which takes a role only for pipelines that AWS manages",
            ),
            _ => {}
        }
    }

    /// What to add to the hint of a refusal: SageMaker does not mention the role in it.
    pub fn hint(&self) -> String {
        let (which, arn) = match self {
            Self::Job(arn) => ("the job's", arn),
            Self::Default(arn) => ("the platform's default", arn),
            Self::NotSent(arn) => {
                return format!(
                    " The platform's default role was not sent ({arn}). If AWS manages this pipeline, \
                     give its ARN as the External Id, or name the role in the job."
                );
            }
        };
        format!(
            " An execution role was sent too ({which}, {arn}): SageMaker takes one only for pipelines \
             that AWS manages. For other pipelines leave it empty."
        )
    }
}
