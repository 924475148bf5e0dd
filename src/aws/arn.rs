//! Amazon Resource Names, taken apart.

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
    /// All the rest, for example `pipeline/my-pipeline`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes apart what has the six parts of an ARN.
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
    fn what_is_no_arn_is_none() {
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
}
