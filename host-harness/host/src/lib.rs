//! Runs job type plugins: WebAssembly components that implement the contract in `wit/`.
//!
//! ```no_run
//! use polysync_host::contract::{Connection, Run};
//! use polysync_host::{Access, Grants, Host, Limits};
//! # async fn example(
//! #     connection: Connection,
//! #     credentials: aws_credential_types::provider::SharedCredentialsProvider,
//! #     run: Run,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let host = Host::new(Limits::recommended())?;
//! let plugin = host.load("plugin.wasm").await?;
//! let grants = Grants::none()
//!     .allow_http("https://api.sagemaker.eu-west-1.amazonaws.com".parse()?)
//!     .allow_signing("sagemaker")?;
//! let job_type = plugin.for_connection(connection, Access::new(grants, credentials));
//! match job_type.status(&run).await? {
//!     Ok(status) => println!("{}", status.platform_status),
//!     Err(error) => println!("the platform refused: {}", error.message),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A [`Host`] loads plugins and holds what they share. A [`Plugin`] is a loaded component. A
//! [`JobType`] is the contract's calls on behalf of one connection. Plugins of every released version of the
//! contract are served, in the types of the latest ([`contract`]). The guide `docs/embedding.md`
//! explains limits, grants and swaps with more examples.
//!
//! # Grants
//!
//! A plugin reaches only what the operator of a connection has granted ([`Grants`]). What it says it
//! needs is a request ([`Plugin::requests`]): show it to a person, who decides.
//!
//! ```no_run
//! # fn a_person_agrees(_: &polysync_host::GrantRequest) -> bool { false }
//! # async fn example(
//! #     plugin: polysync_host::Plugin,
//! #     connection: polysync_host::contract::Connection,
//! # ) -> Result<(), polysync_host::CallError> {
//! use polysync_host::Grants;
//!
//! let requests = plugin.requests(&connection).await?;
//! for refused in requests.refused() {
//!     println!("can't be accepted: {refused}");
//! }
//! let accepted = requests.valid().iter().filter(|request| a_person_agrees(request));
//! let grants = Grants::none().accept(accepted);
//! # Ok(())
//! # }
//! ```
//!
//! # A call
//!
//! A call waits until fewer than [`Limits::concurrent_calls`] others run, and fewer than its slot's
//! and its connection's shares of them, for [`Limits::wait_timeout`] at most. Then it gets a fresh
//! instance of the component in a store of its own, so that it shares neither memory nor limits with
//! any other call. While the plugin computes, the host interrupts it at each tick
//! ([`Limits::epoch_tick`]) to let other tasks run, and ends it at its deadline; while it waits for
//! an import, it occupies no thread. The host checks each import against the connection's [`Grants`].
//! When the call has returned or the plugin has broken ([`CallError`]), the instance is gone, and
//! nothing of it is left for the next call.
//!
//! # Swap
//!
//! A [`Slot`] serves one job type, and lets one plugin take over from another while calls are under
//! way. [`Slot::swap`] loads and checks the new plugin while the old one serves; calls that are under
//! way finish on the old one.
//!
//! # Logs
//!
//! Each call is a span of `tracing` at level debug with the fields `plugin`, `version`, `contract`,
//! `generation`, `sha256`, `function` and `run`. The durations of calls and requests are events at level
//! debug. The lines that a plugin logs are events with the target `plugin` and the fields `plugin`,
//! `version`, `contract`, `generation`, `sha256` and `call`.
//!
//! # Features
//!
//! - `aws-config` (default): `AwsEnvironment`, which takes credentials, region and endpoint from where
//!   every AWS tool takes them.
//! - `serde` (default): the JSON form of the contract's types (`contract::json`), and of a
//!   `PluginIdentity`.
//! - `watch` (default): `Slot::watch`, which swaps a plugin when its file changes.
//! - `measure`: an instance for more than one call, for this project's benchmarks only.

/// The guide, whose code is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/embedding.md")]
struct Guide;

/// The project's first page, whose code is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

pub mod contract;

mod access;
mod capabilities;
mod clock;
mod credentials;
mod digest;
mod egress;
#[cfg(test)]
mod freed_memory;
mod host;
mod host_error;
mod host_options;
mod identity;
mod job_type;
mod limits;
mod loading;
#[cfg(test)]
mod memory_dumps;
mod sandbox;
mod swap;
#[cfg(test)]
mod testing;
pub mod text;
#[cfg(feature = "measure")]
mod warm;

pub use access::Access;
pub use access::grants::Grants;
pub use access::request::{GrantRequest, RefusedRequest};
pub use access::requests::GrantRequests;
pub use clock::{Clock, SystemClock};
#[cfg(feature = "aws-config")]
pub use credentials::aws_environment::AwsEnvironment;
pub use digest::{Digest, InvalidDigest};
pub use egress::addresses::AddressPolicy;
pub use egress::body_meter::{BodyMeter, BodyTooLarge};
pub use egress::ca_bundle::CaBundle;
pub use egress::client::ReqwestClient;
pub use egress::client_options::ClientOptions;
pub use egress::grant::{GrantError, HttpGrant};
pub use egress::proxies::Proxies;
pub use egress::transport::{HttpClient, HttpRequest, HttpResponse, TransportError};
pub use host::{Host, Usage};
pub use host_error::HostError;
pub use host_options::HostOptions;
pub use identity::PluginIdentity;
pub use job_type::{Answer, JobType};
pub use limits::Limits;
pub use limits::compile::CompileLimits;
pub use limits::machine::MemoryShortfall;
pub use loading::error::{ContractMismatch, LoadError, LoadFault, NotAComponent};
pub use loading::plugin::Plugin;
pub use loading::source::Source;
pub use sandbox::fault::{CallError, CallFault};
pub use swap::needs::{NeedsPolicy, WhenNeedsGrow};
pub use swap::slot::{GenerationUse, NothingToRollBackTo, Slot, Swap};
#[cfg(feature = "watch")]
pub use swap::watch::{Watch, WatchError};
#[cfg(feature = "measure")]
pub use warm::WarmInstance;
