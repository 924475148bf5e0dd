//! Cleans what a plugin says of itself, when it is loaded: each text becomes one line, and a help text
//! a paragraph. What has a grammar (id, version, keys, needs) is checked against it elsewhere, and a
//! text that was cleaned doesn't pass.

use super::member::{clean_line, clean_paragraph};
use crate::contract::{AttributeDefinition, Description};

/// Cleans each text of a description.
pub(crate) fn clean(description: &mut Description) {
    let Description {
        id,
        name,
        platform,
        version,
        external_id_label,
        job_attributes,
        connection_attributes,
        features,
        needs,
    } = description;
    for text in [id, name, platform, version, external_id_label] {
        clean_line(text);
    }
    features.iter_mut().for_each(clean_line);
    for need in needs {
        clean_line(&mut need.capability);
        clean_line(&mut need.value);
    }
    job_attributes
        .iter_mut()
        .chain(connection_attributes)
        .for_each(clean_definition);
}

fn clean_definition(definition: &mut AttributeDefinition) {
    let AttributeDefinition {
        key,
        label,
        help,
        kind,
        required: _,
        default_value,
        minimum: _,
        maximum: _,
        min_length: _,
        max_length: _,
        pattern,
    } = definition;
    for text in [key, label, kind] {
        clean_line(text);
    }
    clean_paragraph(help);
    for text in [default_value, pattern].into_iter().flatten() {
        clean_line(text);
    }
}
