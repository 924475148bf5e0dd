//! What every call has: the host, and the connection that it is made on.

use std::fmt;

use crate::contract::Connection;
use crate::host::Host;

/// The host and the connection of one call.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The four imports.
    pub host: &'a dyn Host,
    /// Where the platform is, and how to talk to it.
    pub connection: &'a Connection,
}

impl<'a> Context<'a> {
    /// The context of a call on this connection.
    pub fn new(host: &'a dyn Host, connection: &'a Connection) -> Self {
        Self { host, connection }
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connection, .. } = self;
        let mut context = f.debug_struct("Context");
        context
            .field("connection", connection)
            .finish_non_exhaustive()
    }
}
