//! The example jobs that are built into the emulator.

use std::time::Duration;

use super::job::GlueJob;

/// How many runs each of them may have at once.
const CONCURRENT_RUNS: usize = 100;

pub(crate) fn jobs() -> [GlueJob; 3] {
    let sales = GlueJob::new("sales-load")
        .description("Loads a day's sales into the warehouse")
        .default_argument("--day", "2026-11-01")
        .default_argument("--limit", "1000")
        .default_argument("--job-language", "python")
        .default_argument("--TempDir", "s3://example-data/temporary/");
    let returns = GlueJob::new("returns-load-fails")
        .description("Loads a day's returns; a column is missing")
        .default_argument("--day", "2026-11-01")
        .failing("KeyError: \"Column 'order_id' does not exist\"");
    let inventory = GlueJob::new("inventory-stream")
        .description("Follows the inventory until it is stopped")
        .run_duration(Duration::from_secs(60 * 60));
    [sales, returns, inventory].map(|job| job.max_concurrent_runs(CONCURRENT_RUNS))
}
