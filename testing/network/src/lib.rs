//! Servers and proxies on this machine, for tests of the host and of the tool.

pub mod proxy;
pub mod server;
pub mod tls;
