//! The items of a ForEach step.

use serde_json::Value;

use crate::definition::expression::{Expression, Scalar, Values};

/// The items of a ForEach step: a text that holds a JSON list. `None` for anything else.
pub(crate) fn items(iterable_items: &Expression, values: &Values) -> Option<Vec<Value>> {
    match values.resolve(iterable_items)? {
        Scalar::Text(list) => serde_json::from_str(&list).ok(),
        _ => None,
    }
}

/// The values, with an item and its members as `ForEach.CurrentItem`.
pub(crate) fn with_current_item(values: &Values, item: &Value) -> Values {
    const PATH: &str = "ForEach.CurrentItem";
    let mut values = values.clone();
    let variables = &mut values.variables;
    variables.insert(PATH.to_owned(), Scalar::Text(text(item)));
    for (name, member) in item.as_object().into_iter().flatten() {
        variables.insert(format!("{PATH}.{name}"), Scalar::Text(text(member)));
    }
    values
}

/// An item as a text: JSON, unless it is a string.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
