//! A log's last lines.

use super::*;

#[test]
fn the_last_lines_of_a_long_log_cost_one_request() {
    let events: Vec<_> = (0..100_000).map(|n| written(n, 1)).collect();
    let (host, _) = host(&events, 10_000);
    let page = last(&client(&host), &log(), 3).unwrap();
    assert_eq!(messages(&page), ["99997", "99998", "99999"]);
    assert!(!page.more);
    assert_eq!(
        host.bodies(),
        [format!(
            r#"{{"logGroupName":"{GROUP}","logStreamNamePrefix":"job/","startTime":{FROM},"limit":4,"startFromHead":false}}"#
        )]
    );
}

#[test]
fn a_log_that_is_shorter_is_there_whole() {
    let (host, _) = host(&[written(0, 1), written(1, 2)], 10);
    let page = last(&client(&host), &log(), 5).unwrap();
    assert_eq!(messages(&page), ["0", "1"]);
    assert_eq!(messages(&follow(&host, &page.cursor)), [""; 0]);
}

#[test]
fn what_follows_the_last_lines_is_what_came_since() {
    let late = |time| Written {
        arrived: NOW,
        ..written(time, 2)
    };
    let mut events: Vec<_> = (0..10).map(|n| written(n, 1)).collect();
    events.extend([late(3), late(8), late(9), late(20)]);
    let (host, now) = host(&events, 100);
    now.set(NOW - 1);
    let page = last(&client(&host), &log(), 4).unwrap();
    assert_eq!(messages(&page), ["6", "7", "8", "9"]);
    now.set(NOW);
    // The first of the late ones is before the page.
    assert_eq!(messages(&follow(&host, &page.cursor)), ["11", "12", "13"]);
}

#[test]
fn no_lines_before_the_end_are_a_place_to_go_on_from() {
    let late = Written {
        arrived: NOW,
        ..written(5, 1)
    };
    let (host, now) = host(&[written(0, 1), written(1, 1), late], 10);
    now.set(NOW - 1);
    let page = last(&client(&host), &log(), 0).unwrap();
    assert_eq!(messages(&page), [""; 0]);
    now.set(NOW);
    assert_eq!(messages(&follow(&host, &page.cursor)), ["2"]);
}

#[test]
fn a_page_has_fewer_lines_than_a_host_takes_whatever_is_asked_for() {
    let events: Vec<_> = (0..12_000).map(|n| written(n, 1)).collect();
    let (host, _) = host(&events, 10_000);
    let page = last(&client(&host), &log(), u32::MAX).unwrap();
    assert_eq!(page.lines.len(), 9_999);
    assert_eq!(page.lines[0].message, "2001");
    assert_eq!(messages(&follow(&host, &page.cursor)), [""; 0]);
}

#[test]
fn lines_that_are_too_large_for_one_page_are_fewer_and_the_operator_is_told() {
    let host = FakeHost::answering_by(|request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let number: u64 = match body.get("nextToken").and_then(Value::as_str) {
            Some(token) => token.parse().unwrap(),
            None => 1_000,
        };
        let events: Vec<_> = (0..4)
            .map(|n| json!({"timestamp": FROM + number - n, "message": "x".repeat(256 << 10)}))
            .collect();
        let next = (number - 4).to_string();
        Ok(response(
            200,
            &[],
            &json!({"events": events, "nextToken": next}).to_string(),
        ))
    });
    let page = last(&client(&host), &log(), 1_000).unwrap();
    let bytes: usize = page.lines.iter().map(|line| line.message.len()).sum();
    assert!((8 << 20..10 << 20).contains(&bytes), "{bytes}");
    assert!(
        host.logged("the page has the last 36 events"),
        "{:?}",
        host.log
    );
}

/// A service that ignores `startFromHead`.
fn from_head(events: &[Written], page: usize) -> FakeHost {
    let (service, _) = host(events, page);
    FakeHost::answering_by(move |request| {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        body.as_object_mut().unwrap().remove("startFromHead");
        let request = job_type_kit::contract::http::Request {
            body: body.to_string().into_bytes(),
            ..request.clone()
        };
        job_type_kit::Host::send(&service, &request)
    })
}

#[test]
fn a_service_that_knows_no_other_order_is_read_from_the_head() {
    let events: Vec<_> = (0..50).map(|n| written(n, 1)).collect();
    let host = from_head(&events, 20);
    for count in [0, 1, 3] {
        let page = last(&client(&host), &log(), count).unwrap();
        let expected = &["47", "48", "49"][3 - usize::try_from(count).unwrap()..];
        assert_eq!((&*messages(&page), page.more), (expected, false));
        assert_eq!(messages(&follow(&host, &page.cursor)), [""; 0]);
    }
}

#[test]
fn first_lines_of_one_millisecond_do_not_pass_for_the_last() {
    for (page, same) in [(20, 5), (5, 5), (2, 2), (3, 40)] {
        let events: Vec<_> = (0..50).map(|n: u64| written(n.max(same), 1)).collect();
        for count in [0, 1, 3] {
            let host = from_head(&events, page);
            let page = last(&client(&host), &log(), count).unwrap();
            let first = 50 - usize::try_from(count).unwrap();
            let expected: Vec<_> = (first..50).map(|n| n.to_string()).collect();
            assert_eq!(messages(&page), expected, "{same} {count}");
        }
    }
}

#[test]
fn pages_of_one_millisecond_each_show_together_that_the_oldest_lines_come_first() {
    let events: Vec<_> = (0..30).map(|n| written(n / 2, 1)).collect();
    let host = from_head(&events, 2);
    let page = last(&client(&host), &log(), 3).unwrap();
    assert_eq!(messages(&page), ["27", "28", "29"]);
}

#[test]
fn last_lines_of_one_millisecond_take_one_more_page_and_nothing_before_them_comes_later() {
    let events: Vec<_> = (0..50).map(|n| written(n.min(40), 1)).collect();
    let (host, _) = host(&events, 10_000);
    let page = last(&client(&host), &log(), 3).unwrap();
    assert_eq!(messages(&page), ["47", "48", "49"]);
    assert_eq!(host.bodies().len(), 2);
    assert_eq!(messages(&follow(&host, &page.cursor)), [""; 0]);
}

#[test]
fn a_log_from_before_2024_is_read_from_the_head() {
    let old = |time: u64| Written {
        time: 1_600_000_000_000 + time,
        arrived: 0,
        stream: 1,
    };
    let (host, _) = host(&[old(0), old(1), old(2)], 10);
    let log = Log {
        from: Some(1_600_000_000_000),
        until: Some(1_600_000_001_000),
        ..log()
    };
    let page = last(&client(&host), &log, 2).unwrap();
    assert_eq!(messages(&page), ["1", "2"]);
    assert!(!host.bodies()[0].contains("startFromHead"));
}

#[test]
fn an_end_that_is_not_found_in_time_is_asked_for_again_later() {
    let host = FakeHost::answering_by(|_| Ok(response(200, &[], r#"{"nextToken": "t"}"#)));
    let error = last(&client(&host), &log(), 3).unwrap_err();
    assert!(error.retryable, "{error:?}");
    assert_eq!(host.bodies().len(), 25);
}
