//! Pages of a log that are larger than a page may be.

use polysync_host::contract::{LogPage, LogPosition, Run};
use polysync_host::{CallFault, Limits};

use crate::stage::Stage;

const KIB: usize = 1 << 10;

/// A page of so many lines, of so many bytes each. Afterwards the host serves.
async fn page(limits: Limits, lines: usize, bytes: usize) -> Result<LogPage, CallFault> {
    let stage = Stage::new(limits).await;
    let run = Run {
        external_id: None,
        run_id: "run".to_owned(),
    };
    let page = stage
        .connection(&format!("log-lines {lines} {bytes}"))
        .logs(&run, "step", &LogPosition::Last(10))
        .await;
    stage.serves().await;
    page.map(|page| page.expect("a page"))
        .map_err(|error| error.fault)
}

#[tokio::test]
async fn a_page_of_more_lines_than_it_may_have() {
    let most = page(Limits::recommended(), 10_000, 10).await;
    assert_eq!(most.map(|page| page.lines.len()), Ok(10_000));
    let fault = page(Limits::recommended(), 10_001, 10).await;
    let problem = "lines has more than 10000 entries".to_owned();
    assert_eq!(fault, Err(CallFault::UnfitAnswer { problem }));
}

#[tokio::test]
async fn a_line_that_is_longer_than_it_may_be_is_cut() {
    let page = page(Limits::recommended(), 2, 256 * KIB + 7).await;
    for line in page.expect("a page").lines {
        assert!(line.message.ends_with("x … (7 more bytes)"));
        assert!(line.message.len() < 257 * KIB, "{}", line.message.len());
    }
}

#[tokio::test]
async fn a_page_that_is_larger_than_what_may_be_handed_over() {
    let limits = Limits {
        transfer_bytes: 1 << 20,
        ..Limits::recommended()
    };
    let fault = page(limits, 100, 256 * KIB).await;
    assert_eq!(fault, Err(CallFault::TooMuchData { limit: 1 << 20 }));
}

#[tokio::test]
async fn a_page_that_is_larger_than_the_plugins_memory() {
    let fault = page(Limits::recommended(), 1_000, 256 * KIB).await;
    let limit = Limits::recommended().memory_bytes;
    assert_eq!(fault, Err(CallFault::OutOfMemory { limit }));
}
