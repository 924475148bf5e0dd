//! Runs job type plugins: WebAssembly components that keep to the contract in `wit/`.

pub mod contract;

mod access;
mod addresses;
mod call;
mod check;
mod client;
mod clock;
mod credential_cache;
#[cfg(feature = "aws-config")]
mod credentials;
mod egress;
mod engine;
mod error;
mod grants;
mod host;
mod http;
mod job_type;
mod limits;
mod log;
mod plugin;
mod signing;
#[cfg(test)]
mod testing;
mod ticker;
mod transport;

pub use access::Access;
pub use addresses::AddressPolicy;
pub use clock::{Clock, SystemClock};
#[cfg(feature = "aws-config")]
pub use credentials::AwsEnvironment;
pub use egress::HttpGrant;
pub use error::{
    CallError, CallFault, ContractMismatch, HostError, LoadError, LoadFault, NotAComponent,
};
pub use grants::{GrantError, Grants};
pub use host::Host;
pub use job_type::{Answer, JobType};
pub use limits::Limits;
pub use plugin::Plugin;
pub use transport::{
    BodyMeter, BodyTooLarge, HttpClient, HttpRequest, HttpResponse, TransportError,
};
