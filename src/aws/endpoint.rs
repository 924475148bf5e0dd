//! Where a service answers: its endpoint rules in every partition, or the connection's override.

use super::partition::Partition;

/// The service's own base URL in a region, without a slash at the end.
///
/// SageMaker's endpoint rules: the FIPS host is `api-fips.sagemaker` in `aws` and `aws-us-gov`, and
/// `api.sagemaker-fips` elsewhere and with dual-stack.
pub fn regional(region: &str, fips: bool, dual_stack: bool) -> String {
    let partition = Partition::of_region(region);
    let (host, suffix) = host_and_suffix(partition, fips, dual_stack);
    format!("https://{host}.{region}.{suffix}")
}

/// The origins of every endpoint that [`regional`] can give, with `*` in place of the region.
pub fn origin_patterns() -> Vec<String> {
    let mut patterns = Vec::new();
    for partition in &super::partition::PARTITIONS {
        for (fips, dual_stack) in [(false, false), (true, false), (false, true), (true, true)] {
            let (host, suffix) = host_and_suffix(partition, fips, dual_stack);
            let pattern = format!("https://{host}.*.{suffix}");
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
    }
    patterns
}

fn host_and_suffix(
    partition: &Partition,
    fips: bool,
    dual_stack: bool,
) -> (&'static str, &'static str) {
    let fips_first = matches!(partition.id, "aws" | "aws-us-gov");
    let host = match (fips, dual_stack) {
        (false, _) => "api.sagemaker",
        (true, false) if fips_first => "api-fips.sagemaker",
        (true, _) => "api.sagemaker-fips",
    };
    let suffix = if dual_stack {
        partition.dual_stack_dns_suffix
    } else {
        partition.dns_suffix
    };
    (host, suffix)
}

/// A base URL that may be used in place of the service's own, and the host to sign for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// What requests are sent to, ending in a slash.
    pub url: String,
    /// The `host` header: name, and port where it isn't the scheme's own.
    pub host: String,
    /// The URL's path, for the canonical request.
    pub path: String,
}

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{url:?} is no endpoint: it has to be https://HOST, https://HOST:PORT or the same with http, \
     optionally with a path, in plain ASCII and without user, query and fragment"
)]
pub struct EndpointError {
    url: String,
}

impl Endpoint {
    /// Takes a base URL apart.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let error = || EndpointError {
            url: url.to_owned(),
        };
        let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
        let (scheme, default_port) = match lower {
            s if s.starts_with("https://") => ("https", "443"),
            s if s.starts_with("http://") => ("http", "80"),
            _ => return Err(error()),
        };
        let rest = url.get(scheme.len() + 3..).unwrap_or_default();
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let (name, port) = match authority.rsplit_once(':') {
            // An IPv6 address has colons of its own.
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            _ => (authority, None),
        };
        let name_is_valid = if let Some(address) = name.strip_prefix('[') {
            address.strip_suffix(']').is_some_and(|a| {
                !a.is_empty()
                    && a.bytes()
                        .all(|b| b.is_ascii_hexdigit() || b":.".contains(&b))
            })
        } else {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        };
        let port_is_valid = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|p| p != 0));
        let path = path.trim_end_matches('/');
        // Only what a URL parser leaves as it is: a signature covers the path to the letter.
        let path_is_valid = path.split('/').skip(1).all(|segment| {
            !matches!(segment, "" | "." | "..")
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
        });
        if !(name_is_valid && port_is_valid && path_is_valid) {
            return Err(error());
        }
        let name = name.to_ascii_lowercase();
        let host = match port {
            Some(port) if port != default_port => format!("{name}:{port}"),
            _ => name,
        };
        let path = format!("{path}/");
        Ok(Self {
            url: format!("{scheme}://{host}{path}"),
            host,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_follows_the_services_rules_in_every_partition() {
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
            assert_eq!(regional(region, fips, dual_stack), url);
        }
    }

    #[test]
    fn every_endpoint_fits_one_of_the_patterns() {
        let patterns = origin_patterns();
        for region in ["eu-west-1", "cn-north-1", "us-isob-east-1", "us-gov-west-1"] {
            for (fips, dual_stack) in [(false, false), (true, false), (false, true), (true, true)] {
                let pattern = regional(region, fips, dual_stack).replace(region, "*");
                assert!(patterns.contains(&pattern), "{pattern}");
            }
        }
    }

    #[test]
    fn an_endpoint_override_is_taken_apart() {
        for (url, full, host, path) in [
            (
                "http://127.0.0.1:4566",
                "http://127.0.0.1:4566/",
                "127.0.0.1:4566",
                "/",
            ),
            (
                "HTTPS://Example.COM:443/",
                "https://example.com/",
                "example.com",
                "/",
            ),
            (
                "https://example.com/aws/sagemaker",
                "https://example.com/aws/sagemaker/",
                "example.com",
                "/aws/sagemaker/",
            ),
            ("http://[::1]:8080", "http://[::1]:8080/", "[::1]:8080", "/"),
            ("http://[::1]", "http://[::1]/", "[::1]", "/"),
        ] {
            let endpoint = Endpoint::parse(url).unwrap();
            assert_eq!(
                (
                    endpoint.url.as_str(),
                    endpoint.host.as_str(),
                    endpoint.path.as_str()
                ),
                (full, host, path)
            );
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for url in [
            "",
            "https://",
            "example.com",
            "ftp://example.com",
            "https://user@example.com",
            "https://example.com:0",
            "https://example.com:99999",
            "https://example.com/?q",
            "https://example.com/#f",
            "https://exa mple.com",
            "https://example.com:port",
            "https://a/..",
            "https://a/./b",
            "https://a//b",
            "https://[::1",
            "https://é.example",
            "https:/example.com",
            "é",
        ] {
            assert!(Endpoint::parse(url).is_err(), "{url}");
        }
    }
}
