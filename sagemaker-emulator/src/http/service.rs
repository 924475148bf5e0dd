//! The service as it behaves without faults: authorizes a request and performs its operation.

use std::time::SystemTime;

use super::request::ApiRequest;
use crate::access::sigv4::{self, Scope};
use crate::api::error::ServiceError;
use crate::api::operation::Operation;
use crate::api::service::AwsService;
use crate::logs::PageContent;
use crate::operations::{self, Call};
use crate::state::{Shared, State};

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// One request at the service, at one instant.
pub(super) struct Service<'a> {
    pub(super) shared: &'a Shared,
    pub(super) state: &'a mut State,
    pub(super) request: &'a ApiRequest<'a>,
    pub(super) now: SystemTime,
}

/// A request that is authenticated, permitted, and satisfies the API model.
pub(super) struct Authorized {
    pub(super) operation: Operation,
    caller_arn: String,
}

impl Service<'_> {
    pub(super) fn perform(&mut self) -> Result<String, ServiceError> {
        self.perform_with(PageContent::default())
    }

    pub(super) fn perform_with(&mut self, content: PageContent) -> Result<String, ServiceError> {
        let authorized = self.authorize()?;
        operations::perform(Call {
            store: &mut self.state.store,
            settings: &self.shared.settings,
            operation: authorized.operation,
            body: &self.request.json,
            content,
            caller_arn: authorized.caller_arn,
            now: self.now,
        })
    }

    pub(super) fn authorize(&mut self) -> Result<Authorized, ServiceError> {
        let settings = &self.shared.settings;
        if let Some(limit) = settings.requests_per_second
            && !self.state.rate_limit.try_acquire(limit, self.now)
        {
            return Err(ServiceError::throttling());
        }
        let ApiRequest {
            parts, body, json, ..
        } = self.request;
        let scope = Scope {
            region: &settings.account.region,
            service: self.request.service,
        };
        let caller = sigv4::verify(parts, body, scope, &self.state.credentials, self.now)?;
        let operation = self.request.operation.ok_or_else(|| {
            let message = "X-Amz-Target does not name an operation that the emulator supports.";
            ServiceError::new(400, "UnknownOperationException", message)
        })?;
        let content_type = parts.headers.get("content-type");
        if content_type.is_none_or(|value| value != CONTENT_TYPE) {
            return Err(ServiceError::serialization(format!(
                "the content type must be {CONTENT_TYPE}"
            )));
        }
        if !json.is_object() {
            return Err(ServiceError::serialization("the body is not a JSON object"));
        }
        let caller_arn = settings.account.user_arn(&caller.user);
        if caller.denied.contains(&operation) {
            return Err(self.access_denied(&caller_arn, operation));
        }
        self.shared.model.check_input(operation, json)?;
        Ok(Authorized {
            operation,
            caller_arn,
        })
    }

    pub(super) fn access_denied(&self, caller_arn: &str, operation: Operation) -> ServiceError {
        let resource = match operation.service() {
            AwsService::SageMaker => self.pipeline_or_execution(),
            AwsService::Glue => self.glue_job(),
            AwsService::CloudWatchLogs => self.log_stream(),
        };
        ServiceError::access_denied(caller_arn, operation, &resource)
    }

    /// The ARN of what a request to SageMaker is about.
    fn pipeline_or_execution(&self) -> String {
        match self.request.execution_arn() {
            Some(arn) => arn.to_owned(),
            None => {
                let name = self.request.pipeline().unwrap_or("*");
                self.shared.settings.account.pipeline_arn(name, false)
            }
        }
    }

    /// The ARN of the job that a request to Glue is about.
    fn glue_job(&self) -> String {
        let name = self.request.member("JobName").unwrap_or("*");
        let account = &self.shared.settings.account;
        account.arn("glue", &format!("job/{name}"))
    }

    /// The ARN of the stream that a request to CloudWatch Logs is about; without a name at its end if
    /// the request is about several.
    fn log_stream(&self) -> String {
        let request = self.request;
        let group = request.member("logGroupName");
        let group = group.or_else(|| request.member("logGroupIdentifier"));
        let group = group.and_then(|group| group.rsplit(':').next());
        let stream = request.member("logStreamName").unwrap_or_default();
        let account = &self.shared.settings.account;
        account.log_stream_arn(group.unwrap_or("*"), stream)
    }
}
