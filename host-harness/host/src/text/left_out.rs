//! Leaves out of a list what can't be cleaned, and says so.

use super::member::Unfit;
use crate::contract::Attribute;

/// The name of the detail that says what was left out.
const LEFT_OUT: &str = "left out";

/// Leaves out the items that can't be cleaned, and says so in a detail.
pub(super) fn keep_fit<T>(
    items: &mut Vec<T>,
    details: &mut Vec<Attribute>,
    noun: &str,
    mut clean: impl FnMut(&mut T) -> Result<(), Unfit>,
) {
    let before = items.len();
    let mut first = None;
    items.retain_mut(|item| match clean(item) {
        Ok(()) => true,
        Err(unfit) => {
            first.get_or_insert(unfit);
            false
        }
    });
    if let Some(unfit) = first {
        let (count, s) = match before - items.len() {
            1 => (1, ""),
            count => (count, "s"),
        };
        details.push(Attribute {
            name: LEFT_OUT.to_owned(),
            value: format!("{count} {noun}{s}: {unfit}"),
        });
    }
}
