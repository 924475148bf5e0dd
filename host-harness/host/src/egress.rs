//! Where a plugin may send requests to, and how they are sent.
//!
//! The rules:
//!
//! 1. Nothing is allowed that isn't granted. A grant ([`grant::HttpGrant`]) is an origin: scheme,
//!    host and port. `*` stands for exactly one label of the name, never for a part of one, and never
//!    for one of the last two, which would grant the names of others.
//! 2. Plain HTTP is only for origins that are granted with `http://`.
//! 3. The URL must be written as it is used ([`canonical_url`]), so that what the plugin signed, what
//!    this host checks, and what is connected to are the same.
//! 4. An IP address is only allowed by a grant of that very address, and only if a name could resolve to
//!    it under that grant. So a grant of a metadata service isn't one, whoever writes it.
//! 5. A name may only resolve to the addresses that its grant allows ([`addresses::AddressPolicy`]);
//!    the client checks that when it connects ([`resolver`]), or before it asks a proxy to connect
//!    ([`proxied`]).
//! 6. The [`client`] doesn't follow redirects: a response with one goes to the plugin, whose next
//!    request is checked like any other.

pub(crate) mod addresses;
#[cfg(test)]
mod attacks;
pub(crate) mod body_meter;
pub(crate) mod ca_bundle;
pub(crate) mod canonical_url;
pub(crate) mod client;
pub(crate) mod client_options;
pub(crate) mod exchange;
mod failure;
pub(crate) mod grant;
#[cfg(test)]
mod hanging_names;
mod lookup;
mod message_size;
pub(crate) mod policy;
mod proxied;
pub(crate) mod proxies;
pub(crate) mod public_name;
mod resolver;
#[cfg(test)]
mod through_a_proxy;
pub(crate) mod transport;
