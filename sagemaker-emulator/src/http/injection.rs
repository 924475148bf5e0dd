//! The reply to a request that a fault applies to.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::reply::{Delivery, Reply};
use super::service::Service;
use crate::api::error::ServiceError;
use crate::api::operation::Operation;
use crate::api::service::AwsService;
use crate::fault::FaultKind;
use crate::logs::PageContent;

pub(super) fn reply(service: &mut Service<'_>, fault: FaultKind) -> Reply {
    let error = match fault {
        FaultKind::DropBefore => return Reply::dropped(),
        FaultKind::ServerErrorHtml(status) => return Reply::html(status),
        FaultKind::Garbage => return Reply::garbage(),
        FaultKind::TooManyRequests { retry_after } => {
            return Reply {
                retry_after,
                ..Reply::error(ServiceError::too_many_requests())
            };
        }
        FaultKind::DropAfter => return perform(service, Delivery::Dropped),
        FaultKind::TruncatedBody => return perform(service, Delivery::Truncated),
        FaultKind::Latency(_) => return perform(service, Delivery::Whole),
        FaultKind::EndlessPagesSameToken => return empty_page(service, "the-same-page-again"),
        FaultKind::EndlessPagesNewTokens => {
            return empty_page(service, &Uuid::new_v4().to_string());
        }
        FaultKind::EmptyPage => return Reply::from(service.perform_with(PageContent::Empty)),
        FaultKind::NoDefinition => return perform_with_definition(service, None),
        FaultKind::Definition(text) => return perform_with_definition(service, Some(text)),
        FaultKind::Throttling => ServiceError::throttling(),
        FaultKind::ServerErrorJson(status) => {
            ServiceError::server_error(service.request.service, status)
        }
        FaultKind::ExpiredToken => ServiceError::expired_token(),
        FaultKind::ClockSkew => ServiceError::invalid_signature(
            "Signature expired: the request's date is too far from the service's clock.",
        ),
        FaultKind::Conflict => {
            ServiceError::conflict("The pipeline execution is being changed. Try again.")
        }
        FaultKind::AccessDenied => match service.request.operation {
            Some(operation) => {
                let caller = service.shared.settings.account.user_arn("emulator");
                service.access_denied(&caller, operation)
            }
            None => return Reply::from(service.perform()),
        },
        FaultKind::Error {
            status,
            code,
            message,
        } => ServiceError::new(status, &code, message),
    };
    Reply::error(error)
}

fn perform(service: &mut Service<'_>, delivery: Delivery) -> Reply {
    Reply {
        delivery,
        ..Reply::from(service.perform())
    }
}

/// A page without items, whatever token the request has.
fn empty_page(service: &mut Service<'_>, next_token: &str) -> Reply {
    Reply::from(service.authorize().map(|authorized| {
        let token = match authorized.operation.service() {
            AwsService::SageMaker | AwsService::Glue => "NextToken",
            AwsService::CloudWatchLogs => "nextToken",
        };
        let items = match authorized.operation {
            Operation::DescribeLogStreams => "logStreams",
            Operation::FilterLogEvents => "events",
            Operation::GetJobRuns => "JobRuns",
            Operation::GetJobs => "Jobs",
            Operation::GetLogEvents => {
                let page = json!({
                    "events": [],
                    "nextForwardToken": next_token,
                    "nextBackwardToken": next_token,
                });
                return page.to_string();
            }
            Operation::ListPipelineExecutionSteps => "PipelineExecutionSteps",
            Operation::ListPipelineExecutions => "PipelineExecutionSummaries",
            Operation::ListPipelineParametersForExecution => "PipelineParameters",
            _ => "PipelineSummaries",
        };
        json!({ items: [], token: next_token }).to_string()
    }))
}

fn perform_with_definition(service: &mut Service<'_>, definition: Option<String>) -> Reply {
    Reply::from(service.perform().map(|response| {
        let mut members: Map<String, Value> = serde_json::from_str(&response).unwrap_or_default();
        members.remove("PipelineDefinition");
        members.extend(definition.map(|text| ("PipelineDefinition".to_owned(), json!(text))));
        Value::Object(members).to_string()
    }))
}
