//! What a host is made with.

use std::path::PathBuf;
use std::time::Duration;

use polysync_host::{HostOptions, Limits};
use serde::Deserialize;

use crate::log_events::LogLevel;

/// The argument of `ps_host_new`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct OptionsView {
    /// An absolute folder for compiled plugins, which the host makes private.
    cache: Option<PathBuf>,
    /// The least level of log lines that become events: `off`, `error`, `warn`, `info`, `debug` or `trace`.
    pub(crate) log: LogLevel,
    /// Threads that run plugins; as many as the machine has processors if not given.
    pub(crate) threads: Option<usize>,
    /// Where the recommended limits don't suit.
    limits: LimitsView,
}

macro_rules! limits {
    (numbers { $($number:ident: $kind:ty,)* } durations { $($milliseconds:ident: $duration:ident,)* }) => {
        /// The members of `Limits` that an embedder may set; times are in milliseconds.
        #[derive(Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "camelCase")]
        struct LimitsView {
            $($number: Option<$kind>,)*
            $($milliseconds: Option<u64>,)*
        }

        impl LimitsView {
            fn read(&self) -> Limits {
                let mut limits = Limits::recommended();
                $(if let Some(number) = self.$number {
                    limits.$number = number;
                })*
                $(if let Some(milliseconds) = self.$milliseconds {
                    limits.$duration = Duration::from_millis(milliseconds);
                })*
                limits
            }
        }
    };
}

limits! {
    numbers {
        component_bytes: usize,
        concurrent_calls: u32,
        slot_share_percent: u32,
        connection_share_percent: u32,
        concurrent_describes: u32,
        memory_bytes: usize,
        total_memory_bytes: usize,
        stack_bytes: usize,
        transfer_bytes: usize,
        runs_per_call: usize,
        requests_per_call: u32,
        requests_at_once: usize,
        request_bytes: usize,
        response_bytes: usize,
        send_all_bytes: usize,
        received_bytes_per_call: usize,
        log_line_bytes: usize,
        log_lines: u32,
        log_lines_per_minute: u32,
    }
    durations {
        wait_timeout_milliseconds: wait_timeout,
        call_timeout_milliseconds: call_timeout,
        request_timeout_milliseconds: request_timeout,
        credentials_timeout_milliseconds: credentials_timeout,
    }
}

impl OptionsView {
    /// The limits, the recommended ones where none is given.
    pub(crate) fn limits(&self) -> Limits {
        self.limits.read()
    }

    /// The options of the host. It leaves the signal handlers to the embedder's runtime.
    pub(crate) fn host_options(&self) -> HostOptions {
        let options = HostOptions::new().without_signal_handlers();
        match &self.cache {
            Some(directory) => options.with_cache(directory),
            None => options,
        }
    }
}
