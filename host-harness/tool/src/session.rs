//! From the command line to a plugin that can be called.

pub(crate) mod components;
mod consent;
mod grants;
mod grants_file;
mod host;
pub(crate) mod network;
pub(crate) mod not_granted;
mod user_directory;

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use polysync_host::contract::{Attribute, AttributeDefinition, Connection, Description};
use polysync_host::{
    Access, AwsEnvironment, GrantRequests, Grants, Host, JobType, Limits, LoadError, LoadFault,
    NeedsPolicy, Plugin, ReqwestClient, Slot, WhenNeedsGrow,
};

use self::components::Component;
use crate::cli::global::GlobalArgs;
use crate::failure::Failure;
use crate::invocation::Given;
use crate::job::{self, attributes};
use crate::non_blank::non_blank;

/// What the host's memory has for each call at least, in bytes. Half of it is the call's own share.
const MEMORY_OF_A_CALL: usize = 16 << 20;

/// How long a call waits for its turn: longer than a list of many thousand runs takes.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// A loaded plugin, with the options of the command line that are about it.
pub(crate) struct Session<'a> {
    global: &'a GlobalArgs,
    /// What the command line says of the plugin.
    component: Component,
    /// The plugin of the command line.
    plugin: Plugin,
    /// Where other plugins may take over from it.
    slot: Slot,
    /// The attributes that a connection of any of the command's plugins can have.
    connection_attributes: Arc<[AttributeDefinition]>,
}

impl<'a> Session<'a> {
    /// Loads the one plugin of a command that makes one call at a time.
    pub(crate) async fn open(global: &'a GlobalArgs) -> Result<Self, Failure> {
        let component = components::one(global)?;
        // Two, where one is dropped while the next one begins.
        let host = host::with_cache(limits(global, 2, 1), global)?;
        let plugin = load(&host, &component).await?;
        let defined = plugin.description().connection_attributes.clone();
        Ok(Self::new(global, component, plugin, defined.into()))
    }

    /// Loads plugins, each of a job type of its own. `concurrent_calls` is how many of all their calls may
    /// run at the same time.
    pub(crate) async fn open_all(
        global: &'a GlobalArgs,
        concurrent_calls: u32,
        components: Vec<Component>,
    ) -> Result<Vec<Self>, Failure> {
        let host = host::with_cache(limits(global, concurrent_calls, components.len()), global)?;
        let mut loaded: Vec<(Component, Plugin)> = Vec::new();
        for component in components {
            let plugin = load(&host, &component).await?;
            let id = &plugin.description().id;
            let same = loaded
                .iter()
                .find(|(_, other)| other.description().id == *id);
            if let Some((other, _)) = same {
                return Err(Failure::Usage(format!(
                    "{} and {} are both of the job type `{id}`: give one --component for each job type",
                    other.path.display(),
                    component.path.display()
                )));
            }
            loaded.push((component, plugin));
        }
        let defined = loaded.iter().flat_map(|(_, plugin)| {
            let description = plugin.description();
            description.connection_attributes.iter().cloned()
        });
        let defined: Arc<[_]> = defined.collect();
        let sessions = loaded.into_iter().map(|(component, plugin)| {
            let defined = Arc::clone(&defined);
            Self::new(global, component, plugin, defined)
        });
        Ok(sessions.collect())
    }

    fn new(
        global: &'a GlobalArgs,
        component: Component,
        plugin: Plugin,
        connection_attributes: Arc<[AttributeDefinition]>,
    ) -> Self {
        Self {
            global,
            component,
            slot: Slot::new(plugin.clone()),
            plugin,
            connection_attributes,
        }
    }

    pub(crate) fn global(&self) -> &GlobalArgs {
        self.global
    }

    /// What the command line says of the plugin.
    pub(crate) fn component(&self) -> &Component {
        &self.component
    }

    /// What a command to go on with is made of.
    pub(crate) fn given(&self) -> Given<'_> {
        Given {
            global: self.global,
            description: self.description(),
        }
    }

    /// The slot that the plugin serves in.
    pub(crate) fn slot(&self) -> &Slot {
        &self.slot
    }

    /// The description that the plugin gives of itself.
    pub(crate) fn description(&self) -> &Description {
        self.plugin.description()
    }

    /// The job type for the connection of the command line. A person may be asked what the plugin is
    /// granted.
    pub(crate) async fn connect(&self) -> Result<JobType, Failure> {
        self.connect_and_swap(WhenNeedsGrow::default()).await
    }

    /// The same, for a slot in which plugins may be swapped that ask for more.
    pub(crate) async fn connect_and_swap(
        &self,
        when_needs_grow: WhenNeedsGrow,
    ) -> Result<JobType, Failure> {
        let platform = self.platform().await?;
        let endpoint = platform.connection.endpoint.as_deref();
        let grants = grants::for_plugin(self.global, &self.plugin, &platform.connection).await?;
        tracing::info!(platform.connection.region, endpoint, ?grants, "connecting");
        self.slot.set_policy(NeedsPolicy {
            when_needs_grow,
            granted: grants.clone(),
        });
        Ok(platform.job_type(&self.slot, grants))
    }

    /// What the plugin asks to be granted for the connection of the command line and the environment, and
    /// what their options grant; none where they name no region.
    pub(crate) async fn requests(&self) -> Result<Option<(GrantRequests, Grants)>, Failure> {
        let Some(platform) = self.platform_if_named().await? else {
            return Ok(None);
        };
        let connection = &platform.connection;
        let grants = grants::from_options(self.global, connection.endpoint.as_deref())?;
        let requests = self.plugin.requests(connection).await?;
        Ok(Some((requests, grants)))
    }

    /// The job type for calls that don't ask the platform: nothing is granted, and nobody is asked.
    pub(crate) async fn without_platform(&self) -> Result<JobType, Failure> {
        let platform = self.platform().await?;
        Ok(platform.job_type(&self.slot, Grants::none()))
    }

    /// The platform that the command line and the environment name.
    async fn platform(&self) -> Result<Platform, Failure> {
        let platform = self.platform_if_named().await?;
        Ok(platform.ok_or_else(|| {
            anyhow!("no region is configured: give --region, set AWS_REGION, or set `region` in the AWS profile")
        })?)
    }

    /// The attributes of the connection that are given and that the plugin defines.
    fn attributes(&self) -> Result<Vec<Attribute>, Failure> {
        let given = job::attributes_from_pairs(
            "--connection-attribute",
            &self.global.connection_attribute,
        )?;
        let owner = attributes::Owner::Connection;
        attributes::check(owner, &given, &self.connection_attributes)?;
        let defined = &self.description().connection_attributes;
        Ok(attributes::own(given, defined))
    }

    async fn platform_if_named(&self) -> Result<Option<Platform>, Failure> {
        let attributes = self.attributes()?;
        let bundle = network::ca_bundle(self.global)?;
        let environment = AwsEnvironment::load_trusting(
            non_blank(self.global.profile.as_deref()),
            non_blank(self.global.region.as_deref()),
            bundle.as_ref(),
        )
        .await;
        let Some(region) = environment.region.clone() else {
            return Ok(None);
        };
        let endpoint = non_blank(self.global.endpoint_url.as_deref())
            .map(str::to_owned)
            .or_else(|| environment.endpoint.clone());
        let connection = Connection {
            region,
            endpoint,
            attributes,
        };
        Ok(Some(Platform {
            client: network::client(self.global, bundle.as_ref())?,
            connection,
            environment,
        }))
    }
}

/// The platform of a command, and how it is reached.
struct Platform {
    connection: Connection,
    environment: AwsEnvironment,
    client: Option<ReqwestClient>,
}

impl Platform {
    fn job_type(self, slot: &Slot, grants: Grants) -> JobType {
        let access = Access::new(grants, self.environment.credentials);
        let access = match self.client {
            Some(client) => access.with_http_client(Arc::new(client)),
            None => access,
        };
        slot.for_connection(self.connection, access)
    }
}

/// What calls of so many plugins may use up.
fn limits(global: &GlobalArgs, concurrent_calls: u32, plugins: usize) -> Limits {
    let recommended = Limits::recommended();
    let calls = usize::try_from(concurrent_calls).unwrap_or(usize::MAX);
    Limits {
        concurrent_calls,
        // More calls need more, as whoever asks for them knows.
        total_memory_bytes: recommended
            .total_memory_bytes
            .max(calls.saturating_mul(MEMORY_OF_A_CALL)),
        slot_share_percent: slot_share_percent(plugins, recommended.slot_share_percent),
        // Each slot has one connection.
        connection_share_percent: 100,
        // What waits is work of this tool alone, and none of it is to fail for that.
        wait_timeout: PATIENCE,
        call_timeout: global.call_timeout.unwrap_or(recommended.call_timeout),
        ..recommended
    }
}

/// The share of the places that each plugin has at most. All but one of several have together what is
/// recommended for one slot, so that the last one has places even if the calls of all others hang.
fn slot_share_percent(plugins: usize, recommended: u32) -> u32 {
    match u32::try_from(plugins.saturating_sub(1)) {
        Ok(0) => 100,
        Ok(others) => (recommended / others).max(1),
        Err(_) => 1,
    }
}

async fn load(host: &Host, component: &Component) -> Result<Plugin, Failure> {
    let plugin = host.load(component.source()).await.map_err(unloadable);
    let plugin = plugin.map_err(|error| match &component.instead {
        Some(_) => error.context(format!(
            "cannot serve the plugin that the ledger keeps instead of {}; replace the file, or give \
             --serve-rolled-back",
            component.path.display()
        )),
        None => error,
    })?;
    tracing::info!(
        id = plugin.description().id,
        version = plugin.description().version,
        sha256 = %plugin.digest(),
        "loaded {}",
        component.path.display()
    );
    Ok(plugin)
}

fn unloadable(error: LoadError) -> anyhow::Error {
    let hint = match &error.fault {
        LoadFault::Read(_) => "; give the path of a plugin with --component",
        LoadFault::Describe(_) => "; report it to the plugin's authors",
        _ => "",
    };
    anyhow!("{error}{hint}")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn of_several_plugins_all_but_one_leave_places_for_the_last() {
        let cli = Cli::parse_from(["polysync-harness", "describe"]);
        let share = |plugins| limits(&cli.global, 16, plugins).slot_share_percent;
        assert_eq!(share(1), 100);
        for (others, plugins) in (1..20).zip(2..) {
            let of_others = others * share(plugins);
            assert!((1..100).contains(&of_others), "{plugins}: {of_others}");
        }
    }
}
