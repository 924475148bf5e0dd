//! Cleans what a plugin says of itself, when it is loaded. A name, a label or a key that isn't fit to be
//! shown is refused ([`crate::loading::description`]); what is left are the texts that may have several
//! lines, and those that a form takes over.

use super::member::{clean_line, clean_paragraph};
use crate::contract::{AttributeDefinition, Description};

/// Cleans the texts of a description that have no grammar.
pub(crate) fn clean(description: &mut Description) {
    description
        .job_attributes
        .iter_mut()
        .chain(&mut description.connection_attributes)
        .for_each(clean_definition);
}

fn clean_definition(definition: &mut AttributeDefinition) {
    clean_paragraph(&mut definition.help);
    let texts = [&mut definition.default_value, &mut definition.pattern];
    texts.into_iter().flatten().for_each(clean_line);
    definition.allowed_values.iter_mut().for_each(clean_line);
}
