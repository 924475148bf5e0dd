//! SageMaker's endpoint rule: the part of the host name that depends on the partition and the variant.

use aws_kit::partition::Partition;
use aws_kit::variant::Variant;

/// Source: the endpoint rules that the AWS SDKs share. FIPS endpoints have their older name in `aws`
/// and `aws-us-gov`, unless they are dual-stack.
pub fn endpoint_rule(partition: &Partition, variant: Variant) -> &'static str {
    match variant {
        Variant { fips: false, .. } => "api.sagemaker",
        Variant {
            dual_stack: false, ..
        } if matches!(partition.id, "aws" | "aws-us-gov") => "api-fips.sagemaker",
        _ => "api.sagemaker-fips",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::SAGEMAKER;
    use aws_kit::endpoint::Endpoint;
    use aws_kit::region::Region;

    #[test]
    fn the_endpoint_follows_sagemakers_rules_in_every_partition() {
        for (region, fips, dual_stack, url) in [
            (
                "eu-west-1",
                false,
                false,
                "https://api.sagemaker.eu-west-1.amazonaws.com",
            ),
            (
                "us-east-1",
                true,
                false,
                "https://api-fips.sagemaker.us-east-1.amazonaws.com",
            ),
            (
                "us-gov-west-1",
                true,
                false,
                "https://api-fips.sagemaker.us-gov-west-1.amazonaws.com",
            ),
            (
                "us-east-1",
                false,
                true,
                "https://api.sagemaker.us-east-1.api.aws",
            ),
            (
                "us-east-1",
                true,
                true,
                "https://api.sagemaker-fips.us-east-1.api.aws",
            ),
            (
                "cn-north-1",
                false,
                false,
                "https://api.sagemaker.cn-north-1.amazonaws.com.cn",
            ),
            (
                "cn-north-1",
                true,
                false,
                "https://api.sagemaker-fips.cn-north-1.amazonaws.com.cn",
            ),
            (
                "eusc-de-east-1",
                false,
                true,
                "https://api.sagemaker.eusc-de-east-1.api.amazonwebservices.eu",
            ),
        ] {
            let variant = Variant::new(fips, dual_stack);
            let region = Region::parse(region).unwrap();
            let endpoint = Endpoint::regional(&SAGEMAKER, &region, variant);
            assert_eq!(endpoint.url, format!("{url}/"));
        }
    }
}
