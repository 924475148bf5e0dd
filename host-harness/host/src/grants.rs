//! What an operator allows the plugin of a connection to use.

use std::collections::BTreeSet;

use crate::contract::Need;
use crate::egress::{HttpGrant, Permit};

/// What an operator allows the plugin of a connection to use; nothing, to begin with.
///
/// A plugin says what it needs in [`Description::needs`](crate::contract::Description::needs); an
/// operator who agrees with all of it takes [`Grants::of_needs`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    http: Vec<HttpGrant>,
    signing: BTreeSet<String>,
}

/// A grant that can't be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{grant}` can't be granted: {reason}")]
pub struct GrantError {
    pub(crate) grant: String,
    pub(crate) reason: String,
}

impl GrantError {
    pub(crate) fn new(grant: &str, reason: impl Into<String>) -> Self {
        Self {
            grant: grant.to_owned(),
            reason: reason.into(),
        }
    }
}

impl Grants {
    /// Nothing: every request is denied.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// All that a plugin says it needs.
    ///
    /// # Errors
    ///
    /// A need for a capability that this host doesn't know, or with a value that it can't read.
    pub fn of_needs(needs: &[Need]) -> Result<Self, GrantError> {
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

    /// Allows requests to an origin.
    #[must_use]
    pub fn allow_http(mut self, grant: HttpGrant) -> Self {
        self.http.push(grant);
        self
    }

    /// Allows signing for a service, by its signing name such as `sagemaker`.
    ///
    /// # Errors
    ///
    /// A name of anything but lower-case letters, digits and hyphens.
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

    /// Whether the plugin may sign for a service.
    pub(crate) fn allows_signing(&self, service: &str) -> bool {
        self.signing.contains(service)
    }

    /// Whether the plugin may send a request to a URL; if not, why, for a person.
    pub(crate) fn permit(&self, url: &str) -> Result<Permit, String> {
        crate::egress::permit(&self.http, url)
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
        let grants = Grants::of_needs(&[
            need("http", "https://api.sagemaker.*.amazonaws.com"),
            need("aws-signing", "sagemaker"),
        ])
        .expect("needs that this host knows");
        assert!(grants.allows_signing("sagemaker"));
        assert!(!grants.allows_signing("s3"));
        assert!(
            grants
                .permit("https://api.sagemaker.eu-west-1.amazonaws.com/")
                .is_ok()
        );
    }

    #[test]
    fn a_need_that_the_host_does_not_know_is_an_error_that_names_it() {
        let error = Grants::of_needs(&[need("files", "/etc")]).expect_err("no such capability");
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
