//! A log is read from its head to its end, and on.

use super::*;

#[test]
fn a_log_is_read_page_by_page_in_one_request_each() {
    let events: Vec<_> = (0..5).map(|n| written(n, 1)).collect();
    let (host, _) = host(&events, 2);
    let first = oldest(&client(&host), &log()).unwrap();
    assert_eq!((messages(&first), first.more), (vec!["0", "1"], true));
    let second = follow(&host, &first.cursor);
    let third = follow(&host, &second.cursor);
    assert_eq!((messages(&second), second.more), (vec!["2", "3"], true));
    assert_eq!((messages(&third), third.more), (vec!["4"], false));
    let fourth = follow(&host, &third.cursor);
    assert_eq!((messages(&fourth), fourth.more), (vec![], false));
    assert_eq!(
        host.bodies()[0],
        format!(
            r#"{{"logGroupName":"{GROUP}","logStreamNamePrefix":"job/","startTime":{FROM},"limit":10000}}"#
        )
    );
    let line = &first.lines[0];
    assert_eq!((line.time, line.source.as_str()), (Some(FROM), "algo-1"));
}

#[test]
fn pages_of_one_listing_ask_for_the_same_range() {
    let events: Vec<_> = (0..3).map(|n| written(n * 60_000, 1)).collect();
    let (host, _) = host(&events, 1);
    let mut page = oldest(&client(&host), &log()).unwrap();
    while page.more {
        page = follow(&host, &page.cursor);
    }
    let requests: Vec<Value> = host
        .bodies()
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect();
    assert_eq!(requests.len(), 3);
    assert!(
        requests.iter().all(|one| one["startTime"] == FROM),
        "{requests:?}"
    );
}

#[test]
fn the_same_cursor_gives_the_same_page_and_later_what_came_since() {
    let late = Written {
        arrived: NOW,
        ..written(10_000, 1)
    };
    let (host, now) = host(&[written(0, 1), late], 10);
    now.set(NOW - 1);
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!((messages(&page), page.more), (vec!["0"], false));
    for _ in 0..2 {
        assert_eq!(messages(&follow(&host, &page.cursor)), [""; 0]);
    }
    now.set(NOW);
    assert_eq!(messages(&follow(&host, &page.cursor)), ["1"]);
}

#[test]
fn events_of_the_same_millisecond_are_told_apart() {
    let events = [
        written(5, 1),
        written(5, 2),
        Written {
            arrived: NOW,
            ..written(5, 1)
        },
        Written {
            arrived: NOW,
            ..written(5, 3)
        },
    ];
    let (host, now) = host(&events, 10);
    now.set(NOW - 1);
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!(messages(&page), ["0", "1"]);
    now.set(NOW);
    assert_eq!(messages(&follow(&host, &page.cursor)), ["2", "3"]);
}

#[test]
fn a_machine_that_sends_its_lines_late_loses_none_beside_a_busy_one() {
    let mut events: Vec<_> = (0..20_000).map(|n| written(n, 1)).collect();
    events.push(Written {
        arrived: NOW,
        ..written(3_000, 2)
    });
    let (host, now) = host(&events, 10_000);
    now.set(NOW - 1);
    let mut page = oldest(&client(&host), &log()).unwrap();
    page = follow(&host, &page.cursor);
    assert_eq!((page.lines.len(), page.more), (10_000, false));
    now.set(NOW);
    let since = follow(&host, &page.cursor);
    assert_eq!(messages(&since), ["20000"]);
    assert!(page.cursor.len() < 8 << 10, "{} bytes", page.cursor.len());
}

#[test]
fn pages_without_events_are_passed_over_as_long_as_there_is_time() {
    let empty = || (200, r#"{"events": [], "nextToken": "TOKEN"}"#);
    let tokens: Vec<String> = (0..3)
        .map(|n| empty().1.replace("TOKEN", &n.to_string()))
        .collect();
    let line = r#"{"events": [{"timestamp": 5, "message": "m"}]}"#;
    let answers = tokens.iter().map(|body| (200, body.as_str()));
    let host = FakeHost::answering(answers.chain([(200, line)]));
    let from_the_epoch = Log {
        from: None,
        ..log()
    };
    let page = oldest(&client(&host), &from_the_epoch).unwrap();
    assert_eq!((messages(&page), page.more), (vec!["m"], false));
    assert_eq!(host.bodies().len(), 4);
}

/// A host on which each request takes this long, and no page has events or an end.
fn endless(milliseconds: u64) -> FakeHost {
    let mut number = 0;
    let host = FakeHost::answering_by(move |_| {
        number += 1;
        Ok(response(
            200,
            &[],
            &json!({"nextToken": number.to_string()}).to_string(),
        ))
    });
    host.deadline.set(NOW + milliseconds);
    host
}

#[test]
fn a_call_reads_so_many_pages_without_events_and_leaves_the_rest_to_the_next() {
    let host = endless(120_000);
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!((messages(&page), page.more), (vec![], true));
    assert_eq!(host.bodies().len(), 25);
    let next = follow(&host, &page.cursor);
    assert!(next.more);
    assert!(host.bodies()[25].contains(r#""nextToken":"25""#));
}

#[test]
fn a_call_that_has_used_half_of_its_time_answers() {
    // The clock of a fake host stands still: half of no time is over at once.
    let host = endless(1);
    let page = oldest(&client(&host), &log()).unwrap();
    assert!(page.more);
    assert_eq!(host.bodies().len(), 1);
}

#[test]
fn pages_without_events_do_not_go_on_for_ever() {
    let host = endless(120_000);
    let client = client(&host);
    let mut page = oldest(&client, &log()).unwrap();
    let error = loop {
        match after(&client, &page.cursor, |_| true) {
            Ok(next) => page = next,
            Err(error) => break error,
        }
    };
    assert_eq!(error.code, "EndlessListing");
    assert_eq!(host.bodies().len(), 2_501);
}

#[test]
fn a_token_that_leads_to_itself_is_an_error() {
    let body = r#"{"events": [], "nextToken": "t"}"#;
    let host = FakeHost::answering([(200, body), (200, body)]);
    let error = oldest(&client(&host), &log()).unwrap_err();
    assert_eq!(error.code, "EndlessListing");
}

#[test]
fn a_token_that_has_expired_is_given_up_and_nothing_comes_twice() {
    let events: Vec<_> = (0..4).map(|n| written(n, 1)).collect();
    let (service, _) = host(&events, 2);
    let first = oldest(&client(&service), &log()).unwrap();
    let host = FakeHost::answering_by(move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        match body.get("nextToken") {
            Some(_) => Ok(response(
                400,
                &[],
                r#"{"__type": "InvalidParameterException", "message": "expired"}"#,
            )),
            None => job_type_kit::Host::send(&service, request),
        }
    });
    // The range begins before the page that was delivered, and its page has two events as well.
    let second = follow(&host, &first.cursor);
    assert_eq!(messages(&second), [""; 0]);
    assert!(second.more);
}

#[test]
fn an_answer_that_is_more_than_the_host_takes_is_asked_for_in_parts() {
    let host = FakeHost::answering_by(|request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        if body["limit"].as_u64() > Some(3_000) {
            return Err(HttpError {
                kind: HttpErrorKind::BodyTooLarge,
                message: "too large".to_owned(),
            });
        }
        let line = json!({"events": [{"timestamp": FROM, "message": "m"}]});
        Ok(response(200, &[], &line.to_string()))
    });
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!(messages(&page), ["m"]);
    assert_eq!(host.bodies().len(), 3);
}

#[test]
fn two_groups_are_read_together_in_order_of_time() {
    let two = Log {
        groups: ["/aws/echo/output", "/aws/echo/error"]
            .map(|name| Group {
                name: name.to_owned(),
                stream_prefix: Some("job".to_owned()),
            })
            .to_vec(),
        ..log()
    };
    let event = |time: u64, message: &str| json!({"timestamp": FROM + time, "message": message, "logStreamName": "job"});
    let host = FakeHost::answering_by(move |request| {
        let body = String::from_utf8_lossy(&request.body);
        let events = match body.contains("/error") {
            true => json!([event(2, "b"), event(4, "d")]),
            false => json!([event(1, "a"), event(3, "c")]),
        };
        Ok(response(200, &[], &json!({"events": events}).to_string()))
    });
    let page = oldest(&client(&host), &two).unwrap();
    assert_eq!(messages(&page), ["a", "b", "c", "d"]);
    let sources: Vec<_> = page.lines.iter().map(|line| line.source.as_str()).collect();
    assert_eq!(
        sources,
        ["output/job", "error/job", "output/job", "error/job"]
    );
    let next = after(&client(&host), &page.cursor, |_| true).unwrap();
    assert_eq!(messages(&next), [""; 0]);
}

/// Follows a log while it grows, and checks that each of its events is delivered once.
fn follow_to_the_end(events: &[Written], page_size: usize, step: u64) -> Result<(), TestCaseError> {
    let (host, now) = host(events, page_size);
    now.set(events.iter().map(|event| event.arrived).min().unwrap());
    let mut page = oldest(&client(&host), &log()).unwrap();
    let mut seen: Vec<usize> = Vec::new();
    loop {
        let indices = messages(&page)
            .into_iter()
            .map(|index| index.parse().unwrap());
        seen.extend(indices.collect::<Vec<usize>>());
        if !page.more && now.get() > FROM + 140_000 {
            break;
        }
        if !page.more {
            now.set(now.get() + step);
        }
        page = follow(&host, &page.cursor);
    }
    let delivered = seen.len();
    seen.sort_unstable();
    seen.dedup();
    prop_assert_eq!(seen.len(), delivered, "some came twice");
    prop_assert_eq!(seen.len(), events.len(), "some are lost");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Streams are apart, and each is in order, however much it writes.
    #[test]
    fn a_busy_log_that_is_followed_is_delivered_once_and_whole(
        events in prop::collection::vec((0..40_000_u64, 0..4_u8), 1..300),
        lags in prop::array::uniform4(0..85_000_u64),
        page_size in 1..40_usize,
        step in 500..15_000_u64,
    ) {
        let events: Vec<_> = events
            .into_iter()
            .map(|(time, stream)| Written {
                arrived: FROM + time + lags[usize::from(stream)],
                ..written(time, stream)
            })
            .collect();
        follow_to_the_end(&events, page_size, step)?;
    }

    /// A stream's events arrive in any order, and many have the same time.
    #[test]
    fn a_log_out_of_order_that_is_followed_is_delivered_once_and_whole(
        events in prop::collection::vec((0..20_u64, 0..25_000_u64, 0..3_u8), 1..300),
        page_size in 1..40_usize,
        step in 500..15_000_u64,
    ) {
        let events: Vec<_> = events
            .into_iter()
            .map(|(time, lag, stream)| Written {
                arrived: FROM + time * 2_000 + lag,
                ..written(time * 2_000, stream)
            })
            .collect();
        follow_to_the_end(&events, page_size, step)?;
    }
}
