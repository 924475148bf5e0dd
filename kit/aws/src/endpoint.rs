//! The address of a service: by its endpoint rule in every partition, or by the connection's
//! override.

use std::net::Ipv6Addr;

use http::Uri;
use http::uri::Scheme;
use job_type_kit::{FindingCode, Problem};

use crate::partition::{PARTITIONS, Partition};
use crate::region::Region;
use crate::service::Service;
use crate::variant::Variant;

/// The origins of every endpoint that [`Endpoint::regional`] can give, with `*` in place of the
/// region.
pub fn origin_patterns(service: &Service) -> Vec<String> {
    let mut patterns = Vec::new();
    for partition in &PARTITIONS {
        for variant in Variant::ALL {
            let pattern = format!("https://{}", host(service, partition, "*", variant));
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
    }
    patterns
}

fn host(service: &Service, partition: &Partition, region: &str, variant: Variant) -> String {
    let service = (service.endpoint_rule)(partition, variant);
    let suffix = if variant.dual_stack {
        partition.dual_stack_dns_suffix
    } else {
        partition.dns_suffix
    };
    [service, region, suffix].join(".")
}

/// The most bytes of name and port, so that an origin is the value of a need: the contract allows 256.
const LONGEST_HOST: usize = 256 - "https://".len();

/// A base URL for requests, and the parts of it that are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The URL of every request; it ends with a slash.
    pub url: String,
    /// The `host` header: the name, and the port unless it is the scheme's default.
    pub host: String,
    /// The URL's path, for the canonical request.
    pub path: String,
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{url:?} is not an endpoint: it has to be https://HOST, https://HOST:PORT or the same with \
     http, optionally with a path, in plain ASCII and without user, query and fragment"
)]
pub struct EndpointError {
    url: String,
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        Self::new(FindingCode::NotAUrl, error.to_string())
    }
}

impl Endpoint {
    /// The service's own endpoint in a region.
    pub fn regional(service: &Service, region: &Region, variant: Variant) -> Self {
        let region = region.as_str();
        let host = host(service, Partition::for_region(region), region, variant);
        Self {
            url: ["https://", &host, "/"].concat(),
            host,
            path: "/".to_owned(),
        }
    }

    /// Whether the name is one of AWS: of a service, or of a service's VPC endpoint.
    pub fn is_of_aws(&self) -> bool {
        let name = self.host.split(':').next().unwrap_or_default();
        PARTITIONS.iter().any(|partition| {
            [partition.dns_suffix, partition.dual_stack_dns_suffix]
                .into_iter()
                .filter_map(|suffix| name.strip_suffix(suffix))
                .any(|before| before.ends_with('.'))
        })
    }

    /// The URL without its path.
    pub fn origin(&self) -> &str {
        let path = self.url.len() - self.path.len();
        self.url.get(..path).unwrap_or(&self.url)
    }

    /// Reads a base URL.
    ///
    /// # Errors
    /// Where the text is not a URL, or has parts that no base URL of a service has.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        Self::read(url).ok_or_else(|| EndpointError {
            url: url.to_owned(),
        })
    }

    fn read(url: &str) -> Option<Self> {
        // `Uri` drops a fragment silently.
        let uri: Uri = (!url.contains('#')).then(|| url.parse().ok())??;
        let scheme = uri.scheme()?;
        let default_port = match scheme {
            scheme if *scheme == Scheme::HTTPS => 443,
            scheme if *scheme == Scheme::HTTP => 80,
            _ => return None,
        };
        let authority = uri.authority()?;
        let name = authority.host();
        let port = match authority.as_str().strip_prefix(name)? {
            "" => None,
            _ => Some(authority.port_u16().filter(|port| *port != 0)?),
        };
        let path = uri.path().trim_end_matches('/');
        if !(is_host_name(name) && is_canonical(path) && uri.query().is_none()) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        let host = match port {
            Some(port) if port != default_port => format!("{name}:{port}"),
            _ => name,
        };
        if host.len() > LONGEST_HOST {
            return None;
        }
        let path = format!("{path}/");
        Some(Self {
            url: format!("{scheme}://{host}{path}"),
            host,
            path,
        })
    }
}

/// `Uri` accepts more characters in a name than host names have, and anything in brackets.
fn is_host_name(name: &str) -> bool {
    if let Some(address) = name.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address.parse::<Ipv6Addr>().is_ok();
    }
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// Whether no URL parser changes the path. A signature covers its exact bytes.
fn is_canonical(path: &str) -> bool {
    path.split('/').skip(1).all(|segment| {
        !matches!(segment, "" | "." | "..")
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ECHO;

    #[test]
    fn an_endpoint_has_the_services_host_and_the_partitions_suffix() {
        for (region, variant, url) in [
            (
                "eu-west-1",
                Variant::default(),
                "https://echo.eu-west-1.amazonaws.com/",
            ),
            (
                "cn-north-1",
                Variant::new(true, false),
                "https://echo-fips.cn-north-1.amazonaws.com.cn/",
            ),
            (
                "us-east-1",
                Variant::new(true, true),
                "https://echo-fips.us-east-1.api.aws/",
            ),
        ] {
            let endpoint = Endpoint::regional(&ECHO, &Region::parse(region).unwrap(), variant);
            assert_eq!(endpoint.url, url);
            assert_eq!(Endpoint::parse(url).unwrap(), endpoint);
        }
    }

    #[test]
    fn every_endpoint_fits_one_of_the_patterns() {
        let patterns = origin_patterns(&ECHO);
        for region in ["eu-west-1", "cn-north-1", "us-isob-east-1", "us-gov-west-1"] {
            for variant in Variant::ALL {
                let parsed = Region::parse(region).unwrap();
                let url = Endpoint::regional(&ECHO, &parsed, variant).url;
                let pattern = url.trim_end_matches('/').replace(region, "*");
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
    fn a_text_that_is_not_a_base_url_is_refused() {
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
            "https://exa$mple.com",
            "https://[::1]x",
            "https://[]",
            "https://:80",
            "/path",
            "https:/example.com",
            "é",
        ] {
            assert!(Endpoint::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn an_origin_is_no_longer_than_the_value_of_a_need() {
        let longest = format!("https://{}:8443", "a".repeat(243));
        assert_eq!(Endpoint::parse(&longest).unwrap().origin(), longest);
        assert_eq!(longest.len(), 256);
        let longer = format!("https://{}:8443", "a".repeat(244));
        assert!(Endpoint::parse(&longer).is_err());
    }
}
