//! The WebAssembly engine: the features it accepts, how it compiles, and the pool that calls run in.

use std::path::Path;

use wasmtime::{
    Cache, CacheConfig, Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel,
    PoolingAllocationConfig, Strategy,
};

use crate::host_error::HostError;
use crate::limits::{HOST_STACK, Limits};
use crate::sandbox::cache_directory;

/// The largest image of a memory that consists mostly of zeros, in bytes.
const SPARSE_IMAGE: u64 = 1 << 20;

/// How much of a linear memory the process keeps between calls, in bytes.
const MEMORY_KEPT: usize = 128 << 10;

/// How much of a table the process keeps between calls, in bytes.
const TABLE_KEPT: usize = 16 << 10;

pub(crate) fn engine(config: &Config) -> Result<Engine, HostError> {
    Engine::new(config).map_err(|error| HostError::Engine(format!("{error:#}")))
}

pub(crate) fn config(limits: &Limits, cache: Option<Cache>) -> Config {
    let mut config = Config::new();
    config
        .cache(cache)
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)))
        // A fresh instance maps its initial memory from the compiled component instead of copying it.
        .memory_init_cow(true)
        // The image of a memory whose data lie far apart: two bytes would make one of 16 MiB, in each
        // module. The data of an ordinary plugin lie together, and need no such allowance.
        .memory_guaranteed_dense_image_size(SPARSE_IMAGE)
        // Only native debuggers and profilers use these. They make up an eighth of the machine code's
        // file, which each load from the cache reads and copies.
        .generate_address_map(false)
        .native_unwind_info(false)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack_bytes)
        .async_stack_size(limits.stack_bytes.saturating_add(HOST_STACK));

    // Only what compilers emit for a plugin that computes on one thread.
    config
        .wasm_component_model(true)
        .wasm_bulk_memory(true)
        .wasm_multi_value(true)
        .wasm_simd(true)
        .wasm_relaxed_simd(false)
        .wasm_tail_call(false)
        .wasm_extended_const(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_wide_arithmetic(false)
        .wasm_custom_page_sizes(false)
        .wasm_stack_switching(false);
    config
}

/// The engine's cache of machine code, in an absolute `directory` that nobody else can write to.
pub(crate) fn cache(directory: &Path) -> Result<Cache, HostError> {
    cache_directory::secure(directory)?;
    let mut config = CacheConfig::new();
    config.with_directory(directory);
    Cache::new(config).map_err(|error| HostError::Cache {
        directory: directory.to_owned(),
        reason: format!("{error:#}"),
    })
}

/// A pool with one slot for each call that may run, so that a call with a place never finds the pool
/// full, and one slot for each plugin that is asked what it is.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let calls = limits.instances();
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_stacks(calls)
        .total_core_instances(calls.saturating_mul(limits.core_instances))
        .total_memories(calls.saturating_mul(limits.memories))
        .total_tables(calls.saturating_mul(limits.tables))
        .max_core_instances_per_component(limits.core_instances)
        .max_memories_per_component(limits.memories)
        .max_tables_per_component(limits.tables)
        .max_tables_per_module(limits.tables)
        .table_elements(limits.table_elements)
        .max_memory_size(limits.memory_bytes)
        // The pool resets the pages that a call has written to instead of returning them to the
        // system: page faults would take a third of the time of a short call.
        .pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(MEMORY_KEPT)
        .table_keep_resident(TABLE_KEPT);
    pool
}
