//! Faults that can be injected, and the requests that they apply to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::operation::Operation;

/// A fault, and the requests that it applies to: without a filter, all requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    kind: FaultKind,
    #[serde(default)]
    operation: Option<Operation>,
    #[serde(default)]
    pipeline: Option<String>,
    #[serde(default)]
    times: Option<u32>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The response is this many milliseconds late. Combines with any other fault.
    Latency(u64),
    /// HTTP 400 `ThrottlingException`, "Rate exceeded".
    Throttling,
    /// HTTP 429, with `x-amz-retry-after` in milliseconds if given.
    TooManyRequests {
        /// Milliseconds.
        retry_after: Option<u64>,
    },
    /// A server error of this HTTP status with a JSON body.
    ServerErrorJson(u16),
    /// A server error of this HTTP status with an HTML page, as a proxy sends it.
    ServerErrorHtml(u16),
    /// HTTP 200 with a body that is not JSON.
    Garbage,
    /// The operation is carried out. Half of its response arrives, then the connection breaks.
    TruncatedBody,
    /// The connection breaks before the operation is carried out.
    DropBefore,
    /// The operation is carried out, and the connection breaks before its response arrives.
    DropAfter,
    /// `AccessDeniedException`.
    AccessDenied,
    /// `ExpiredTokenException`, as for temporary credentials that have expired.
    ExpiredToken,
    /// `InvalidSignatureException`, "Signature expired", as for a caller whose clock is behind.
    ClockSkew,
    /// `ConflictException`, with which SageMaker refuses a stop between two steps.
    Conflict,
    /// Any other error. `code` is sent unchanged, in the body and in `x-amzn-errortype`.
    Error {
        /// HTTP status.
        status: u16,
        /// The error's code.
        code: String,
        /// The error's message.
        message: String,
    },
    /// Operations that list return empty pages, always with the same `NextToken`.
    EndlessPagesSameToken,
    /// Operations that list return empty pages, each with a new `NextToken`.
    EndlessPagesNewTokens,
    /// FilterLogEvents and GetLogEvents return a page without events. Its token leads to the page that was
    /// asked for.
    EmptyPage,
    /// DescribePipeline responds without `PipelineDefinition`.
    NoDefinition,
    /// DescribePipeline responds with this text as `PipelineDefinition`.
    Definition(String),
}

impl Fault {
    /// A fault that applies to every request until the faults are cleared.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            pipeline: None,
            times: None,
        }
    }

    /// Limits the fault to this operation.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Limits the fault to requests about the pipeline with this name, in any case, or about its
    /// executions.
    pub fn on_pipeline(mut self, name: impl Into<String>) -> Self {
        self.pipeline = Some(name.into());
        self
    }

    /// Limits the fault to the next `times` requests.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn applies_to(&self, operation: Option<Operation>, pipeline: Option<&str>) -> bool {
        let operation_fits = self.operation.is_none() || self.operation == operation;
        let pipeline_fits = self.pipeline.as_deref().is_none_or(|wanted| {
            pipeline.is_some_and(|pipeline| pipeline.eq_ignore_ascii_case(wanted))
        });
        operation_fits && pipeline_fits && self.kind.applies_to(operation)
    }
}

impl FaultKind {
    fn applies_to(&self, operation: Option<Operation>) -> bool {
        use Operation::{
            DescribeLogStreams, DescribePipeline, FilterLogEvents, GetJobRuns, GetJobs,
            GetLogEvents, ListPipelineExecutionSteps, ListPipelineExecutions,
            ListPipelineParametersForExecution, ListPipelines,
        };
        match self {
            Self::EndlessPagesSameToken | Self::EndlessPagesNewTokens => matches!(
                operation,
                Some(
                    DescribeLogStreams
                        | FilterLogEvents
                        | GetJobRuns
                        | GetJobs
                        | GetLogEvents
                        | ListPipelineExecutionSteps
                        | ListPipelineExecutions
                        | ListPipelineParametersForExecution
                        | ListPipelines
                )
            ),
            Self::EmptyPage => matches!(operation, Some(FilterLogEvents | GetLogEvents)),
            Self::NoDefinition | Self::Definition(_) => operation == Some(DescribePipeline),
            _ => true,
        }
    }
}

/// The faults that apply to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Injection {
    pub(crate) latency: Duration,
    pub(crate) fault: Option<FaultKind>,
}

/// The injected faults, in the order of their injection.
#[derive(Debug, Default)]
pub(crate) struct FaultQueue(Vec<Fault>);

impl FaultQueue {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn as_slice(&self) -> &[Fault] {
        &self.0
    }

    /// Takes the faults that apply to this request: all latencies, and the first other fault.
    pub(crate) fn take(
        &mut self,
        operation: Option<Operation>,
        pipeline: Option<&str>,
    ) -> Injection {
        let mut injection = Injection::default();
        for fault in &mut self.0 {
            if fault.times == Some(0) || !fault.applies_to(operation, pipeline) {
                continue;
            }
            match &fault.kind {
                FaultKind::Latency(millis) => injection.latency += Duration::from_millis(*millis),
                _ if injection.fault.is_some() => continue,
                kind => injection.fault = Some(kind.clone()),
            }
            fault.times = fault.times.map(|times| times - 1);
        }
        self.0.retain(|fault| fault.times != Some(0));
        injection
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_applies_only_to_the_requests_of_its_filter() {
        let mut faults = FaultQueue::default();
        faults.push(
            Fault::new(FaultKind::Throttling)
                .on(Operation::ListPipelines)
                .on_pipeline("p")
                .times(1),
        );
        let none = Injection::default();
        assert_eq!(faults.take(Some(Operation::ListPipelines), None), none);
        assert_eq!(
            faults.take(Some(Operation::DescribePipeline), Some("p")),
            none
        );
        let injection = faults.take(Some(Operation::ListPipelines), Some("P"));
        assert_eq!(injection.fault, Some(FaultKind::Throttling));
        assert_eq!(faults.take(Some(Operation::ListPipelines), Some("P")), none);
        assert!(faults.as_slice().is_empty());
    }

    #[test]
    fn latency_combines_with_the_first_other_fault() {
        let mut faults = FaultQueue::default();
        faults.push(Fault::new(FaultKind::Garbage).times(1));
        faults.push(Fault::new(FaultKind::Latency(5)));
        faults.push(Fault::new(FaultKind::DropBefore).times(1));
        let injection = faults.take(None, None);
        assert_eq!(injection.latency, Duration::from_millis(5));
        assert_eq!(injection.fault, Some(FaultKind::Garbage));
        assert_eq!(faults.take(None, None).fault, Some(FaultKind::DropBefore));
    }

    #[test]
    fn a_fault_is_parsed_from_json() {
        let fault: Fault = serde_json::from_str(
            r#"{"kind":{"error":{"status":400,"code":"X","message":"m"}},"operation":"StopPipelineExecution","times":2}"#,
        )
        .unwrap();
        assert_eq!(fault.times, Some(2));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"throttling","time":2}"#).is_err());
    }
}
