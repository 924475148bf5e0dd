//! What the plugin may do: which origins it may connect to, and which services it may sign for.

use anyhow::anyhow;
use polysync_host::contract::Description;
use polysync_host::{Grants, HttpGrant};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;

/// The grants of the options. Without options, the endpoint's origin if there is an endpoint, and
/// otherwise what the plugin says it needs.
pub(crate) fn from_arguments(
    global: &GlobalArgs,
    description: &Description,
    endpoint: Option<&str>,
) -> Result<Grants, Failure> {
    let needs = |capability: &'static str| {
        description
            .needs
            .iter()
            .filter(move |need| need.capability == capability)
            .map(|need| need.value.as_str())
    };
    let http: Vec<HttpGrant> = match (global.grant.as_slice(), endpoint) {
        ([], Some(endpoint)) => {
            vec![HttpGrant::from_endpoint(endpoint).map_err(|error| {
                Failure::Usage(format!(
                    "the endpoint URL {error}; write for example https://api.example.com"
                ))
            })?]
        }
        ([], None) => needs("http")
            .map(|need| need.parse().map_err(need_not_understood))
            .collect::<Result<_, _>>()?,
        (grants, _) => grants.to_vec(),
    };
    let grants = http.into_iter().fold(Grants::none(), Grants::allow_http);
    match global.grant_service.as_slice() {
        [] => needs("aws-signing").try_fold(grants, |grants, service| {
            grants.allow_signing(service).map_err(need_not_understood)
        }),
        services => services.iter().try_fold(grants, |grants, service| {
            grants
                .allow_signing(service)
                .map_err(|error| Failure::Usage(error.to_string()))
        }),
    }
}

fn need_not_understood(error: impl std::fmt::Display) -> Failure {
    Failure::Tool(anyhow!(
        "the plugin needs something that this tool can't grant: {error}; use --grant and --grant-service"
    ))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use polysync_host::contract::Need;

    use super::*;
    use crate::cli::Cli;
    use crate::samples;

    fn granted(options: &[&str], endpoint: Option<&str>) -> Result<Grants, Failure> {
        let need = |capability: &str, value: &str| Need {
            capability: capability.into(),
            value: value.into(),
        };
        let description = Description {
            needs: vec![
                need("http", "https://api.*.example.com"),
                need("aws-signing", "example"),
            ],
            ..samples::description()
        };
        let cli = Cli::parse_from(["polysync-harness", "describe"].iter().chain(options));
        from_arguments(&cli.global, &description, endpoint)
    }

    fn with(http: HttpGrant, service: &str) -> Grants {
        Grants::none()
            .allow_http(http)
            .allow_signing(service)
            .unwrap()
    }

    #[test]
    fn by_default_a_plugin_gets_what_it_needs() {
        let expected = with("https://api.*.example.com".parse().unwrap(), "example");
        assert_eq!(granted(&[], None).unwrap(), expected);
    }

    #[test]
    fn with_an_endpoint_a_plugin_gets_only_that() {
        let endpoint = "http://127.0.0.1:4566/base";
        let expected = with(HttpGrant::from_endpoint(endpoint).unwrap(), "example");
        assert_eq!(granted(&[], Some(endpoint)).unwrap(), expected);
    }

    #[test]
    fn grants_of_the_operator_replace_all_others() {
        let options = [
            "--grant",
            "https://proxy.example.org",
            "--grant-service",
            "other",
        ];
        let expected = with("https://proxy.example.org".parse().unwrap(), "other");
        assert_eq!(
            granted(&options, Some("http://127.0.0.1:4566")).unwrap(),
            expected
        );
    }

    #[test]
    fn an_endpoint_that_is_not_a_url_is_a_wrong_command_line() {
        let failure = granted(&[], Some("localhost:4566")).unwrap_err();
        assert!(
            matches!(&failure, Failure::Usage(message) if message.contains("localhost:4566")),
            "{failure}"
        );
    }
}
