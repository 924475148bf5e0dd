//! The executions of the account, found by ARN, by id and by pipeline without a search.

use std::collections::{BTreeMap, HashMap};

use super::execution::Execution;
use crate::arn::pipeline_of_execution;

/// All executions, in the order of their start.
#[derive(Debug, Default)]
pub(crate) struct Executions {
    all: Vec<Execution>,
    /// Positions, by the ARN in lower case.
    by_arn: HashMap<String, usize>,
    /// Positions, by the execution's id.
    by_id: HashMap<String, usize>,
    /// Positions in the order of the start, by the pipeline's ARN.
    by_pipeline: HashMap<String, Vec<usize>>,
}

impl Executions {
    pub(crate) fn push(&mut self, execution: Execution) {
        let position = self.all.len();
        self.by_arn
            .insert(execution.arn.to_ascii_lowercase(), position);
        self.by_id.insert(execution.id.clone(), position);
        self.by_pipeline
            .entry(execution.pipeline_arn.clone())
            .or_default()
            .push(position);
        self.all.push(execution);
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Execution> {
        self.all.iter()
    }

    /// Finds an execution by its ARN in any case.
    pub(crate) fn with_arn(&self, arn: &str) -> Option<&Execution> {
        self.all.get(*self.by_arn.get(&arn.to_ascii_lowercase())?)
    }

    /// Finds an execution by its ARN in any case.
    pub(crate) fn with_arn_mut(&mut self, arn: &str) -> Option<&mut Execution> {
        let position = self.by_arn.get(&arn.to_ascii_lowercase())?;
        self.all.get_mut(*position)
    }

    pub(crate) fn with_id(&self, id: &str) -> Option<&Execution> {
        self.all.get(*self.by_id.get(id)?)
    }

    /// The executions of the pipeline with this ARN, in the order of their start.
    pub(crate) fn of_pipeline(&self, arn: &str) -> impl DoubleEndedIterator<Item = &Execution> {
        let positions = self.by_pipeline.get(arn).into_iter().flatten();
        positions.filter_map(|position| self.all.get(*position))
    }

    /// The number of executions by the pipeline's name in lower case, as ARNs have it.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for execution in &self.all {
            let pipeline = pipeline_of_execution(&execution.arn).unwrap_or_default();
            *counts.entry(pipeline.to_owned()).or_default() += 1;
        }
        counts
    }
}
