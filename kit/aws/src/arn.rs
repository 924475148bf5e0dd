//! Amazon Resource Names and their parts.

use crate::region::is_region;

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// For example `aws-cn`.
    pub partition: &'a str,
    /// For example `sagemaker`.
    pub service: &'a str,
    /// Empty for global resources.
    pub region: &'a str,
    /// Twelve digits, `aws`, or empty.
    pub account: &'a str,
    /// Everything after the account, for example `pipeline/my-pipeline`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits a text into the parts of an ARN; `None` where it does not have all six. The parts are
    /// not checked.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next();
        (part()? == "arn").then_some(())?;
        Some(Self {
            partition: part()?,
            service: part()?,
            region: part()?,
            account: part()?,
            resource: part().filter(|resource| !resource.is_empty())?,
        })
    }

    /// The resource's type and name: `training-job/abc` or `function:abc`.
    pub fn resource_type_and_name(&self) -> Option<(&'a str, &'a str)> {
        self.resource.split_once(['/', ':'])
    }

    /// Whether this is the ARN of a service's resource in a region, as the API models write it:
    /// `arn:aws[a-z\-]*:SERVICE:[a-z0-9\-]+:`. The account is not checked.
    pub fn is_regional(&self, service: &str) -> bool {
        self.service == service && self.has_partition() && is_region(self.region)
    }

    /// Whether the account is twelve digits.
    pub fn has_account(&self) -> bool {
        self.account.len() == 12 && self.account.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether this is an IAM role's ARN, as the API models write it:
    /// `arn:aws[a-z\-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`.
    pub fn is_role(&self) -> bool {
        let is_name = |name: &str| {
            !name.is_empty()
                && name != "/"
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&byte))
        };
        self.service == "iam"
            && self.region.is_empty()
            && self.has_partition()
            && self.has_account()
            && self.resource.strip_prefix("role").is_some_and(is_name)
    }

    /// `aws[a-z\-]*`
    fn has_partition(&self) -> bool {
        self.partition.strip_prefix("aws").is_some_and(|rest| {
            rest.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart() {
        let arn =
            Arn::parse("arn:aws-cn:sagemaker:cn-north-1:123456789012:training-job/a/b").unwrap();
        assert_eq!(
            (arn.partition, arn.service, arn.region, arn.account),
            ("aws-cn", "sagemaker", "cn-north-1", "123456789012")
        );
        assert_eq!(arn.resource_type_and_name(), Some(("training-job", "a/b")));
        let function =
            Arn::parse("arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST").unwrap();
        assert_eq!(
            function.resource_type_and_name(),
            Some(("function", "f:$LATEST"))
        );
    }

    #[test]
    fn a_text_that_is_not_an_arn_is_none() {
        for text in [
            "",
            "arn",
            "arn:aws:sagemaker:us-east-1:1",
            "urn:a:b:c:d:e",
            "arn:a:b:c:d:",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
        assert_eq!(
            Arn::parse("arn:a:b:c:d:e")
                .unwrap()
                .resource_type_and_name(),
            None
        );
    }

    #[test]
    fn a_role_is_an_iam_roles_arn() {
        let is_role = |text| Arn::parse(text).is_some_and(|arn| arn.is_role());
        for text in [
            "arn:aws:iam::123456789012:role/r",
            "arn:aws-cn:iam::123456789012:role/service-role/My_Role+=,.@-1",
        ] {
            assert!(is_role(text), "{text}");
        }
        for text in [
            "my-role",
            "arn:aws:iam::123456789012:user/u",
            "arn:aws:iam::12345:role/abcdefgh",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam:us-east-1:123456789012:role/r",
            "arn:gcp:iam::123456789012:role/r",
            "arn:aws:iam::123456789012:role/a b",
        ] {
            assert!(!is_role(text), "{text}");
        }
    }
}
