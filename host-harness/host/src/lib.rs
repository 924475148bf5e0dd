//! Runs job type plugins: WebAssembly components that keep to the contract in `wit/`.
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
//! let grants = Grants::of_needs(&plugin.description().needs)?;
//! let job_type = plugin.for_connection(connection, Access::new(grants, credentials));
//! match job_type.status(&run).await? {
//!     Ok(status) => println!("{}", status.platform_status),
//!     Err(error) => println!("the platform says: {}", error.message),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Swap
//!
//! A [`Slot`] is the place of one job type, in which one plugin takes over from another while calls
//! are under way. The guide `docs/embedding.md` tells of swaps, limits and grants with examples.
//!
//! # A call
//!
//! A call waits for one of the places in the pool ([`Limits::concurrent_calls`]). It gets a fresh
//! instance of the component, in a store of its own: memory, deadline and what it has used of its
//! limits are nobody else's. While the plugin computes, it gives way to other tasks at each tick of
//! the epoch, and is ended when its time is up; while it waits for an import, the task sleeps. What
//! it imports is checked against the connection's [`Grants`] each time. When it has answered, or
//! has broken ([`CallError`]), the instance is gone, and nothing of it is left for the next call.
//!
//! # Logs
//!
//! Calls are spans of `tracing` at level debug, with plugin, version, generation, digest, function
//! and run id; their durations, and those of requests, are events at debug. What a plugin logs has
//! the target `plugin`, and the fields `plugin`, `version`, `generation`, `sha256` and `call`.
//!
//! # Features
//!
//! - `aws-config`: `AwsEnvironment`, which has credentials, region and endpoint from where every
//!   AWS tool has them.
//! - `watch`: `Slot::watch`, which swaps a plugin when its file changes.
//! - `measure`: for the project's benchmarks.
//! - `cli`: the tool `polysync-harness`.

pub mod contract;

/// The guide, whose code is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/embedding.md")]
struct Guide;

/// The project's first page, whose code is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

mod access;
mod addresses;
mod call;
mod check;
mod client;
mod clock;
mod credential_cache;
#[cfg(feature = "aws-config")]
mod credentials;
mod digest;
mod egress;
mod engine;
mod error;
mod generation;
mod grants;
mod host;
mod http;
mod identity;
mod job_type;
mod limits;
mod log;
#[cfg(test)]
mod memory_dumps;
mod plugin;
mod signing;
mod slot;
mod source;
#[cfg(test)]
mod testing;
mod ticker;
mod transport;
#[cfg(feature = "measure")]
mod warm;
#[cfg(feature = "watch")]
mod watch;

pub use access::Access;
pub use addresses::AddressPolicy;
pub use client::ReqwestClient;
pub use clock::{Clock, SystemClock};
#[cfg(feature = "aws-config")]
pub use credentials::AwsEnvironment;
pub use digest::{Digest, InvalidDigest};
pub use egress::HttpGrant;
pub use error::{
    CallError, CallFault, ContractMismatch, HostError, LoadError, LoadFault, NotAComponent,
    NothingToRollBackTo,
};
pub use grants::{GrantError, Grants};
pub use host::{Host, Usage};
pub use identity::PluginIdentity;
pub use job_type::{Answer, JobType};
pub use limits::Limits;
pub use plugin::Plugin;
pub use slot::{GenerationUse, Slot, Swap};
pub use source::Source;
pub use transport::{
    BodyMeter, BodyTooLarge, HttpClient, HttpRequest, HttpResponse, TransportError,
};
#[cfg(feature = "measure")]
pub use warm::WarmInstance;
#[cfg(feature = "watch")]
pub use watch::{Watch, WatchError};
