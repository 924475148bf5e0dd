//! From the command line to a plugin that can be called.

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
use polysync_host::contract::{Connection, Description};
use polysync_host::{
    Access, AwsEnvironment, GrantRequests, Grants, JobType, Limits, LoadError, LoadFault,
    NeedsPolicy, Plugin, ReqwestClient, Slot, Source, WhenNeedsGrow,
};

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
    /// The plugin of the command line.
    plugin: Plugin,
    /// Where other plugins may take over from it.
    slot: Slot,
}

impl<'a> Session<'a> {
    /// Loads the plugin, or another one `instead` of its file. `concurrent_calls` is how many of its
    /// calls may run at the same time.
    pub(crate) async fn open(
        global: &'a GlobalArgs,
        concurrent_calls: u32,
        instead: Option<Source>,
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
        let recommended = Limits::recommended();
        let calls = usize::try_from(concurrent_calls).unwrap_or(usize::MAX);
        let mut limits = Limits {
            concurrent_calls,
            // More calls need more, as whoever asks for them knows.
            total_memory_bytes: recommended
                .total_memory_bytes
                .max(calls.saturating_mul(MEMORY_OF_A_CALL)),
            // There is one slot, and one connection.
            slot_share_percent: 100,
            connection_share_percent: 100,
            // What waits is work of this tool alone, and none of it is to fail for that.
            wait_timeout: PATIENCE,
            ..recommended
        };
        if let Some(timeout) = global.call_timeout {
            limits.call_timeout = timeout;
        }
        let host = host::with_cache(limits, global)?;
        let source = match (instead, global.sha256) {
            (Some(source), _) => source,
            (None, Some(digest)) => Source::file(path).pinned(digest),
            (None, None) => Source::file(path),
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

    async fn platform_if_named(&self) -> Result<Option<Platform>, Failure> {
        let attributes = job::attributes_from_pairs(
            "--connection-attribute",
            &self.global.connection_attribute,
        )?;
        attributes::check(
            attributes::Owner::Connection,
            &attributes,
            &self.description().connection_attributes,
        )?;
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

fn unloadable(error: LoadError) -> Failure {
    let hint = match &error.fault {
        LoadFault::Read(_) => "; give the path of a plugin with --component",
        LoadFault::Describe(_) => "; report it to the plugin's authors",
        _ => "",
    };
    Failure::Tool(anyhow!("{error}{hint}"))
}
