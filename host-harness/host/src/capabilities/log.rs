//! The capability `log`: a plugin's lines, passed on to `tracing` under the target `plugin`.
//!
//! A message becomes one line of bounded length, in which unsafe characters are escapes.

use std::fmt;
use std::sync::Arc;

use tracing::field::display;
use tracing::{debug, enabled, error, info, trace, warn};

use crate::clock::Clock;
use crate::contract::v0_2::bindings::capabilities::log::{Host, Level};
use crate::identity::PluginIdentity;
use crate::limits::Limits;
use crate::limits::budget::Budget;
use crate::limits::log_rate::Admission;
use crate::sandbox::slot_quota::SlotQuota;
use crate::text;

/// The log of one call.
pub(crate) struct LogCapability {
    plugin: Arc<PluginIdentity>,
    function: &'static str,
    limits: Arc<Limits>,
    quota: Arc<SlotQuota>,
    clock: Arc<dyn Clock>,
    lines: Budget,
    /// Whether it was said that lines are dropped.
    is_told: bool,
    last_error: Option<String>,
}

impl LogCapability {
    pub(crate) fn new(
        plugin: Arc<PluginIdentity>,
        function: &'static str,
        limits: Arc<Limits>,
        quota: Arc<SlotQuota>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            plugin,
            function,
            quota,
            clock,
            lines: Budget::new(limits.log_lines),
            limits,
            is_told: false,
            last_error: None,
        }
    }

    /// Whether the slot may write one more line.
    fn is_admitted(&self) -> bool {
        match self.quota.log_rate.admit(self.clock.now()) {
            Admission::Written { dropped: 0 } => true,
            Admission::Written { dropped } => {
                self.warn(format_args!("{dropped} lines of this plugin were dropped"));
                true
            }
            Admission::Dropped { is_first: false } => false,
            Admission::Dropped { is_first: true } => {
                let limit = self.limits.log_lines_per_minute;
                self.warn(format_args!(
                    "further lines of this plugin are dropped for half a minute: {limit} a minute \
                     are allowed (`Limits::log_lines_per_minute`)"
                ));
                false
            }
        }
    }

    fn warn(&self, message: fmt::Arguments<'_>) {
        let (plugin, version, call) = (&*self.plugin.id, &*self.plugin.version, self.function);
        let (generation, sha256) = (self.plugin.generation, self.plugin.digest.short());
        let contract = display(self.plugin.contract);
        warn!(target: "plugin", plugin, version, contract, generation, sha256, call, "{message}");
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
        let is_heard = is_heard(level);
        if self.lines.take(1).is_err() {
            if is_heard && !std::mem::replace(&mut self.is_told, true) && self.is_admitted() {
                let limit = self.limits.log_lines;
                self.warn(format_args!(
                    "further lines of this call are dropped: {limit} are allowed \
                     (`Limits::log_lines`)"
                ));
            }
            return;
        }
        if is_heard && !self.is_admitted() {
            return;
        }
        let (plugin, version, call) = (&*self.plugin.id, &*self.plugin.version, self.function);
        let (generation, sha256) = (self.plugin.generation, self.plugin.digest.short());
        let contract = display(self.plugin.contract);
        // The level of an event is a constant, hence one macro for each.
        macro_rules! event {
            ($macro:ident, $($message:tt)+) => {
                $macro!(
                    target: "plugin",
                    plugin, version, contract, generation, sha256, call, $($message)+
                )
            };
        }
        match level {
            Level::Trace => event!(trace, "{line}"),
            Level::Debug => event!(debug, "{line}"),
            Level::Info => event!(info, "{line}"),
            Level::Warn => event!(warn, "{line}"),
            Level::Error => event!(error, "{line}"),
        }
    }
}

/// Whether anybody wants lines of this level. Others take nothing from what may be logged.
fn is_heard(level: Level) -> bool {
    match level {
        Level::Trace => enabled!(target: "plugin", tracing::Level::TRACE),
        Level::Debug => enabled!(target: "plugin", tracing::Level::DEBUG),
        Level::Info => enabled!(target: "plugin", tracing::Level::INFO),
        Level::Warn => enabled!(target: "plugin", tracing::Level::WARN),
        Level::Error => enabled!(target: "plugin", tracing::Level::ERROR),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::subscriber::NoSubscriber;
    use tracing::{Dispatch, Event, Metadata, Subscriber};

    use super::*;
    use crate::contract::ContractVersion;
    use crate::digest::Digest;
    use crate::testing::ManualClock;

    /// The log of a call of a slot.
    fn log_of_a_call(
        limits: &Arc<Limits>,
        quota: &Arc<SlotQuota>,
        clock: &Arc<ManualClock>,
    ) -> LogCapability {
        LogCapability::new(
            Arc::new(plugin()),
            "status",
            Arc::clone(limits),
            Arc::clone(quota),
            Arc::clone(clock) as Arc<dyn Clock>,
        )
    }

    fn plugin() -> PluginIdentity {
        PluginIdentity {
            id: "example".to_owned(),
            version: "1.2.3".to_owned(),
            contract: ContractVersion::V0_2_0,
            digest: Digest::compute(b""),
            generation: 1,
        }
    }

    #[test]
    fn lines_past_the_limit_are_dropped_but_the_last_error_is_known() {
        let limits = Arc::new(Limits {
            log_lines: 2,
            ..Limits::recommended()
        });
        let quota = Arc::new(SlotQuota::new(&limits));
        let mut log = log_of_a_call(&limits, &quota, &ManualClock::new());
        for line in ["one", "two", "three"] {
            log.write(Level::Info, line.to_owned());
        }
        assert!(log.lines.is_empty());
        log.write(Level::Error, "panicked".to_owned());
        log.write(Level::Info, "four".to_owned());
        assert_eq!(log.into_last_error().as_deref(), Some("panicked"));
    }

    /// Keeps the messages of all events.
    #[derive(Clone, Default)]
    struct Messages(Arc<Mutex<Vec<String>>>);

    impl Subscriber for Messages {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            *metadata.level() <= tracing::Level::INFO
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            let mut keep = |field: &Field, value: &dyn fmt::Debug| {
                if field.name() == "message" {
                    self.0.lock().expect("no panic").push(format!("{value:?}"));
                }
            };
            event.record(&mut keep as &mut dyn Visit);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    /// Collects the events of this thread.
    fn collect(messages: &Messages, events: impl FnOnce()) {
        // With one dispatcher alone, `tracing` asks that of the thread which is the first to reach an
        // event, so that another test could turn the event off for this one.
        let _second = Dispatch::new(NoSubscriber::new());
        tracing::subscriber::with_default(messages.clone(), events);
    }

    #[test]
    fn calls_that_write_only_lines_that_nobody_wants_to_see_write_none() {
        let limits = Arc::new(Limits {
            log_lines: 2,
            log_lines_per_minute: 4,
            ..Limits::recommended()
        });
        let quota = Arc::new(SlotQuota::new(&limits));
        let messages = Messages::default();
        collect(&messages, || {
            for _ in 0..100 {
                let mut log = log_of_a_call(&limits, &quota, &ManualClock::new());
                for _ in 0..3 {
                    log.write(Level::Trace, "unseen".to_owned());
                }
            }
            // What is not seen is missing from what is, which is said.
            let mut log = log_of_a_call(&limits, &quota, &ManualClock::new());
            for _ in 0..3 {
                log.write(Level::Trace, "unseen".to_owned());
            }
            log.write(Level::Info, "seen".to_owned());
        });
        assert_eq!(
            *messages.0.lock().expect("no panic"),
            ["further lines of this call are dropped: 2 are allowed (`Limits::log_lines`)"]
        );
    }

    #[test]
    fn the_lines_of_many_calls_are_bounded_together_and_those_dropped_are_counted() {
        let clock = ManualClock::new();
        let limits = Arc::new(Limits {
            log_lines_per_minute: 4,
            ..Limits::recommended()
        });
        let quota = Arc::new(SlotQuota::new(&limits));
        let messages = Messages::default();
        collect(&messages, || {
            let call = |line: &str| {
                let mut log = log_of_a_call(&limits, &quota, &clock);
                // A line that nobody wants to see doesn't count.
                log.write(Level::Debug, line.to_owned());
                log.write(Level::Info, line.to_owned());
            };
            for line in ["1", "2", "3", "4", "5", "6"] {
                call(line);
            }
            clock.advance(Duration::from_secs(29));
            call("7");
            clock.advance(Duration::from_secs(1));
            call("8");
        });
        assert_eq!(
            *messages.0.lock().expect("no panic"),
            [
                "1",
                "2",
                "3",
                "4",
                "further lines of this plugin are dropped for half a minute: 4 a minute are allowed \
                 (`Limits::log_lines_per_minute`)",
                "3 lines of this plugin were dropped",
                "8",
            ]
        );
    }
}
