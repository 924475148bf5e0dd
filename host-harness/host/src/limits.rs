//! What a plugin may use up, every limit with its unit. The files of this folder measure what a call,
//! the calls of a slot, all calls together or a compilation use of it.

pub(crate) mod budget;
pub(crate) mod compile;
pub(crate) mod deadline;
pub(crate) mod log_rate;
pub(crate) mod machine;
pub(crate) mod memory;

use std::path::Path;
use std::time::Duration;

use crate::host_error::HostError;
use crate::limits::compile::CompileLimits;
use crate::limits::machine::MemoryShortfall;

/// Stack for the host's functions, which run on the stack of the plugin that calls them, in bytes.
pub(crate) const HOST_STACK: usize = 1 << 20;

/// What a plugin may use up. There are no hidden defaults: all limits are here, and
/// [`Limits::recommended`] has values to start from.
///
/// A limit of zero would stop every plugin, so [`Host::new`](crate::Host::new) refuses it by the name
/// of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of a component's file, in bytes.
    pub component_bytes: usize,
    /// What a component may consist of, and how many are compiled at the same time.
    pub compile: CompileLimits,
    /// Calls that run at the same time, of all plugins of a host together. Further calls wait. Raise
    /// [`total_memory_bytes`](Self::total_memory_bytes) with it: an ordinary call takes 2 MiB.
    pub concurrent_calls: u32,
    /// How many of the [`concurrent_calls`](Self::concurrent_calls) may be of one slot, in percent,
    /// rounded down, but at least one call. The rest is kept for other slots, so that a plugin whose
    /// calls hang doesn't starve them. A plugin that is used without a slot counts as one. A host with
    /// one slot sets 100.
    pub slot_share_percent: u32,
    /// How many of the [`concurrent_calls`](Self::concurrent_calls) may be of one connection, in
    /// percent, rounded down, but at least one call. A host with one connection sets 100.
    pub connection_share_percent: u32,
    /// Plugins that the host asks what they are at the same time, while it loads them. Further ones
    /// wait.
    pub concurrent_describes: u32,
    /// Core module instances that one component may consist of. Components made by
    /// `wasm-tools component new` consist of one to four.
    pub core_instances: u32,
    /// Linear memories that one component may have. For each, the host reserves 4 GiB of address
    /// space, not memory, for each of the [`concurrent_calls`](Self::concurrent_calls).
    pub memories: u32,
    /// Tables that one component may have.
    pub tables: u32,
    /// Elements that each table may have.
    pub table_elements: usize,
    /// Size of each linear memory, in bytes; at most 4 GiB. Memories grow by pages of 64 KiB.
    pub memory_bytes: usize,
    /// Size of the linear memories and tables of all calls that run at the same time together, in
    /// bytes. Half of it is divided among the [`concurrent_calls`](Self::concurrent_calls), so that
    /// each has a share that no other can take.
    pub total_memory_bytes: usize,
    /// Size of the stack that WebAssembly code runs on, in bytes.
    pub stack_bytes: usize,
    /// Wall-clock time for which a call waits for its place among the
    /// [`concurrent_calls`](Self::concurrent_calls). It counts against the
    /// [`call_timeout`](Self::call_timeout), but the plugin always has at least half of that.
    pub wait_timeout: Duration,
    /// Wall-clock time of one call, including the time in which it waits for its place and for
    /// imports.
    pub call_timeout: Duration,
    /// How often running WebAssembly code is interrupted, to let other tasks run and to check its
    /// deadline.
    pub epoch_tick: Duration,
    /// Bytes that a plugin may hand to the host at once: all arguments of an import, or the result of
    /// a call.
    pub transfer_bytes: usize,
    /// Runs that one call of `statuses` is for. More runs take several calls.
    pub runs_per_call: usize,
    /// HTTP requests that a plugin may send in one call, denied ones included.
    pub requests_per_call: u32,
    /// HTTP requests of one `send-all` that are under way at the same time. Further requests wait.
    /// A plugin of version 0.1 of the contract has a call for each run that is polled. At most this many
    /// of these calls run at the same time.
    pub requests_at_once: usize,
    /// Wall-clock time of one HTTP request, from name resolution to the last byte of the body.
    pub request_timeout: Duration,
    /// Size of one HTTP request, in bytes: method, URL, headers and body. A header counts with 32
    /// bytes more than its name and value.
    pub request_bytes: usize,
    /// Size of one HTTP response, in bytes: headers and body. A header counts with 32 bytes more than
    /// its name and value.
    pub response_bytes: usize,
    /// Size of all HTTP responses of one `send-all` together, in bytes.
    pub send_all_bytes: usize,
    /// Size of all HTTP responses of one call together, in bytes. What was received of a response
    /// that was given up counts too.
    pub received_bytes_per_call: usize,
    /// Wall-clock time of one lookup of credentials.
    pub credentials_timeout: Duration,
    /// Length of one line that a plugin logs, in bytes of UTF-8. The rest of a longer line is cut.
    pub log_line_bytes: usize,
    /// Lines that a plugin may log in one call. Further lines are dropped.
    pub log_lines: u32,
    /// Lines that all calls of one slot together may log in a minute. Further lines are dropped until
    /// half as many may be logged again.
    pub log_lines_per_minute: u32,
}

impl Limits {
    /// Limits that a well-behaved plugin stays far below: 64 MiB of memory, 1 GiB for all calls
    /// together, 1 MiB of stack, two minutes for a call, half a minute for a request, 1,000 runs in a
    /// call, and 2,000 requests in a call, 16 of them at once.
    #[must_use]
    pub fn recommended() -> Self {
        const KIB: usize = 1 << 10;
        const MIB: usize = 1 << 20;
        Self {
            component_bytes: 32 * MIB,
            compile: CompileLimits::recommended(),
            concurrent_calls: 64,
            slot_share_percent: 90,
            connection_share_percent: 80,
            concurrent_describes: 4,
            core_instances: 16,
            memories: 2,
            tables: 16,
            table_elements: 20_000,
            memory_bytes: 64 * MIB,
            total_memory_bytes: 1024 * MIB,
            stack_bytes: MIB,
            wait_timeout: Duration::from_secs(60),
            call_timeout: Duration::from_secs(120),
            epoch_tick: Duration::from_millis(10),
            transfer_bytes: 64 * MIB,
            runs_per_call: 1_000,
            requests_per_call: 2_000,
            requests_at_once: 16,
            request_timeout: Duration::from_secs(30),
            request_bytes: 2 * MIB,
            response_bytes: 8 * MIB,
            send_all_bytes: 32 * MIB,
            received_bytes_per_call: 512 * MIB,
            credentials_timeout: Duration::from_secs(30),
            log_line_bytes: 8 * KIB,
            log_lines: 1_000,
            log_lines_per_minute: 6_000,
        }
    }

    /// Plugin instances that there are at the same time: for calls, and for plugins that are asked what
    /// they are.
    pub(crate) fn instances(&self) -> u32 {
        self.concurrent_calls
            .saturating_add(self.concurrent_describes)
    }

    /// The most that calls which run at the same time can hold together, in bytes: memories and tables,
    /// stacks, what the plugins hand over, and the responses to their requests. Compiling plugins takes
    /// more, as the guide `docs/embedding.md` says.
    #[must_use]
    pub fn most_memory(&self) -> u64 {
        let bytes = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        let calls = u64::from(self.instances());
        let memories = u64::from(self.memories).saturating_mul(bytes(self.memory_bytes));
        let table = bytes(self.table_elements.saturating_mul(size_of::<usize>()));
        let sandbox = memories.saturating_add(u64::from(self.tables).saturating_mul(table));
        let shared = calls
            .saturating_mul(sandbox)
            .min(bytes(self.total_memory_bytes));
        let buffers = [
            self.stack_bytes,
            HOST_STACK,
            self.transfer_bytes,
            self.send_all_bytes.max(self.response_bytes),
        ];
        let buffers = buffers
            .into_iter()
            .fold(0_u64, |sum, size| sum.saturating_add(bytes(size)));
        shared.saturating_add(calls.saturating_mul(buffers))
    }

    /// What this machine, or the container that this process runs in, lacks of
    /// [`most_memory`](Self::most_memory). None if it lacks nothing, or if that isn't known, as on
    /// systems other than Linux.
    #[must_use]
    pub fn memory_shortfall(&self) -> Option<MemoryShortfall> {
        MemoryShortfall::find(self.most_memory(), Path::new("/"))
    }

    /// Refuses a limit of zero.
    pub(crate) fn check(&self) -> Result<(), HostError> {
        fn is_zero<T: Default + PartialEq>(limit: &T) -> bool {
            *limit == T::default()
        }
        // Destructures without `..`, so that a new field can't be forgotten here.
        macro_rules! zeros {
            ($($field:ident),* $(,)?) => {{
                let Self { compile: _, $($field),* } = self;
                [$((stringify!($field), is_zero($field))),*]
            }};
        }
        let zeros = zeros![
            component_bytes,
            concurrent_calls,
            slot_share_percent,
            connection_share_percent,
            concurrent_describes,
            core_instances,
            memories,
            tables,
            table_elements,
            memory_bytes,
            total_memory_bytes,
            stack_bytes,
            wait_timeout,
            call_timeout,
            epoch_tick,
            transfer_bytes,
            runs_per_call,
            requests_per_call,
            requests_at_once,
            request_timeout,
            request_bytes,
            response_bytes,
            send_all_bytes,
            received_bytes_per_call,
            credentials_timeout,
            log_line_bytes,
            log_lines,
            log_lines_per_minute,
        ];
        match zeros.into_iter().find(|(_, zero)| *zero) {
            Some((field, _)) => Err(HostError::ZeroLimit { field }),
            None => self.compile.check(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recommended_limits_are_accepted() {
        Limits::recommended().check().expect("no limit is zero");
    }

    #[test]
    fn the_most_memory_is_what_all_calls_can_hold() {
        const MIB: usize = 1 << 20;
        let limits = Limits {
            concurrent_calls: 9,
            concurrent_describes: 1,
            memories: 2,
            memory_bytes: 3 * MIB,
            tables: 1,
            table_elements: MIB / 8,
            stack_bytes: MIB,
            transfer_bytes: 5 * MIB,
            response_bytes: MIB,
            send_all_bytes: 4 * MIB,
            ..Limits::recommended()
        };
        // Nine calls and a plugin that is being loaded, each with 7 MiB of memories and tables, 2 MiB of
        // stack, and 9 MiB of buffers.
        assert_eq!(limits.most_memory(), 180 << 20);
        let bounded = Limits {
            total_memory_bytes: 20 * MIB,
            ..limits
        };
        assert_eq!(bounded.most_memory(), 130 << 20);
        let endless = Limits {
            concurrent_calls: u32::MAX,
            total_memory_bytes: usize::MAX,
            transfer_bytes: usize::MAX,
            ..bounded
        };
        assert_eq!(endless.most_memory(), u64::MAX);
    }

    #[test]
    fn a_limit_of_zero_is_refused_by_the_name_of_its_field() {
        let limits = Limits {
            send_all_bytes: 0,
            ..Limits::recommended()
        };
        let error = limits.check().expect_err("a zero");
        assert_eq!(
            error.to_string(),
            "`Limits::send_all_bytes` is zero, so that no plugin could do anything; \
             `Limits::recommended()` has a value to start from"
        );
        let limits = Limits {
            call_timeout: Duration::ZERO,
            ..Limits::recommended()
        };
        assert!(limits.check().is_err());
    }
}
