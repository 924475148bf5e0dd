//! The capability `log`: a plugin's lines, passed on to `tracing` under the target `plugin`.
//!
//! A message becomes one line of bounded length, in which unsafe characters are escapes.

use std::sync::Arc;

use tracing::{debug, error, info, trace, warn};

use crate::contract::capabilities::log::{Host, Level};
use crate::identity::PluginIdentity;
use crate::limits::Limits;
use crate::limits::budget::Budget;
use crate::text;

/// The log of one call.
pub(crate) struct LogCapability {
    plugin: Arc<PluginIdentity>,
    function: &'static str,
    limits: Arc<Limits>,
    lines: Budget,
    last_error: Option<String>,
}

impl LogCapability {
    pub(crate) fn new(
        plugin: Arc<PluginIdentity>,
        function: &'static str,
        limits: Arc<Limits>,
    ) -> Self {
        Self {
            plugin,
            function,
            lines: Budget::new(limits.log_lines),
            limits,
            last_error: None,
        }
    }

    /// The last line of level `error`, written or dropped. When a call ends in a panic, it is the
    /// panic's message if the plugin logs that.
    pub(crate) fn into_last_error(self) -> Option<String> {
        self.last_error
    }
}

impl Host for LogCapability {
    fn write(&mut self, level: Level, message: String) {
        let line = text::escaped(&message, self.limits.log_line_bytes);
        if level == Level::Error {
            self.last_error = Some(line.clone().into_owned());
        }
        if self.lines.take(1).is_err() {
            return;
        }
        let (plugin, version, call) = (&*self.plugin.id, &*self.plugin.version, self.function);
        let (generation, sha256) = (self.plugin.generation, self.plugin.digest.short());
        // The level of an event is a constant, hence one macro for each.
        macro_rules! event {
            ($macro:ident, $($message:tt)+) => {
                $macro!(target: "plugin", plugin, version, generation, sha256, call, $($message)+)
            };
        }
        match level {
            Level::Trace => event!(trace, "{line}"),
            Level::Debug => event!(debug, "{line}"),
            Level::Info => event!(info, "{line}"),
            Level::Warn => event!(warn, "{line}"),
            Level::Error => event!(error, "{line}"),
        }
        if self.lines.is_empty() {
            let limit = self.limits.log_lines;
            event!(
                warn,
                "further lines of this call are dropped: {limit} are allowed (`Limits::log_lines`)"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn lines_past_the_limit_are_dropped_but_the_last_error_is_known() {
        let plugin = PluginIdentity {
            id: "example".to_owned(),
            version: "1.2.3".to_owned(),
            digest: Digest::compute(b""),
            generation: 1,
        };
        let limits = Limits {
            log_lines: 2,
            ..Limits::recommended()
        };
        let mut log = LogCapability::new(Arc::new(plugin), "status", Arc::new(limits));
        for line in ["one", "two", "three"] {
            log.write(Level::Info, line.to_owned());
        }
        assert!(log.lines.is_empty());
        log.write(Level::Error, "panicked".to_owned());
        log.write(Level::Info, "four".to_owned());
        assert_eq!(log.into_last_error().as_deref(), Some("panicked"));
    }
}
