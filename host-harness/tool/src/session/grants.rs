//! What the plugin may do: which origins it may connect to, and which services it may sign for.
//!
//! The options of the command line come first, and an endpoint of the operator stands for its own
//! origin. What they leave open, the plugin may ask for, and a person decides.

use polysync_host::contract::Connection;
use polysync_host::{GrantRequest, Grants, HttpGrant, Plugin};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;
use crate::session::consent;

/// What the plugin is granted. A person may be asked.
pub(crate) async fn for_plugin(
    global: &GlobalArgs,
    plugin: &Plugin,
    connection: &Connection,
) -> Result<Grants, Failure> {
    let endpoint = connection.endpoint.as_deref();
    let grants = from_options(global, endpoint)?;
    let requests = plugin
        .requests(connection)
        .await
        .map_err(anyhow::Error::new)?;
    let missing = requests.missing_from(&grants);
    // A plugin that can't tell what this connection needs asks for the origins of every other one.
    let is_endpoint_enough = endpoint.is_some() && !plugin.tells_needs_exactly();
    let open = left_open(global, is_endpoint_enough, missing.valid());
    if open.is_empty() {
        return Ok(grants);
    }
    let accepted = consent::accepted(global, plugin, open, missing.refused())?;
    Ok(grants.accept(&accepted))
}

/// The grants of the options, and the origin of the endpoint where no origin is among them.
pub(super) fn from_options(global: &GlobalArgs, endpoint: Option<&str>) -> Result<Grants, Failure> {
    let own_origin = endpoint
        .filter(|_| global.grant.is_empty())
        .map(HttpGrant::from_endpoint)
        .transpose()
        .map_err(|error| {
            Failure::Usage(format!(
                "the endpoint URL {error}; write for example https://api.example.com"
            ))
        })?;
    let origins = global.grant.iter().cloned().chain(own_origin);
    let grants = origins.fold(Grants::none(), Grants::allow_http);
    global
        .grant_service
        .iter()
        .try_fold(grants, |grants, service| grants.allow_signing(service))
        .map_err(|error| Failure::Usage(error.to_string()))
}

/// The requests that the options leave open. `--grant` decides about all origins, and so does an endpoint
/// that is enough; `--grant-service` decides about all services to sign for.
fn left_open(
    global: &GlobalArgs,
    is_endpoint_enough: bool,
    requests: &[GrantRequest],
) -> Vec<GrantRequest> {
    let is_open = |request: &&GrantRequest| match request.capability() {
        "http" => global.grant.is_empty() && !is_endpoint_enough,
        _ => global.grant_service.is_empty(),
    };
    requests.iter().filter(is_open).cloned().collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use polysync_host::GrantRequests;
    use polysync_host::contract::Need;

    use super::*;
    use crate::cli::Cli;

    const ENDPOINT: &str = "http://127.0.0.1:4566/base";

    fn cli(options: &[&str]) -> Cli {
        Cli::parse_from(["polysync-harness", "describe"].iter().chain(options))
    }

    fn granted(options: &[&str], endpoint: Option<&str>) -> Grants {
        from_options(&cli(options).global, endpoint).unwrap()
    }

    fn open(options: &[&str], endpoint: Option<&str>) -> Vec<String> {
        let need = |capability: &str, value: &str| Need {
            capability: capability.into(),
            value: value.into(),
        };
        let requests = GrantRequests::from_needs(&[
            need("http", endpoint.unwrap_or("https://api.*.example.com")),
            need("http", "https://logs.example.com"),
            need("aws-signing", "example"),
        ]);
        let requests = requests.missing_from(&granted(options, endpoint));
        left_open(&cli(options).global, false, requests.valid())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn without_options_nothing_is_granted_and_all_is_open() {
        assert_eq!(granted(&[], None), Grants::none());
        assert_eq!(
            open(&[], None),
            [
                "http https://api.*.example.com",
                "http https://logs.example.com",
                "aws-signing example"
            ]
        );
    }

    #[test]
    fn an_endpoint_stands_for_its_own_origin_and_all_else_stays_open() {
        let expected = Grants::none().allow_http(HttpGrant::from_endpoint(ENDPOINT).unwrap());
        assert_eq!(granted(&[], Some(ENDPOINT)), expected);
        for endpoint in [ENDPOINT, "https://gateway.example.com/base"] {
            assert_eq!(
                open(&[], Some(endpoint)),
                ["http https://logs.example.com", "aws-signing example"]
            );
        }
    }

    #[test]
    fn grants_of_the_operator_replace_all_others_of_their_kind() {
        let origin = ["--grant", "https://proxy.example.org"];
        let service = ["--grant-service", "other"];
        let http = Grants::none().allow_http("https://proxy.example.org".parse().unwrap());
        let both = http.clone().allow_signing("other").unwrap();
        assert_eq!(granted(&origin, Some(ENDPOINT)), http);
        assert_eq!(open(&origin, Some(ENDPOINT)), ["aws-signing example"]);
        assert_eq!(
            open(&service, None),
            [
                "http https://api.*.example.com",
                "http https://logs.example.com"
            ]
        );
        let options = [origin, service].concat();
        assert_eq!(granted(&options, None), both);
        assert!(open(&options, None).is_empty());
    }

    #[test]
    fn an_endpoint_that_is_not_a_url_or_a_metadata_service_is_a_wrong_command_line() {
        for endpoint in ["localhost:4566", "http://169.254.169.254"] {
            let failure = from_options(&cli(&[]).global, Some(endpoint)).unwrap_err();
            assert!(
                matches!(&failure, Failure::Usage(message) if message.contains(endpoint)),
                "{failure}"
            );
        }
    }
}
