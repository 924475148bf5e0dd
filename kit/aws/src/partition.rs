//! AWS partitions: which one a region belongs to, and the suffixes of host names there.
//!
//! The Rust SDKs generate this data into the crate of each service, where it is private.
//!
//! Source: the `partitions` data that the AWS SDKs share (region patterns and DNS suffixes), and
//! AWS's documentation for the console's hosts.

/// A group of regions that share the suffixes of their host names.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// As it stands in ARNs, for example `aws-cn`.
    pub id: &'static str,
    /// The beginnings of the names of its regions, before `-WORD-NUMBER`.
    region_prefixes: &'static [&'static str],
    /// The end of a service's host name.
    pub dns_suffix: &'static str,
    /// The end of the host name of an endpoint that answers over IPv4 and IPv6.
    pub dual_stack_dns_suffix: &'static str,
    /// The end of the console's host name; `None` where it is not known.
    pub console_suffix: Option<&'static str>,
}

/// All partitions. A region that belongs to none of them counts as one of the first.
pub const PARTITIONS: [Partition; 8] = [
    Partition {
        id: "aws",
        region_prefixes: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        console_suffix: Some("console.aws.amazon.com"),
    },
    Partition {
        id: "aws-cn",
        region_prefixes: &["cn"],
        dns_suffix: "amazonaws.com.cn",
        dual_stack_dns_suffix: "api.amazonwebservices.com.cn",
        console_suffix: Some("console.amazonaws.cn"),
    },
    Partition {
        id: "aws-eusc",
        region_prefixes: &["eusc-de"],
        dns_suffix: "amazonaws.eu",
        dual_stack_dns_suffix: "api.amazonwebservices.eu",
        console_suffix: Some("console.amazonaws-eusc.eu"),
    },
    Partition {
        id: "aws-iso",
        region_prefixes: &["us-iso"],
        dns_suffix: "c2s.ic.gov",
        dual_stack_dns_suffix: "api.aws.ic.gov",
        console_suffix: None,
    },
    Partition {
        id: "aws-iso-b",
        region_prefixes: &["us-isob"],
        dns_suffix: "sc2s.sgov.gov",
        dual_stack_dns_suffix: "api.aws.scloud",
        console_suffix: None,
    },
    Partition {
        id: "aws-iso-e",
        region_prefixes: &["eu-isoe"],
        dns_suffix: "cloud.adc-e.uk",
        dual_stack_dns_suffix: "api.cloud-aws.adc-e.uk",
        console_suffix: None,
    },
    Partition {
        id: "aws-iso-f",
        region_prefixes: &["us-isof"],
        dns_suffix: "csp.hci.ic.gov",
        dual_stack_dns_suffix: "api.aws.hci.ic.gov",
        console_suffix: None,
    },
    Partition {
        id: "aws-us-gov",
        region_prefixes: &["us-gov"],
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        console_suffix: Some("console.amazonaws-us-gov.com"),
    },
];

impl Partition {
    /// The partition of a region. A region that fits no partition belongs to `aws`, as in the
    /// SDKs, so that a region newer than this table works.
    pub fn for_region(region: &str) -> &'static Partition {
        let [aws, ..] = &PARTITIONS;
        PARTITIONS
            .iter()
            .find(|partition| partition.contains(region))
            .unwrap_or(aws)
    }

    fn contains(&self, region: &str) -> bool {
        let is_global = region.strip_suffix("-global") == Some(self.id);
        is_global
            || self.region_prefixes.iter().any(|prefix| {
                region
                    .strip_prefix(prefix)
                    .and_then(|rest| rest.strip_prefix('-'))
                    .is_some_and(is_word_and_number)
            })
    }
}

/// `\w+-\d+`
fn is_word_and_number(text: &str) -> bool {
    text.split_once('-').is_some_and(|(word, number)| {
        !word.is_empty()
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_belongs_to_its_partition() {
        for (region, id) in [
            ("us-east-1", "aws"),
            ("ap-southeast-7", "aws"),
            ("aws-global", "aws"),
            ("cn-northwest-1", "aws-cn"),
            ("aws-cn-global", "aws-cn"),
            ("eusc-de-east-1", "aws-eusc"),
            ("us-iso-west-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("us-gov-west-1", "aws-us-gov"),
            ("eu-moon-12", "aws"),
            ("xx-unheard-of-1", "aws"),
        ] {
            assert_eq!(Partition::for_region(region).id, id, "{region}");
        }
    }
}
