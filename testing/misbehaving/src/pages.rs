//! Listings that don't end, by the order `pages ENTRIES BYTES CIRCLE`: the entries of each page, the
//! bytes of each entry's description, and after how many pages the first cursor comes again. And one page
//! of a log, by the order `log-lines LINES BYTES`: its lines, and the bytes of each.

use super::{Connection, DiscoveredJob, DiscoveryPage, LogLine, LogPage, RunState, Step, StepPage};

/// What the order says of each page.
struct Pages {
    entries: u32,
    description: String,
    circle: u64,
}

impl Pages {
    fn ordered(connection: &Connection) -> Option<Self> {
        let mut numbers = numbers(connection, "pages ")?;
        Some(Self {
            entries: numbers.next()?,
            description: "x".repeat(numbers.next()? as usize),
            circle: numbers.next()?.into(),
        })
    }

    /// The cursor after a page.
    fn next(&self, cursor: Option<&str>) -> Option<String> {
        let page: u64 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        Some(((page + 1) % self.circle).to_string())
    }
}

/// The numbers of an order that begins so.
fn numbers(connection: &Connection, order: &str) -> Option<impl Iterator<Item = u32>> {
    let given = connection.attributes.iter().find(|a| a.name == "order")?;
    let numbers = given.value.strip_prefix(order)?.split(' ');
    Some(numbers.map_while(|number| number.parse().ok()))
}

pub(crate) fn log_page(connection: &Connection) -> Option<LogPage> {
    let mut numbers = numbers(connection, "log-lines ")?;
    let (lines, bytes) = (numbers.next()?, numbers.next()?);
    let line = |number| LogLine {
        time: None,
        source: format!("machine-{number}"),
        message: "x".repeat(bytes as usize),
    };
    Some(LogPage {
        lines: (0..lines).map(line).collect(),
        cursor: "end".to_owned(),
        more: true,
    })
}

pub(crate) fn discovery_page(
    connection: &Connection,
    cursor: Option<&str>,
) -> Option<DiscoveryPage> {
    let pages = Pages::ordered(connection)?;
    let job = |number| DiscoveredJob {
        external_id: format!("job-{number}"),
        name: "job".to_owned(),
        display_name: None,
        description: Some(pages.description.clone()),
        job_type: "Misbehaving".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
        notes: Vec::new(),
        details: Vec::new(),
    };
    Some(DiscoveryPage {
        jobs: (0..pages.entries).map(job).collect(),
        notes: Vec::new(),
        next_cursor: pages.next(cursor),
    })
}

pub(crate) fn step_page(connection: &Connection, cursor: Option<&str>) -> Option<StepPage> {
    let pages = Pages::ordered(connection)?;
    let step = |number| Step {
        name: format!("step-{number}"),
        display_name: None,
        kind: "Work".to_owned(),
        state: RunState::Running,
        platform_status: "Executing".to_owned(),
        started_at: None,
        ended_at: None,
        attempts: None,
        cache_hit: false,
        has_log: false,
        reason: Some(pages.description.clone()),
        resource_id: None,
        links: Vec::new(),
        details: Vec::new(),
    };
    Some(StepPage {
        steps: (0..pages.entries).map(step).collect(),
        next_cursor: pages.next(cursor),
    })
}
