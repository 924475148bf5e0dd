//! From the command line to a plugin that can be called.

mod grants;
mod host;

use anyhow::anyhow;
use polysync_host::contract::{Connection, Description};
use polysync_host::{
    Access, AwsEnvironment, JobType, Limits, LoadError, LoadFault, Plugin, Slot, Source,
};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;
use crate::job::{self, attributes};
use crate::non_blank::non_blank;

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
        let mut limits = Limits {
            concurrent_calls,
            ..Limits::recommended()
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

    /// The slot that the plugin serves in.
    pub(crate) fn slot(&self) -> &Slot {
        &self.slot
    }

    /// The description that the plugin gives of itself.
    pub(crate) fn description(&self) -> &Description {
        self.plugin.description()
    }

    /// The job type for the connection of the command line.
    pub(crate) async fn connect(&self) -> Result<JobType, Failure> {
        let attributes = job::attributes_from_pairs(
            "--connection-attribute",
            &self.global.connection_attribute,
        )?;
        attributes::check(
            attributes::Owner::Connection,
            &attributes,
            &self.description().connection_attributes,
        )?;
        let environment = AwsEnvironment::load(
            non_blank(self.global.profile.as_deref()),
            non_blank(self.global.region.as_deref()),
        )
        .await;
        let region = environment.region.ok_or_else(|| {
            anyhow!("no region is configured: give --region, set AWS_REGION, or set `region` in the AWS profile")
        })?;
        let endpoint = non_blank(self.global.endpoint_url.as_deref())
            .map(str::to_owned)
            .or(environment.endpoint);
        let grants = grants::from_arguments(self.global, self.description(), endpoint.as_deref())?;
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

fn unloadable(error: LoadError) -> Failure {
    let hint = match &error.fault {
        LoadFault::Read(_) => "; give the path of a plugin with --component",
        LoadFault::Describe(_) => "; report it to the plugin's authors",
        _ => "",
    };
    Failure::Tool(anyhow!("{error}{hint}"))
}
