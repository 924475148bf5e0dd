//! What an operator allows the plugin of a connection to use.

use std::collections::BTreeSet;

use crate::access::request::{Asked, GrantRequest, RefusedRequest};
use crate::access::signing_name::SigningName;
use crate::egress::grant::{GrantError, HttpGrant};

/// What an operator allows the plugin of a connection to use. Nothing is allowed at first.
///
/// An operator who knows what a plugin has to reach grants it by name. A plugin can ask for more, or for
/// less: what it asks for is in [`Plugin::requests`](crate::Plugin::requests), and is granted by nothing
/// but [`Grants::accept`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    http: Vec<HttpGrant>,
    signing: BTreeSet<SigningName>,
}

impl Grants {
    /// Grants nothing: every request and every signing key is denied.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Grants what a plugin asks for, in addition to what is granted already.
    ///
    /// This is a decision: call it when a person has seen the requests and agrees with them, and not
    /// because a plugin asks.
    #[must_use]
    pub fn accept<'a>(self, requests: impl IntoIterator<Item = &'a GrantRequest>) -> Self {
        requests
            .into_iter()
            .fold(self, |mut grants, request| match request.asked() {
                Asked::Http(origin) => grants.allow_http(origin.clone()),
                Asked::AwsSigning(service) => {
                    grants.signing.insert(service.clone());
                    grants
                }
            })
    }

    /// Allows requests to an origin, in addition to what is granted already.
    #[must_use]
    pub fn allow_http(mut self, grant: HttpGrant) -> Self {
        self.http.push(grant);
        self
    }

    /// Allows signing for a service of AWS, by its signing name such as `sagemaker`.
    ///
    /// # Errors
    ///
    /// The name is empty or has other characters than lower-case letters, digits and hyphens.
    pub fn allow_signing(mut self, service: &str) -> Result<Self, GrantError> {
        let name =
            SigningName::parse(service).map_err(|reason| GrantError::new(service, reason))?;
        self.signing.insert(name);
        Ok(self)
    }

    /// Whether a request is granted.
    pub(crate) fn cover(&self, request: &GrantRequest) -> bool {
        match request.asked() {
            Asked::Http(origin) => self.http.iter().any(|grant| grant.covers(origin)),
            Asked::AwsSigning(service) => self.signing.contains(service),
        }
    }

    /// Whether something is granted that can't be accepted, but was granted by name.
    pub(crate) fn cover_refused(&self, request: &RefusedRequest) -> bool {
        let covers = |origin| self.http.iter().any(|grant| grant.covers(&origin));
        request.capability() == "http" && request.value().parse().is_ok_and(covers)
    }

    pub(crate) fn into_parts(self) -> (Vec<HttpGrant>, BTreeSet<String>) {
        let signing = self.signing.into_iter().map(SigningName::into_string);
        (self.http, signing.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Need;

    #[test]
    fn what_is_accepted_is_granted_in_addition() {
        let request = |capability: &str, value: &str| {
            let need = Need {
                capability: capability.to_owned(),
                value: value.to_owned(),
            };
            GrantRequest::from_need(&need).expect("a request")
        };
        let origin = |text: &str| text.parse().expect("a grant");
        let asked = [
            request("http", "https://api.*.example.com"),
            request("aws-signing", "example"),
        ];
        let own = || Grants::none().allow_http(origin("http://127.0.0.1:4587"));
        let expected = own()
            .allow_http(origin("https://api.*.example.com"))
            .allow_signing("example")
            .expect("a grant");
        assert_eq!(own().accept(&asked), expected);
        assert_eq!(own().accept(&[]), own());
    }

    #[test]
    fn a_signing_name_is_lower_case() {
        assert!(Grants::none().allow_signing("SageMaker").is_err());
        assert!(Grants::none().allow_signing("").is_err());
        assert!(Grants::none().allow_signing("*").is_err());
    }
}
