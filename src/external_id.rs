//! A job's External Id: the pipeline's name, or its ARN.

use aws_kit::arn::Arn;
use job_type_kit::Problem;
use job_type_kit::contract::Error;
use job_type_kit::limits;

use crate::constraints;
use crate::finding_codes::NOT_A_PIPELINE;

/// Whose a pipeline is, by its ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// AWS manages it.
    Aws,
    /// The user of this account, twelve digits.
    Account(&'a str),
}

/// A name or ARN that the API takes as `PipelineNameOrArn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    text: String,
    name_at: usize,
}

impl ExternalId {
    /// Reads an External Id for a call that needs one.
    ///
    /// # Errors
    /// `InvalidExternalId` with what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::check(text).map_err(|wrong| {
            let hint = "It has to be the pipeline's name, or its ARN.";
            Error::invalid_external_id(text, &wrong, hint)
        })
    }

    /// Reads an External Id for a finding.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(text: &str) -> Result<Self, Problem> {
        let Some(arn) = text.starts_with("arn:").then(|| Arn::parse(text)).flatten() else {
            return match constraints::pipeline_name(text) {
                Some(wrong) => Err(wrong),
                None => Ok(Self {
                    text: text.to_owned(),
                    name_at: 0,
                }),
            };
        };
        if let Some(wrong) = limits::length(text, (1, constraints::ARN_LENGTH)) {
            return Err(wrong);
        }
        let name = arn.resource.strip_prefix("pipeline/").filter(|name| {
            arn.is_regional("sagemaker")
                && (arn.has_account() || arn.account == "aws")
                && constraints::pipeline_name(name).is_none()
        });
        match name {
            Some(name) => Ok(Self {
                name_at: text.len() - name.len(),
                text: text.to_owned(),
            }),
            None => Err(Problem::new(
                NOT_A_PIPELINE,
                "is not a pipeline's ARN; one looks like \
                 arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipeline",
            )),
        }
    }

    /// To the letter, as it goes into requests.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name alone.
    pub fn name(&self) -> &str {
        self.text.get(self.name_at..).unwrap_or(&self.text)
    }

    /// Whose the pipeline is; `None` for a name, which does not tell.
    pub fn owner(&self) -> Option<Owner<'_>> {
        Arn::parse(&self.text).map(|arn| match arn.account {
            "aws" => Owner::Aws,
            account => Owner::Account(account),
        })
    }

    /// The region of an ARN; `None` for a name.
    pub fn region(&self) -> Option<&str> {
        Arn::parse(&self.text).map(|arn| arn.region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_own_name_and_an_arn_ends_in_it() {
        assert_eq!(
            ExternalId::parse("My-Pipeline").unwrap().name(),
            "My-Pipeline"
        );
        for arn in [
            "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/My-Pipeline",
            "arn:aws-cn:sagemaker:cn-north-1:aws:pipeline/My-Pipeline",
        ] {
            let id = ExternalId::parse(arn).unwrap();
            assert_eq!((id.name(), id.as_str()), ("My-Pipeline", arn));
        }
    }

    #[test]
    fn the_account_of_an_arn_tells_whose_the_pipeline_is() {
        let owner = |account| {
            let arn = format!("arn:aws:sagemaker:eu-west-1:{account}:pipeline/p");
            format!("{:?}", ExternalId::parse(&arn).unwrap().owner())
        };
        assert_eq!(owner("aws"), "Some(Aws)");
        assert_eq!(owner("123456789012"), r#"Some(Account("123456789012"))"#);
        assert_eq!(ExternalId::parse("p").unwrap().owner(), None);
    }

    #[test]
    fn a_text_that_the_api_would_refuse_is_refused() {
        for text in [
            "",
            " ",
            "my pipeline",
            "-a",
            "a/b",
            "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/",
            "arn:aws:sagemaker:eu-west-1:1:pipeline/a",
            "arn:aws:s3:eu-west-1:123456789012:pipeline/a",
            "arn:aws:sagemaker:eu-west-1:123456789012:model/a",
            "arn:",
        ] {
            assert!(ExternalId::parse(text).is_err(), "{text:?}");
        }
    }
}
