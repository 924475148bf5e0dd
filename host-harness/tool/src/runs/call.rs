//! Calls of the plugin: which one, and its two kinds of failure as one.

use polysync_host::contract::{ErrorClass, Run};
use polysync_host::{Answer, CallError, CallFault, JobType, contract};

use super::pages::EndlessList;

/// The detail of an uncertain start that names a run which may be the one that was asked for.
const CANDIDATE_RUN_ID: &str = "candidate-run-id";

/// How many of them are named in words.
const NAMED: usize = 5;

/// A call that is made for a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Start,
    Cancel,
    Retry,
    Poll,
    ListSteps,
}

impl Call {
    /// What is being done, as in "polling failed".
    pub(crate) fn doing(self) -> &'static str {
        match self {
            Self::Start => "starting",
            Self::Cancel => "cancelling",
            Self::Retry => "retrying",
            Self::Poll => "polling",
            Self::ListSteps => "listing the steps",
        }
    }
}

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallFailure {
    /// The platform refused, or the plugin did on its behalf.
    #[error("{}", sentence(.0))]
    Platform(Box<contract::Error>),
    /// The plugin broke or used up a limit.
    #[error(transparent)]
    Plugin(#[from] CallError),
    /// A list that the plugin gives page by page isn't collected to its end.
    #[error(transparent)]
    Endless(#[from] EndlessList),
}

impl CallFailure {
    /// Whether the same call may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Self::Platform(error) => error.retryable,
            Self::Plugin(error) => matches!(
                error.fault,
                CallFault::Timeout { .. } | CallFault::NoPlace { .. }
            ),
            Self::Endless(_) => false,
        }
    }

    /// Whether the plugin was called and broke, so that what it has done isn't known.
    pub(crate) fn broke(&self) -> bool {
        match self {
            Self::Plugin(error) => !matches!(error.fault, CallFault::NoPlace { .. }),
            Self::Platform(_) | Self::Endless(_) => false,
        }
    }

    /// Whether the platform doesn't know what it was asked about.
    pub(crate) fn is_missing(&self) -> bool {
        self.platform()
            .is_some_and(|error| error.class == ErrorClass::NotFound)
    }

    /// Whether the platform may have done it, and doing it again may do it twice.
    pub(crate) fn is_uncertain(&self) -> bool {
        self.platform()
            .is_some_and(|error| error.class == ErrorClass::Uncertain)
    }

    /// The ids of the runs that may be the one that was asked for.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = &str> {
        let details = self.platform().map_or(&[][..], |error| &error.details);
        let candidates = details
            .iter()
            .filter(|detail| detail.name == CANDIDATE_RUN_ID);
        candidates.map(|detail| detail.value.as_str())
    }

    /// The first of them, as many as a person looks at.
    pub(crate) fn named_candidates(&self) -> impl Iterator<Item = &str> {
        self.candidates().take(NAMED)
    }

    /// What the platform said, where it said anything.
    pub(crate) fn platform(&self) -> Option<&contract::Error> {
        match self {
            Self::Platform(error) => Some(error),
            Self::Plugin(_) | Self::Endless(_) => None,
        }
    }

    /// What the platform said, to add to it.
    pub(crate) fn platform_mut(&mut self) -> Option<&mut contract::Error> {
        match self {
            Self::Platform(error) => Some(error),
            Self::Plugin(_) | Self::Endless { .. } => None,
        }
    }
}

impl From<contract::Error> for CallFailure {
    fn from(error: contract::Error) -> Self {
        Self::Platform(Box::new(error))
    }
}

/// The result of a call, with its two kinds of failure as one.
pub(crate) fn flatten<T>(answer: Answer<T>) -> Result<T, CallFailure> {
    Ok(answer??)
}

/// Where a person follows the run, if the plugin can say it. A run doesn't fail for the lack of it.
pub(crate) async fn monitor_url(job_type: &JobType, run: &Run) -> Option<String> {
    flatten(job_type.monitor_url(run).await)
        .inspect_err(|failure| tracing::warn!(%failure, "there is no monitor URL"))
        .ok()
}

/// `CODE: message`, or the message alone where there is no code.
fn sentence(error: &contract::Error) -> String {
    match error.code.as_str() {
        "" => error.message.clone(),
        code => format!("{code}: {}", error.message),
    }
}
