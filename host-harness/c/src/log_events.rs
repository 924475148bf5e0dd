//! What plugins and the host log, as events.
//!
//! The host logs with `tracing`, whose subscriber is usually one for the process. A library doesn't take
//! that place: each host has a subscriber of its own on its own threads.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use crate::event::Event;
use crate::queue::Queue;

/// The least level of lines that become events.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Off,
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Off => Self::OFF,
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

thread_local! {
    static GUARD: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

/// A subscriber that fills the queue.
pub(crate) fn subscriber(queue: Arc<Queue>, level: LogLevel) -> Dispatch {
    let level = LevelFilter::from(level);
    // What the libraries below log is for whoever works on this one.
    let targets = Targets::new()
        .with_target("polysync_host", level)
        .with_target("plugin", level);
    Dispatch::new(Registry::default().with(Lines { queue }.with_filter(targets)))
}

/// Makes a subscriber that of this thread.
pub(crate) fn enter(subscriber: &Dispatch) {
    let guard = dispatcher::set_default(subscriber);
    GUARD.with(|slot| slot.replace(Some(guard)));
}

/// Takes this thread's subscriber away.
pub(crate) fn leave() {
    GUARD.with(RefCell::take);
}

struct Lines {
    queue: Arc<Queue>,
}

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let metadata = event.metadata();
        self.queue.push(&Event::Log {
            level: &metadata.level().as_str().to_ascii_lowercase(),
            target: metadata.target(),
            message: &line.message,
            fields: &line.fields,
        });
    }
}

#[derive(Default)]
struct Line {
    message: String,
    fields: BTreeMap<&'static str, String>,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        match field.name() {
            "message" => self.message = text,
            name => {
                self.fields.insert(name, text);
            }
        }
    }
}
