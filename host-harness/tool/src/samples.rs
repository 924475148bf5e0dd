//! Values for tests.

use std::sync::Arc;

use polysync_host::contract::{
    Attribute, AttributeDefinition, CancelOutcome, Cancellation, DeclaredParameter, Description,
    Direction, DiscoveredJob, Error, ErrorClass, Finding, Job, Link, Parameter, Run, RunState,
    RunStatus, Severity, Step,
};
use polysync_host::{Digest, PluginIdentity};
use uuid::Uuid;

use crate::runs::record::Record;
use crate::runs::summary::{Draining, PluginUse};
use crate::serve::serving_plugins::ServingPlugins;

/// Without colours.
pub(crate) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

pub(crate) fn attribute_definition(key: &str) -> AttributeDefinition {
    AttributeDefinition {
        key: key.into(),
        label: "Label".into(),
        help: "Help.".into(),
        kind: "text".into(),
        required: false,
        secret: false,
        default_value: None,
        allowed_values: Vec::new(),
        minimum: None,
        maximum: None,
        min_length: None,
        max_length: None,
        pattern: None,
    }
}

pub(crate) fn description() -> Description {
    Description {
        id: "example-pipeline".into(),
        name: "Example Pipeline".into(),
        platform: "Example".into(),
        version: "1.2.3".into(),
        external_id_label: "Pipeline name".into(),
        job_attributes: vec![attribute_definition("display-name")],
        connection_attributes: Vec::new(),
        features: vec!["discover".into()],
    }
}

pub(crate) fn error() -> Error {
    Error {
        class: ErrorClass::Denied,
        code: "AccessDeniedException".into(),
        message: "Not authorized to start.".into(),
        hint: "Grant it.".into(),
        retryable: false,
        request_id: Some("req-1".into()),
        details: vec![Attribute {
            name: "action".into(),
            value: "Start".into(),
        }],
    }
}

pub(crate) fn throttled() -> Error {
    Error {
        class: ErrorClass::Throttled,
        retryable: true,
        ..error()
    }
}

pub(crate) fn findings() -> Vec<Finding> {
    let finding = |severity, field: &str, message: &str| Finding {
        severity,
        code: "Sample".into(),
        field: field.into(),
        message: message.into(),
    };
    vec![
        finding(Severity::Warning, "parameters.New", "isn't declared"),
        finding(Severity::Error, "parameters.Rate", "must be a number"),
    ]
}

pub(crate) fn discovered_job() -> DiscoveredJob {
    let parameter = |name: &str, data_type: &str| DeclaredParameter {
        name: name.into(),
        data_type: data_type.into(),
        required: false,
        default_value: None,
        allowed_values: Vec::new(),
        description: None,
    };
    DiscoveredJob {
        external_id: "churn".into(),
        name: "churn".into(),
        display_name: Some("Churn training".into()),
        description: None,
        job_type: "Example Pipeline".into(),
        attributes: Vec::new(),
        notes: Vec::new(),
        parameters: vec![
            DeclaredParameter {
                default_value: Some("0.10".into()),
                allowed_values: vec!["0.10".into(), "0.20".into()],
                description: Some("Learning rate".into()),
                ..parameter("Rate", "float")
            },
            DeclaredParameter {
                required: true,
                ..parameter("Data", "string")
            },
        ],
        details: Vec::new(),
    }
}

pub(crate) fn run() -> Run {
    Run {
        external_id: Some("churn".into()),
        run_id: "run-1".into(),
    }
}

pub(crate) fn failed_step() -> Step {
    Step {
        name: "Train".into(),
        display_name: Some("Train the model".into()),
        kind: "Training".into(),
        state: RunState::Failed,
        platform_status: "Failed".into(),
        started_at: Some(1_000),
        ended_at: Some(253_000),
        attempts: Some(2),
        cache_hit: false,
        has_log: false,
        reason: Some("AlgorithmError: exit code 1".into()),
        resource_id: Some("training-job/train-1".into()),
        links: vec![Link {
            label: "Logs".into(),
            url: "https://logs.example.com/train-1".into(),
        }],
        details: Vec::new(),
    }
}

pub(crate) fn waiting_step() -> Step {
    Step {
        name: "Check".into(),
        display_name: None,
        kind: "Condition".into(),
        state: RunState::Unknown,
        platform_status: String::new(),
        started_at: None,
        ended_at: None,
        attempts: None,
        cache_hit: false,
        has_log: false,
        reason: None,
        resource_id: None,
        links: Vec::new(),
        details: Vec::new(),
    }
}

pub(crate) fn failed_status() -> RunStatus {
    RunStatus {
        state: RunState::Failed,
        platform_status: "Failed".into(),
        poll_after: None,
        finished: true,
        message: Some("Step failure.".into()),
        started_at: Some(0),
        updated_at: None,
        ended_at: Some(300_000),
        failed_steps: vec![failed_step()],
        outputs: Vec::new(),
        details: Vec::new(),
    }
}

pub(crate) fn cancellation() -> Cancellation {
    Cancellation {
        outcome: CancelOutcome::AlreadyStopping,
        message: "It is being stopped.".into(),
    }
}

/// A run of the job `churn` that nothing was done for yet.
pub(crate) fn record() -> Record {
    let job = Job {
        external_id: "churn".into(),
        attributes: vec![Attribute {
            name: "a".into(),
            value: "1".into(),
        }],
        parameters: vec![Parameter {
            name: "p".into(),
            direction: Direction::InputOutput,
            value: Some("0.10".into()),
        }],
    };
    let origin = "churn.json".to_owned();
    Record::new(Uuid::from_u128(7), origin, "example".into(), &job)
}

/// A plugin in its second generation.
pub(crate) fn plugin() -> PluginIdentity {
    PluginIdentity {
        id: "example".into(),
        version: "1.2.3".into(),
        contract: polysync_host::contract::ContractVersion::V0_2_0,
        digest: Digest::compute(b""),
        generation: 2,
    }
}

/// The same plugin where it speaks the first contract, as records without a contract mean.
pub(crate) fn plugin_of_contract_0_1() -> PluginIdentity {
    PluginIdentity {
        contract: polysync_host::contract::ContractVersion::V0_1_0,
        ..plugin()
    }
}

/// Plugins with [`description`], but these ids.
pub(crate) fn serving_plugins(ids: &'static [&str]) -> ServingPlugins {
    let described = |id: &&str| Description {
        id: (*id).to_owned(),
        ..description()
    };
    ServingPlugins::new(move || {
        let plugins = ids.iter().map(described);
        plugins
            .map(|description| (Digest::compute(b""), description))
            .collect()
    })
}

/// A plugin with so many calls, and an earlier generation that has four calls left.
pub(crate) fn plugin_use(id: &str, calls: usize) -> PluginUse {
    PluginUse {
        plugin: Arc::new(PluginIdentity {
            id: id.into(),
            ..plugin()
        }),
        calls,
        draining: vec![Draining {
            generation: 1,
            calls: 4,
        }],
    }
}
