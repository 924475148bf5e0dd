//! The options of every command: which plugin, which connection, what the plugin may do, and how
//! to answer.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use polysync_host::{Digest, HttpGrant};

use super::duration::duration;
use super::pair::Pair;

/// The options of every command.
#[derive(Debug, Args)]
pub(crate) struct GlobalArgs {
    /// The plugin: a WebAssembly component. `serve` takes several, of a job type each
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "POLYSYNC_COMPONENT",
        hide_env_values = true
    )]
    pub(crate) component: Vec<PathBuf>,

    /// Take only this build of the plugin, by the SHA-256 of its file. For one plugin
    #[arg(long, global = true, value_name = "DIGEST")]
    pub(crate) sha256: Option<Digest>,

    /// Where compiled plugins are stored, so that a plugin that was used before loads in
    /// milliseconds. Its files are run as machine code: nobody else may be able to write to it
    /// [default: `polysync` in the user's cache directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "POLYSYNC_CACHE",
        hide_env_values = true
    )]
    pub(crate) cache: Option<PathBuf>,

    /// Compile the plugin again, and don't store it
    #[arg(long, global = true, conflicts_with = "cache")]
    pub(crate) no_cache: bool,

    /// Write JSON to stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Log more on stderr: -v what is done, -vv details, -vvv everything. RUST_LOG overrides it
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// How long one call of the plugin may take, for example 90s or 5m
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration)]
    pub(crate) call_timeout: Option<Duration>,

    /// The platform's region [else: AWS_REGION, AWS_DEFAULT_REGION, the profile's]
    #[arg(
        long,
        global = true,
        value_name = "REGION",
        help_heading = "Connection"
    )]
    pub(crate) region: Option<String>,

    /// The profile of the AWS configuration files to take credentials and region from [else: AWS_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Connection")]
    pub(crate) profile: Option<String>,

    /// Base URL to use in place of the platform's own [else: AWS_ENDPOINT_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) endpoint_url: Option<String>,

    /// An attribute of the connection; `describe` lists them. Can be repeated. Of several plugins,
    /// those have it that define it
    #[arg(
        long,
        global = true,
        value_name = "KEY=VALUE",
        help_heading = "Connection"
    )]
    pub(crate) connection_attribute: Vec<Pair>,

    /// Where the plugin may connect to, for example https://*.example.com, where * stands for one
    /// label of the name. `https://api.example.com private` lets the name resolve to addresses of
    /// private networks too. Can be repeated [default: the endpoint URL if there is one, else what
    /// the plugin asks for and a person accepts]
    #[arg(long, global = true, value_name = "ORIGIN", help_heading = "Grants")]
    pub(crate) grant: Vec<HttpGrant>,

    /// A service that the plugin may sign requests for. Can be repeated [default: those that the
    /// plugin asks for and a person accepts]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Grants")]
    pub(crate) grant_service: Vec<String>,

    /// Accept all that the plugin asks for and may ask for, for this command. `describe` shows it
    #[arg(long, global = true, help_heading = "Grants")]
    pub(crate) allow_needs: bool,

    /// The file with what was accepted for which plugin: read, and written when you are asked in a
    /// terminal [default: `polysync/grants.json` in the user's state directory]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Grants",
        env = "POLYSYNC_GRANTS",
        hide_env_values = true
    )]
    pub(crate) grants: Option<PathBuf>,

    /// Send the plugin's requests through the proxies of HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, but
    /// for the hosts of NO_PROXY. Credentials are always looked up that way
    #[arg(long, global = true, help_heading = "Network")]
    pub(crate) proxy_from_env: bool,

    /// Leave it to the proxy to resolve names, where this machine can't. It must then refuse to
    /// connect to internal addresses
    #[arg(
        long,
        global = true,
        requires = "proxy_from_env",
        help_heading = "Network"
    )]
    pub(crate) proxy_resolves_names: bool,

    /// Trust the certificate authorities of this PEM file too
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "AWS_CA_BUNDLE",
        hide_env_values = true,
        help_heading = "Network"
    )]
    pub(crate) ca_bundle: Option<PathBuf>,
}
