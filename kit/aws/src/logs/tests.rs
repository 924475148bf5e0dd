//! Tests of reading logs, with a CloudWatch Logs that is a list of events.

use std::cell::Cell;
use std::rc::Rc;

use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind};
use job_type_kit::testing::{Answer, FakeHost, NOW, response};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::connection::Settings;
use crate::endpoint::Endpoint;
use crate::region::Region;
use crate::service::{Service, UserAgent};
use crate::variant::Variant;

mod forward;
mod last;
mod refusals;

static LOGS: Service = service(UserAgent {
    product: "polysync-echo",
    version: "1.2.3",
});

const GROUP: &str = "/aws/echo";
const FROM: u64 = NOW - 3_600_000;

fn client(host: &FakeHost) -> Client<'_> {
    let settings = Settings {
        region: Region::parse("eu-west-1").unwrap(),
        endpoint: Endpoint::parse("https://logs.eu-west-1.amazonaws.com").unwrap(),
        variant: Variant::default(),
    };
    Client::new(host, &LOGS, settings)
}

fn log() -> Log {
    Log {
        groups: vec![Group {
            name: GROUP.to_owned(),
            stream_prefix: Some("job/".to_owned()),
        }],
        from: Some(FROM),
        until: None,
        is_over: false,
    }
}

fn follow(host: &FakeHost, cursor: &str) -> LogPage {
    after(&client(host), cursor, |group| group == GROUP).unwrap()
}

fn messages(page: &LogPage) -> Vec<&str> {
    page.lines
        .iter()
        .map(|line| line.message.as_str())
        .collect()
}

/// One event: when it was written, when it arrived, and in which of the job's streams. Its message is
/// its place in the list.
#[derive(Debug, Clone, Copy)]
struct Written {
    time: u64,
    arrived: u64,
    stream: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    start_time: u64,
    end_time: Option<u64>,
    limit: usize,
    start_from_head: Option<bool>,
    next_token: Option<String>,
}

/// A CloudWatch Logs that documents what it does as the real one: events in order of time and then of
/// arrival, and a token that leads on after the last of them.
struct CloudWatchLogs {
    events: Vec<Written>,
    now: Rc<Cell<u64>>,
    page: usize,
}

impl CloudWatchLogs {
    fn answer(&self, request: &Request) -> Value {
        let visible = |event: &&(usize, Written)| {
            let in_range =
                (request.start_time..=request.end_time.unwrap_or(u64::MAX)).contains(&event.1.time);
            in_range && event.1.arrived <= self.now.get()
        };
        let all: Vec<_> = self.events.iter().copied().enumerate().collect();
        let mut events: Vec<_> = all.iter().filter(visible).copied().collect();
        let key = |(index, event): &(usize, Written)| (event.time, event.arrived, *index);
        events.sort_by_key(key);
        let newest_first = request.start_from_head == Some(false);
        if newest_first {
            events.reverse();
        }
        if let Some(token) = &request.next_token {
            let last: (u64, u64, usize) = serde_json::from_str(token).unwrap();
            events.retain(|event| (key(event) > last) != newest_first && key(event) != last);
        }
        let page = self.page.min(request.limit).min(events.len());
        let token =
            (page < events.len()).then(|| serde_json::to_string(&key(&events[page - 1])).unwrap());
        let events: Vec<_> = events[..page]
            .iter()
            .map(|(index, event)| {
                json!({
                    "logStreamName": format!("job/algo-{}", event.stream),
                    "timestamp": event.time,
                    "message": index.to_string(),
                })
            })
            .collect();
        json!({"events": events, "nextToken": token})
    }
}

/// A host on which the events arrive while the clock goes on.
fn host(events: &[Written], page: usize) -> (FakeHost, Rc<Cell<u64>>) {
    let now = Rc::new(Cell::new(u64::MAX));
    let service = CloudWatchLogs {
        events: events.to_vec(),
        now: Rc::clone(&now),
        page,
    };
    let host = FakeHost::answering_by(move |request| {
        let request = serde_json::from_slice(&request.body).unwrap();
        Ok(response(200, &[], &service.answer(&request).to_string()))
    });
    (host, now)
}

fn written(time: u64, stream: u8) -> Written {
    Written {
        time: FROM + time,
        arrived: FROM + time,
        stream,
    }
}

fn answering(body: &Value) -> FakeHost {
    FakeHost::answering([(200, body.to_string().as_str())])
}
