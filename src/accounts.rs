//! Compares the accounts in a job's ARNs. A connection does not name its account: only its credentials
//! know it. So a job's ARNs are compared with each other and with the platform's default role.

use aws_kit::arn::Arn;
use job_type_kit::Findings;

use crate::external_id::{ExternalId, Owner};
use crate::finding_codes::OTHER_ACCOUNT;
use crate::job_attributes::ROLE_ARN;

/// Warns of ARNs of two accounts. A pipeline can be shared with another account, so that it is not an
/// error.
pub fn check(
    id: &ExternalId,
    job_role: Option<&str>,
    default_role: Option<&str>,
    findings: &mut Findings,
) {
    let pipeline = match id.owner() {
        Some(Owner::Account(account)) => Some(("the External Id", account)),
        Some(Owner::Aws) | None => None,
    };
    let default = default_role
        .and_then(account)
        .map(|account| ("the platform's default role", account));
    if let (Some((_, account)), Some(other)) = (pipeline, default) {
        warn("external-id", account, other, findings);
    }
    if let (Some(account), Some(other)) = (job_role.and_then(account), pipeline.or(default)) {
        warn(&format!("attributes.{ROLE_ARN}"), account, other, findings);
    }
}

fn warn(
    field: &str,
    account: &str,
    (other, others_account): (&str, &str),
    findings: &mut Findings,
) {
    if account != others_account {
        findings.warning(
            OTHER_ACCOUNT,
            field,
            format!("is of the account {account}, but {other} is of the account {others_account}"),
        );
    }
}

fn account(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account)
}
