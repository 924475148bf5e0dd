//! What a plugin asks to be granted.

use polysync_host::GrantRequests;

/// All that a plugin asks for, a line each, with the reason where it can't be accepted.
pub(crate) fn list(requests: &GrantRequests) -> String {
    let valid = requests.valid().iter().map(ToString::to_string);
    let refused = requests.refused().iter().map(|request| {
        format!("{request} (only --grant can grant it, or --endpoint-url that names it)")
    });
    match requests.is_empty() {
        true => "nothing".to_owned(),
        false => valid.chain(refused).collect::<Vec<_>>().join("\n"),
    }
}
