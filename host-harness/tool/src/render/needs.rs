//! What a plugin asks to be granted.

use polysync_host::RefusedRequest;

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
                format!("{request} ({})", who_grants(request))
            }
        })
        .collect();
    match lines.is_empty() {
        true => "nothing".to_owned(),
        false => lines.join("\n"),
    }
}

/// What can grant a need that nobody can accept.
fn who_grants(request: &RefusedRequest) -> &'static str {
    match request.capability() {
        "http" => "only --grant, or an --endpoint-url that names it, can grant it",
        _ => "nothing can grant it",
    }
}

#[cfg(test)]
mod tests {
    use polysync_host::contract::Need;
    use polysync_host::{GrantRequests, Grants};

    use super::*;

    #[test]
    fn an_option_is_named_only_for_a_need_that_it_can_grant() {
        let need = |capability: &str, value: &str| Need {
            capability: capability.into(),
            value: value.into(),
        };
        let asked = GrantRequests::from_needs(&[
            need("http", "http://127.0.0.1:4566"),
            need("aws-signing", "not a service"),
        ]);
        let shown = list(&Needs::new(&asked, &Grants::none()));
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines.len(), 2, "{shown}");
        assert!(
            lines[0].ends_with("(only --grant, or an --endpoint-url that names it, can grant it)")
        );
        assert!(lines[1].ends_with("(nothing can grant it)"), "{shown}");
    }
}
