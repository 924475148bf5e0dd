//! All that a plugin asks to be granted, and what of it is granted.

use std::fmt;

use crate::access::grants::Grants;
use crate::access::request::{GrantRequest, RefusedRequest};
use crate::contract::Need;

/// How many are named in words; the rest is counted.
const NAMED: usize = 10;

/// All that a plugin asks to be granted: the needs that a person may accept, and those that nobody may
/// accept. [`Plugin::requests`](crate::Plugin::requests) returns it.
///
/// Nothing of it is granted until somebody decides so: show it to a person (it is shown by `Display`, by
/// name), and take [`Grants::accept`] if the person agrees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantRequests {
    valid: Vec<GrantRequest>,
    refused: Vec<RefusedRequest>,
}

impl GrantRequests {
    /// Reads the needs of a connection. A need that occurs twice counts once.
    #[must_use]
    pub fn from_needs(needs: &[Need]) -> Self {
        let mut requests = Self::default();
        for need in needs {
            match GrantRequest::from_need(need) {
                Ok(request) if !requests.valid.contains(&request) => requests.valid.push(request),
                Err(refused) if !requests.refused.contains(&refused) => {
                    requests.refused.push(refused);
                }
                _ => {}
            }
        }
        requests
    }

    /// What a person may accept.
    #[must_use]
    pub fn valid(&self) -> &[GrantRequest] {
        &self.valid
    }

    /// What can't be accepted, each with the reason. An operator can grant it by name all the same.
    #[must_use]
    pub fn refused(&self) -> &[RefusedRequest] {
        &self.refused
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.valid.is_empty() && self.refused.is_empty()
    }

    /// What of it these grants don't cover.
    #[must_use]
    pub fn missing_from(&self, grants: &Grants) -> Self {
        self.keep(
            |request| !grants.cover(request),
            |refused| !grants.cover_refused(refused),
        )
    }

    /// What of it others don't ask for.
    pub(crate) fn beyond(&self, others: &Self) -> Self {
        self.keep(
            |request| !others.valid.contains(request),
            |refused| !others.refused.contains(refused),
        )
    }

    /// All of it but the origins for `http`.
    pub(crate) fn without_origins(&self) -> Self {
        self.keep(
            |request| request.capability() != "http",
            |refused| refused.capability() != "http",
        )
    }

    /// Adds what isn't among it yet.
    pub(crate) fn add(&mut self, more: Self) {
        let more = more.beyond(self);
        self.valid.extend(more.valid);
        self.refused.extend(more.refused);
    }

    fn keep(
        &self,
        valid: impl Fn(&GrantRequest) -> bool,
        refused: impl Fn(&RefusedRequest) -> bool,
    ) -> Self {
        Self {
            valid: self.valid.iter().filter(|r| valid(r)).cloned().collect(),
            refused: self
                .refused
                .iter()
                .filter(|r| refused(r))
                .cloned()
                .collect(),
        }
    }
}

/// The requests by name, in one line: `http https://api.example.com, aws-signing example`.
impl fmt::Display for GrantRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let valid = self.valid.iter().map(ToString::to_string);
        let refused = self.refused.iter().map(RefusedRequest::name);
        let names: Vec<_> = valid.chain(refused).collect();
        let named = names.get(..NAMED).unwrap_or(&names);
        f.write_str(&named.join(", "))?;
        match names.len().saturating_sub(named.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(needs: &[(&str, &str)]) -> GrantRequests {
        let need = |(capability, value): &(&str, &str)| Need {
            capability: (*capability).to_owned(),
            value: (*value).to_owned(),
        };
        GrantRequests::from_needs(&needs.iter().map(need).collect::<Vec<_>>())
    }

    #[test]
    fn what_may_be_accepted_is_told_from_what_may_not() {
        let requests = requests(&[
            ("http", "https://api.*.example.com"),
            ("http", "http://127.0.0.1:6379"),
            ("aws-signing", "iam"),
            ("aws-signing", "iam"),
        ]);
        let valid: Vec<_> = requests.valid().iter().map(ToString::to_string).collect();
        assert_eq!(valid, ["http https://api.*.example.com", "aws-signing iam"]);
        let refused: Vec<_> = requests.refused().iter().map(ToString::to_string).collect();
        assert_eq!(
            refused,
            ["http http://127.0.0.1:6379: a plugin may ask for a name, not for an address"]
        );
    }

    #[test]
    fn what_a_wider_grant_covers_is_not_missing() {
        let granted = |grant: &str| {
            Grants::none()
                .allow_http(grant.parse().expect("a grant"))
                .allow_signing("example")
                .expect("a name")
        };
        let asked = requests(&[
            ("http", "https://api.eu.example.com"),
            ("aws-signing", "example"),
        ]);
        let missing = |grant| asked.missing_from(&granted(grant)).to_string();
        assert_eq!(missing("https://api.eu.example.com"), "");
        assert_eq!(missing("https://api.*.example.com"), "");
        assert_eq!(missing("https://*.eu.example.com private"), "");
        for narrower in [
            "https://api.us.example.com",
            "https://eu.example.com",
            "https://*.api.eu.example.com",
            "http://api.eu.example.com",
            "https://api.eu.example.com:8443",
        ] {
            assert_eq!(
                missing(narrower),
                "http https://api.eu.example.com",
                "{narrower}"
            );
        }
        let wide = requests(&[("http", "https://api.*.example.com")]);
        let missing = wide.missing_from(&granted("https://api.eu.example.com"));
        assert_eq!(missing.to_string(), "http https://api.*.example.com");
        assert_eq!(asked.missing_from(&Grants::none()), asked);
    }

    #[test]
    fn what_an_operator_granted_by_name_is_not_missing_though_it_may_not_be_accepted() {
        let asked = requests(&[("http", "http://127.0.0.1:6379"), ("files", "/etc")]);
        let grants = Grants::none().allow_http("http://127.0.0.1:6379".parse().expect("a grant"));
        assert_eq!(asked.missing_from(&grants).to_string(), "files /etc");
    }

    #[test]
    fn a_long_list_is_cut_in_words() {
        let needs: Vec<_> = (0..12).map(|n| format!("s{n}")).collect();
        let needs: Vec<_> = needs
            .iter()
            .map(|name| ("aws-signing", name.as_str()))
            .collect();
        let shown = requests(&needs).to_string();
        assert!(shown.ends_with("aws-signing s9 and 2 more"), "{shown}");
    }
}
