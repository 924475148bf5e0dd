//! Faults that can be ordered, and which of them a request meets.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// A fault, and the requests it strikes: all operations, pipelines and times unless narrowed.
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
    /// The answer comes this many milliseconds late. Joins with any other fault.
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
    /// HTTP 200 with a body that is no JSON.
    Garbage,
    /// The operation is carried out; half of its answer arrives, then the connection breaks.
    TruncatedBody,
    /// The connection breaks before the operation is carried out.
    DropBefore,
    /// The operation is carried out and its answer lost: the connection breaks.
    DropAfter,
    /// `AccessDeniedException`.
    AccessDenied,
    /// `ExpiredTokenException`, as if the credentials were temporary and too old.
    ExpiredToken,
    /// `InvalidSignatureException`, "Signature expired", as if the caller's clock were behind.
    ClockSkew,
    /// `ConflictException`, which passes, as SageMaker answers a stop between two steps.
    Conflict,
    /// Any other error. `code` stands as it is in the body and in `x-amzn-errortype`.
    Error {
        /// HTTP status.
        status: u16,
        /// The error's code.
        code: String,
        /// The error's message.
        message: String,
    },
    /// List operations answer an empty page and a `NextToken`, the same each time.
    EndlessPagesSameToken,
    /// List operations answer an empty page and a `NextToken`, another each time.
    EndlessPagesNewTokens,
    /// DescribePipeline answers without `PipelineDefinition`.
    NoDefinition,
    /// DescribePipeline answers with this text as `PipelineDefinition`.
    Definition(String),
}

impl Fault {
    /// A fault that strikes every request until it is narrowed or cleared.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            pipeline: None,
            times: None,
        }
    }

    /// Strikes only this operation.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Strikes only requests about this pipeline or its executions; its name, in any case.
    pub fn of_pipeline(mut self, name: impl Into<String>) -> Self {
        self.pipeline = Some(name.into());
        self
    }

    /// Strikes only the next `times` requests.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn strikes(&self, operation: Option<Operation>, pipeline: Option<&str>) -> bool {
        let operation_fits = self.operation.is_none() || self.operation == operation;
        let pipeline_fits = self.pipeline.as_deref().is_none_or(|wanted| {
            pipeline.is_some_and(|pipeline| pipeline.eq_ignore_ascii_case(wanted))
        });
        operation_fits && pipeline_fits && self.kind.can_strike(operation)
    }
}

impl FaultKind {
    fn can_strike(&self, operation: Option<Operation>) -> bool {
        use Operation::{
            DescribePipeline, ListPipelineExecutionSteps, ListPipelineExecutions,
            ListPipelineParametersForExecution, ListPipelines,
        };
        match self {
            Self::EndlessPagesSameToken | Self::EndlessPagesNewTokens => matches!(
                operation,
                Some(
                    ListPipelineExecutionSteps
                        | ListPipelineExecutions
                        | ListPipelineParametersForExecution
                        | ListPipelines
                )
            ),
            Self::NoDefinition | Self::Definition(_) => operation == Some(DescribePipeline),
            _ => true,
        }
    }
}

/// What one request meets.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Struck {
    pub(crate) latency: Duration,
    pub(crate) fault: Option<FaultKind>,
}

/// The faults ordered so far, in their order.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn order(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn ordered(&self) -> &[Fault] {
        &self.0
    }

    /// Takes what strikes this request: all latency, and the first of the other faults.
    pub(crate) fn take(&mut self, operation: Option<Operation>, pipeline: Option<&str>) -> Struck {
        let mut struck = Struck::default();
        for fault in &mut self.0 {
            if fault.times == Some(0) || !fault.strikes(operation, pipeline) {
                continue;
            }
            match &fault.kind {
                FaultKind::Latency(millis) => struck.latency += Duration::from_millis(*millis),
                _ if struck.fault.is_some() => continue,
                kind => struck.fault = Some(kind.clone()),
            }
            fault.times = fault.times.map(|times| times - 1);
        }
        self.0.retain(|fault| fault.times != Some(0));
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_only_what_it_was_ordered_for() {
        let mut faults = Faults::default();
        faults.order(
            Fault::new(FaultKind::Throttling)
                .on(Operation::ListPipelines)
                .of_pipeline("p")
                .times(1),
        );
        let none = Struck::default();
        assert_eq!(faults.take(Some(Operation::ListPipelines), None), none);
        assert_eq!(
            faults.take(Some(Operation::DescribePipeline), Some("p")),
            none
        );
        let struck = faults.take(Some(Operation::ListPipelines), Some("P"));
        assert_eq!(struck.fault, Some(FaultKind::Throttling));
        assert_eq!(faults.take(Some(Operation::ListPipelines), Some("P")), none);
        assert!(faults.ordered().is_empty());
    }

    #[test]
    fn latency_joins_with_another_fault_and_faults_come_in_order() {
        let mut faults = Faults::default();
        faults.order(Fault::new(FaultKind::Garbage).times(1));
        faults.order(Fault::new(FaultKind::Latency(5)));
        faults.order(Fault::new(FaultKind::DropBefore).times(1));
        let struck = faults.take(None, None);
        assert_eq!(struck.latency, Duration::from_millis(5));
        assert_eq!(struck.fault, Some(FaultKind::Garbage));
        assert_eq!(faults.take(None, None).fault, Some(FaultKind::DropBefore));
    }

    #[test]
    fn a_fault_can_be_written_as_json() {
        let fault: Fault = serde_json::from_str(
            r#"{"kind":{"error":{"status":400,"code":"X","message":"m"}},"operation":"StopPipelineExecution","times":2}"#,
        )
        .unwrap();
        assert_eq!(fault.times, Some(2));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"throttling","time":2}"#).is_err());
    }
}
