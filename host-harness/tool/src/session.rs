//! From the command line to a plugin that can be called.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use polysync_host::contract::{Connection, Description};
use polysync_host::{
    Access, Grants, Host, HttpGrant, JobType, Limits, LoadError, LoadFault, Plugin, Slot, Source,
};
use polysync_host::{AwsEnvironment, HostError};

use crate::args::GlobalArgs;
use crate::attributes::{self, Owner};
use crate::failure::Failure;
use crate::job;
use crate::output::note;
use crate::render::style::{self, paint};

/// A loaded plugin, and what the command line says about it.
pub(crate) struct Session<'a> {
    global: &'a GlobalArgs,
    /// The plugin of the command line, and its place.
    plugin: Plugin,
    slot: Slot,
}

impl<'a> Session<'a> {
    /// Loads the plugin.
    pub(crate) async fn open(
        global: &'a GlobalArgs,
        concurrent_calls: u32,
    ) -> Result<Self, Failure> {
        let path = global
            .component
            .as_deref()
            .filter(|path| !path.as_os_str().is_empty())
            .ok_or_else(|| {
                Failure::Usage(
                    "no plugin is given: name its file with --component, or in POLYSYNC_COMPONENT"
                        .into(),
                )
            })?;
        let mut limits = Limits {
            concurrent_calls,
            ..Limits::recommended()
        };
        if let Some(timeout) = global.call_timeout {
            limits.call_timeout = timeout;
        }
        let host = host(limits, global)?;
        let source = match global.sha256 {
            Some(digest) => Source::file(path).pinned(digest),
            None => Source::file(path),
        };
        let plugin = host.load(source).await.map_err(unloadable)?;
        tracing::info!(
            id = plugin.description().id,
            version = plugin.description().version,
            sha256 = %plugin.digest(),
            "loaded {}",
            path.display()
        );
        let slot = Slot::new(plugin.clone());
        Ok(Self {
            global,
            plugin,
            slot,
        })
    }

    pub(crate) fn global(&self) -> &GlobalArgs {
        self.global
    }

    /// The place of the plugin.
    pub(crate) fn slot(&self) -> &Slot {
        &self.slot
    }

    /// What the plugin says of itself.
    pub(crate) fn description(&self) -> &Description {
        self.plugin.description()
    }

    /// The plugin on behalf of the connection of the command line.
    pub(crate) async fn connect(&self) -> Result<JobType, Failure> {
        let attributes =
            job::attributes_of("--connection-attribute", &self.global.connection_attribute)?;
        attributes::check(
            Owner::Connection,
            &attributes,
            &self.description().connection_attributes,
        )?;
        let environment =
            AwsEnvironment::load(given(&self.global.profile), given(&self.global.region)).await;
        let region = environment.region.ok_or_else(|| {
            anyhow!("no region is configured: give --region, set AWS_REGION, or set `region` in the AWS profile")
        })?;
        let endpoint = given(&self.global.endpoint_url)
            .map(str::to_owned)
            .or(environment.endpoint);
        let grants = grants(self.global, self.description(), endpoint.as_deref())?;
        tracing::info!(region, endpoint, ?grants, "connecting");
        let connection = Connection {
            region,
            endpoint,
            attributes,
        };
        Ok(self
            .slot
            .for_connection(connection, Access::new(grants, environment.credentials)))
    }
}

/// A host that keeps what it compiles, unless nobody says where or it can't.
fn host(limits: Limits, global: &GlobalArgs) -> Result<Host, Failure> {
    let directory = match (&global.cache, global.no_cache) {
        (_, true) => None,
        (Some(given), _) => Some(std::path::absolute(given).context("cannot use --cache")?),
        (None, _) => cache_of_the_user(),
    };
    let Some(directory) = directory else {
        return Ok(Host::new(limits).map_err(anyhow::Error::new)?);
    };
    match Host::with_cache(limits.clone(), &directory) {
        Err(error @ HostError::Cache { .. }) => {
            note(&format!(
                "{} {error}; the plugin is compiled anew each time",
                paint(style::WARNING, "warning:")
            ));
            Ok(Host::new(limits).map_err(anyhow::Error::new)?)
        }
        host => Ok(host.map_err(anyhow::Error::new)?),
    }
}

/// Where the user's programs keep what they can make again.
fn cache_of_the_user() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    variable("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| Some(variable("HOME")?.join(".cache")).filter(|path| path.is_absolute()))
        .map(|path| path.join("polysync"))
}

/// An option's value; an empty one, as unset variables leave behind, is none.
fn given(option: &Option<String>) -> Option<&str> {
    option.as_deref().filter(|value| !value.is_empty())
}

fn unloadable(error: LoadError) -> Failure {
    let hint = match &error.fault {
        LoadFault::Read(_) => "; give the path of a plugin with --component",
        LoadFault::Describe(_) => "; report it to the plugin's authors",
        _ => "",
    };
    Failure::Tool(anyhow!("{error}{hint}"))
}

/// What the operator allows: what the options say; where they don't, the endpoint's origin if there
/// is an endpoint, and otherwise what the plugin needs.
fn grants(
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
            .map(|need| need.parse().map_err(misread_need))
            .collect::<Result<_, _>>()?,
        (grants, _) => grants.to_vec(),
    };
    let grants = http.into_iter().fold(Grants::none(), Grants::allow_http);
    match global.grant_service.as_slice() {
        [] => needs("aws-signing").try_fold(grants, |grants, service| {
            grants.allow_signing(service).map_err(misread_need)
        }),
        services => services.iter().try_fold(grants, |grants, service| {
            grants
                .allow_signing(service)
                .map_err(|error| Failure::Usage(error.to_string()))
        }),
    }
}

fn misread_need(error: impl std::fmt::Display) -> Failure {
    Failure::Tool(anyhow!(
        "the plugin needs what this tool can't grant: {error}; use --grant and --grant-service"
    ))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use polysync_host::contract::Need;

    use super::*;
    use crate::args::Cli;
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
        grants(&cli.global, &description, endpoint)
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
    fn with_an_endpoint_it_gets_that_one_and_no_other() {
        let endpoint = "http://127.0.0.1:4566/base";
        let expected = with(HttpGrant::from_endpoint(endpoint).unwrap(), "example");
        assert_eq!(granted(&[], Some(endpoint)).unwrap(), expected);
    }

    #[test]
    fn grants_of_the_operator_take_the_place_of_all_others() {
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
    fn an_endpoint_that_is_no_url_is_a_wrong_command_line() {
        let failure = granted(&[], Some("localhost:4566")).unwrap_err();
        assert!(
            matches!(&failure, Failure::Usage(message) if message.contains("localhost:4566")),
            "{failure}"
        );
    }
}
