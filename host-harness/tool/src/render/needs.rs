//! What a plugin asks to be granted.

use crate::needs::{Need, Needs};

/// All that a plugin asks for, a line each, with the reason where it can't be accepted.
pub(crate) fn list(needs: &Needs<'_>) -> String {
    let lines: Vec<_> = needs
        .all()
        .map(|need| match need {
            Need::Acceptable(request) => request.to_string(),
            Need::GrantedByName(request) => {
                format!("{} (granted by an option)", request.name())
            }
            Need::Refused(request) => {
                format!("{request} (only --grant can grant it, or --endpoint-url that names it)")
            }
        })
        .collect();
    match lines.is_empty() {
        true => "nothing".to_owned(),
        false => lines.join("\n"),
    }
}
