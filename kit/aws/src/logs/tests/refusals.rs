//! What CloudWatch Logs refuses, what is not there, and answers that are not as they should be.

use super::*;

const NO_GROUP: (u16, &str) = (
    400,
    r#"{"__type": "ResourceNotFoundException", "message": "The specified log group does not exist."}"#,
);
const NO_EVENTS: (u16, &str) = (200, r#"{"events": [], "searchedLogStreams": []}"#);

#[test]
fn a_log_that_is_not_there_yet_may_come_and_one_of_a_job_that_is_over_does_not() {
    for answer in [NO_GROUP, NO_EVENTS] {
        for is_over in [false, true] {
            let log = Log { is_over, ..log() };
            let of_oldest = oldest(&client(&FakeHost::answering([answer])), &log);
            let of_last = last(&client(&FakeHost::answering([answer])), &log, 10);
            for error in [of_oldest.unwrap_err(), of_last.unwrap_err()] {
                assert_eq!(
                    (error.class, error.code.as_str(), error.retryable),
                    (ErrorClass::NotFound, "LogNotFound", !is_over)
                );
                assert!(
                    error
                        .message
                        .contains("/aws/echo whose names begin with job/")
                );
                assert_eq!(error.hint.contains("retention"), is_over, "{}", error.hint);
            }
        }
    }
}

#[test]
fn a_group_that_was_deleted_between_two_pages_is_an_error() {
    let (there, _) = host(&[written(0, 1)], 10);
    let cursor = oldest(&client(&there), &log()).unwrap().cursor;
    let gone = FakeHost::answering([NO_GROUP]);
    let error = after(&client(&gone), &cursor, |_| true).unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.retryable),
        ("LogNotFound", false)
    );
}

#[test]
fn a_denied_request_names_the_permission() {
    let denied = r#"{"__type": "AccessDeniedException", "message": "not authorized"}"#;
    let error = oldest(&client(&FakeHost::answering([(400, denied)])), &log()).unwrap_err();
    assert_eq!(error.class, ErrorClass::Denied);
    assert!(
        error.hint.contains("logs:FilterLogEvents"),
        "{}",
        error.hint
    );
}

#[test]
fn a_request_that_the_host_does_not_let_through_is_for_an_operator_to_grant() {
    let denied = HttpError {
        kind: HttpErrorKind::Denied,
        message: "https://logs.eu-west-1.amazonaws.com is not granted".to_owned(),
    };
    let host = FakeHost::with_answers([Err(denied)]);
    let error = oldest(&client(&host), &log()).unwrap_err();
    assert_eq!(error.code, "RequestNotGranted");
    assert!(error.hint.contains("an operator has to grant it"));
}

#[test]
fn a_throttled_request_is_sent_again_and_then_left_to_the_host() {
    let throttled = (
        400,
        r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#,
    );
    let line = json!({"events": [{"timestamp": FROM, "message": "m"}]}).to_string();
    let host = FakeHost::answering([throttled, (200, line.as_str())]);
    assert_eq!(messages(&oldest(&client(&host), &log()).unwrap()), ["m"]);
    let host = FakeHost::answering([throttled; 3]);
    let error = oldest(&client(&host), &log()).unwrap_err();
    assert_eq!(
        (error.class, error.retryable),
        (ErrorClass::Throttled, true)
    );
}

#[test]
fn a_request_that_is_not_valid_is_not_sent_again() {
    let refusal = (
        400,
        r#"{"__type": "InvalidParameterException", "message": "startTime"}"#,
    );
    let error = oldest(&client(&FakeHost::answering([refusal])), &log()).unwrap_err();
    assert_eq!((error.class, error.retryable), (ErrorClass::Invalid, false));
}

#[test]
fn null_members_do_not_break_a_page() {
    let host = answering(&json!({"events": [
        null,
        {"logStreamName": null, "timestamp": null, "message": null, "ingestionTime": null, "eventId": null},
        {},
        {"logStreamName": "job/a", "timestamp": FROM, "message": "m", "new": [1]},
    ], "nextToken": null}));
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!(messages(&page), ["", "", "m"]);
    assert_eq!(page.lines[0].time, None);
}

/// A host refuses a page of more lines.
#[test]
fn a_page_of_more_events_than_were_asked_for_is_not_read() {
    let page = |count| json!({"events": vec![json!({"timestamp": FROM}); count]});
    let read = |count| oldest(&client(&answering(&page(count))), &log());
    assert_eq!(read(10_000).unwrap().lines.len(), 10_000);
    assert_eq!(read(10_001).unwrap_err().code, "UnreadableResponse");
}

#[test]
fn half_a_character_is_replaced() {
    let line =
        format!(r#"{{"events": [{{"timestamp": {FROM}, "message": "a\ud83d b\udc00\u0000"}}]}}"#);
    let host = FakeHost::answering([(200, line.as_str())]);
    let page = oldest(&client(&host), &log()).unwrap();
    let message = &page.lines[0].message;
    assert!(
        message.starts_with("a\u{fffd}") && message.ends_with('\0'),
        "{message:?}"
    );
    assert!(message.contains(" b\u{fffd}"), "{message:?}");
}

#[test]
fn the_line_break_at_the_end_of_a_message_is_left_out() {
    let event = |message: &str| json!({"timestamp": FROM, "message": message});
    let events = ["a\n", "b\r\n", " c\n d ", "\n", "10%\r20%\r"].map(event);
    let host = answering(&json!({"events": events}));
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!(messages(&page), ["a", "b", " c\n d ", "", "10%\r20%"]);
}

#[test]
fn a_line_of_256_kib_is_whole() {
    let host =
        answering(&json!({"events": [{"timestamp": FROM, "message": "é".repeat(128 << 10)}]}));
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!(page.lines[0].message.len(), 256 << 10);
}

#[test]
fn a_time_that_can_not_be_true_is_left_out_and_nothing_is_lost_after_it() {
    let year_9999 = 253_402_300_799_000_u64;
    for time in [
        json!(year_9999),
        json!(u64::MAX),
        json!(-5),
        json!(1e300),
        json!("now"),
    ] {
        let events = json!([
            {"timestamp": FROM, "message": "a"},
            {"timestamp": time, "message": "b"},
        ]);
        let more = json!([{"timestamp": FROM + 1, "message": "c"}]);
        let all = [events, more].map(|events| json!({"events": events}).to_string());
        let host = FakeHost::answering(all.iter().map(|body| (200, body.as_str())));
        let page = oldest(&client(&host), &log()).unwrap();
        let times: Vec<_> = page.lines.iter().map(|line| line.time).collect();
        assert_eq!(times, [Some(FROM), None], "{time}");
        assert_eq!(messages(&follow(&host, &page.cursor)), ["c"], "{time}");
    }
}

/// A machine's clock may be ahead of the host's.
#[test]
fn after_an_event_that_is_ahead_of_the_clock_no_line_is_lost_and_none_comes_twice() {
    let hour = 3_600_000;
    let event = |time: u64, stream: u8| Written {
        time,
        arrived: NOW,
        stream,
    };
    let before = [event(NOW - 2, 1), event(NOW - 1, 1), event(NOW + hour, 2)];
    let late = [
        event(NOW + 5_000, 1),
        event(NOW + 5_000, 3),
        event(NOW + hour + 1, 2),
    ];
    let late = late.map(|event| Written {
        arrived: NOW + 1,
        ..event
    });
    for count in [None, Some(0), Some(1), Some(2), Some(9)] {
        let (host, now) = host(&[before, late].concat(), 10);
        now.set(NOW);
        let page = match count {
            None => oldest(&client(&host), &log()),
            Some(count) => last(&client(&host), &log(), count),
        }
        .unwrap();
        let shown = usize::try_from(count.unwrap_or(9)).unwrap().min(3);
        assert_eq!(messages(&page), ["0", "1", "2"][3 - shown..]);
        now.set(NOW + 1);
        let next = follow(&host, &page.cursor);
        assert_eq!(messages(&next), ["3", "4", "5"], "{count:?}");
        assert_eq!(messages(&follow(&host, &next.cursor)), [""; 0]);
    }
}

#[test]
fn a_token_of_any_characters_comes_back_as_it_was() {
    for token in ["f/3", "\"\\\u{1}\n日\u{2028}", "é😀", &"é".repeat(5_000)] {
        let body = json!({"events": [{"timestamp": FROM, "message": "m"}], "nextToken": token});
        let first = oldest(&client(&answering(&body)), &log()).unwrap();
        let is_visible = |byte: u8| (b' '..=b'~').contains(&byte);
        assert!(first.cursor.bytes().all(is_visible), "{}", first.cursor);
        let host = FakeHost::answering([NO_EVENTS]);
        follow(&host, &first.cursor);
        let request: Value = serde_json::from_str(&host.bodies()[0]).unwrap();
        assert_eq!(request["nextToken"], token);
    }
}

#[test]
fn a_token_that_no_cursor_can_hold_is_an_error() {
    let body = json!({"events": [], "nextToken": "x".repeat(64 << 10)});
    let host = FakeHost::answering_by(move |_| Ok(response(200, &[], &body.to_string())) as Answer);
    host.deadline.set(NOW + 1);
    let error = oldest(&client(&host), &log()).unwrap_err();
    assert_eq!(error.code, "UnreadableResponse");
}

#[test]
fn a_text_that_is_not_a_cursor_is_refused_before_any_request() {
    let (there, _) = host(&[written(0, 1)], 10);
    let cursor = oldest(&client(&there), &log()).unwrap().cursor;
    let nothing = FakeHost::answering([]);
    let parsed: Value = serde_json::from_str(&cursor).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut changed = parsed.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed.to_string()
    };
    let place = &parsed["places"][0];
    let too_many = [vec![0, 65], [7, 1, 1].repeat(65)].concat();
    for text in [
        String::new(),
        "2.token".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        json!({"places": []}).to_string(),
        json!({"places": vec![place; 9]}).to_string(),
        with("/places/0/group", json!("/aws/rds/cluster")),
        with("/places/0/group", json!("")),
        with("/places/0/group", json!(7)),
        with("/places/0/prefix", json!("a:b")),
        with("/places/0/delivered", json!([u64::MAX, 0])),
        with("/places/0/prefix", json!("x".repeat(513))),
        with("/places/0/delivered", json!(too_many)),
        with("/places/0/delivered", json!([0, 1, 2])),
        with("/places/0/delivered", json!([-1, 0])),
        cursor.clone() + &" ".repeat(64 << 10),
    ] {
        let error = after(&client(&nothing), &text, |group| group == GROUP).unwrap_err();
        assert_eq!(error.code, "InvalidCursor", "{text}");
    }
    // A later version may add members.
    let later = with("/places/0/empty_pages", json!(0)).replacen('{', r#"{"new": [1],"#, 1);
    follow(&FakeHost::answering([NO_EVENTS]), &later);
}

#[test]
fn events_from_before_the_time_that_was_asked_for_are_left_out() {
    let event = |time: u64, message: &str| json!({"logStreamName": "job/algo-1", "timestamp": time, "message": message});
    let body = json!({"events": [event(FROM - 1, "earlier"), event(FROM, "first")]}).to_string();
    let host = FakeHost::answering_by(move |_| Ok(response(200, &[], &body)));
    let page = oldest(&client(&host), &log()).unwrap();
    assert_eq!(messages(&page), ["first"]);
}
