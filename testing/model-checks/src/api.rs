//! What the API models of one or several services say of their operations.

use crate::shapes::{Shape, Shapes};
use crate::subject::Sent;
use crate::values::values;
use crate::violations::violations;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;
use std::collections::BTreeSet;

/// The operations of the services that a job type talks to.
#[derive(Debug)]
pub struct Api(Vec<Shapes>);

impl Api {
    /// Reads the models: documents as AWS publishes them.
    ///
    /// # Panics
    /// Where one is none.
    pub fn of(models: impl IntoIterator<Item = &'static str>) -> Self {
        Self(models.into_iter().map(Shapes::read).collect())
    }

    /// The same, where a list is never longer than this: the request says so, and the model doesn't.
    ///
    /// # Panics
    /// Where no model has such a list.
    #[must_use]
    pub fn with_longest(mut self, list: &str, most: usize) -> Self {
        let mut shapes = self
            .0
            .iter_mut()
            .flat_map(|model| model.shapes.get_mut(list));
        match shapes.next() {
            Some(Shape::List { length, .. }) => length.max = Some(most),
            other => panic!("{list} is {other:?}"),
        }
        self
    }

    /// The same, where a structure is always empty: it is large, and the job type passes over it.
    ///
    /// # Panics
    /// Where no model has such a structure.
    #[must_use]
    pub fn with_empty(mut self, structure: &str) -> Self {
        let shapes = self.0.iter_mut();
        let mut shapes = shapes.flat_map(|model| model.shapes.get_mut(structure));
        match shapes.next() {
            Some(Shape::Structure { members, .. }) => members.clear(),
            other => panic!("{structure} is {other:?}"),
        }
        self
    }

    /// Answers to an operation: values that the model allows, and what services send besides.
    ///
    /// # Panics
    /// Where no model has the operation.
    pub fn answers(&self, operation: &str) -> BoxedStrategy<Value> {
        let model = self.model(operation);
        values(model, &model.operations[operation].output.shape)
    }

    /// How a request's body violates the model; nothing where the model allows it.
    ///
    /// # Panics
    /// Where no model has the operation.
    pub fn violations(&self, operation: &str, body: &Value) -> Vec<String> {
        let model = self.model(operation);
        violations(
            model,
            &model.operations[operation].input.shape,
            body,
            operation,
        )
    }

    /// The top-level members of an operation's input.
    fn input_members(&self, operation: &str) -> Vec<&str> {
        let model = self.model(operation);
        match &model.shapes[&model.operations[operation].input.shape] {
            Shape::Structure { members, .. } => members.keys().map(String::as_str).collect(),
            other => panic!("{operation} takes {other:?}"),
        }
    }

    /// The members of the inputs of the operations that were sent which no request has, each as
    /// `MEMBER of OPERATION`.
    ///
    /// # Panics
    /// Where no model has one of the operations.
    pub fn unsent_members(&self, sent: &[Sent]) -> BTreeSet<String> {
        let operations: BTreeSet<_> = sent.iter().map(|sent| sent.operation.as_str()).collect();
        let unsent = operations.into_iter().flat_map(|operation| {
            let mut members = self.input_members(operation);
            let of_operation = |sent: &&Sent| sent.operation == operation;
            for sent in sent.iter().filter(of_operation) {
                members.retain(|member| sent.body.get(member).is_none());
            }
            members
                .into_iter()
                .map(move |member| format!("{member} of {operation}"))
        });
        unsent.collect()
    }

    fn model(&self, operation: &str) -> &Shapes {
        let mut models = self.0.iter();
        let model = models.find(|model| model.operations.contains_key(operation));
        model.unwrap_or_else(|| panic!("no model has {operation}"))
    }
}
