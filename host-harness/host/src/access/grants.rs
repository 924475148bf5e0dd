//! What an operator allows the plugin of a connection to use.

use std::collections::BTreeSet;

use crate::contract::Need;
use crate::egress::grant::{GrantError, HttpGrant};

/// What an operator allows the plugin of a connection to use. Nothing is allowed at first.
///
/// A plugin says what it needs in [`Description::needs`](crate::contract::Description::needs); an
/// operator who agrees with all of it takes [`Grants::from_needs`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    http: Vec<HttpGrant>,
    signing: BTreeSet<String>,
}

impl Grants {
    /// Grants nothing: every request and every signing key is denied.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Grants all that a plugin says it needs.
    ///
    /// # Errors
    ///
    /// A need names a capability other than `http` and `aws-signing`, or its value isn't one that
    /// [`HttpGrant`] or [`allow_signing`](Self::allow_signing) takes.
    pub fn from_needs(needs: &[Need]) -> Result<Self, GrantError> {
        needs.iter().try_fold(Self::none(), |grants, need| {
            match need.capability.as_str() {
                "http" => Ok(grants.allow_http(need.value.parse()?)),
                "aws-signing" => grants.allow_signing(&need.value),
                other => Err(GrantError::new(
                    &need.value,
                    format!("this host has no capability `{other}`, only `http` and `aws-signing`"),
                )),
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
        let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if service.is_empty() || !service.chars().all(valid) {
            return Err(GrantError::new(
                service,
                "a signing name consists of lower-case letters, digits and hyphens",
            ));
        }
        self.signing.insert(service.to_owned());
        Ok(self)
    }

    pub(crate) fn into_parts(self) -> (Vec<HttpGrant>, BTreeSet<String>) {
        (self.http, self.signing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(capability: &str, value: &str) -> Need {
        Need {
            capability: capability.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn the_needs_of_a_plugin_can_be_granted_as_they_are() {
        let grants = Grants::from_needs(&[
            need("http", "https://api.sagemaker.*.amazonaws.com"),
            need("aws-signing", "sagemaker"),
        ])
        .expect("needs that this host knows");
        let origin = "https://api.sagemaker.*.amazonaws.com".parse();
        let expected = Grants::none()
            .allow_http(origin.expect("a grant"))
            .allow_signing("sagemaker")
            .expect("a grant");
        assert_eq!(grants, expected);
        assert_ne!(grants, Grants::none());
    }

    #[test]
    fn a_need_that_the_host_does_not_know_is_an_error_that_names_it() {
        let error = Grants::from_needs(&[need("files", "/etc")]).expect_err("no such capability");
        assert_eq!(
            error.to_string(),
            "`/etc` can't be granted: this host has no capability `files`, \
             only `http` and `aws-signing`"
        );
    }

    #[test]
    fn a_signing_name_is_lower_case() {
        assert!(Grants::none().allow_signing("SageMaker").is_err());
        assert!(Grants::none().allow_signing("").is_err());
        assert!(Grants::none().allow_signing("*").is_err());
    }
}
