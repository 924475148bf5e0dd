//! How long a client sends requests, and how many.

use super::*;

/// The results of four calls, one after the other, of a client within these bounds, and how many were
/// sent. Each answer takes so many milliseconds.
fn ping_within(bounds: Bounds, takes: u64) -> (Vec<Result<Pong, CallError>>, usize) {
    let host = FakeHost::answering_by(|_| pong(0));
    host.latency.set(takes);
    let client = client(&host).within(bounds);
    let inputs: Vec<_> = (0..4).map(|n| Ping { n }).collect();
    let mut results = Vec::new();
    let taken = client.call_paced(&mut Pace::new(1), &inputs, |_, result| {
        results.push(result);
        Ok::<_, CallError>(())
    });
    taken.unwrap();
    (results, host.bodies().len())
}

const OUT_OF_BOUNDS: Result<Pong, CallError> = Err(CallError::Deadline { operation: "Ping" });

#[test]
fn no_request_is_sent_in_the_time_that_the_call_is_left() {
    let bounds = Bounds {
        time_left: 40_000,
        ..Bounds::NONE
    };
    // The call has 120 s, so that the third would begin in the time that is left.
    let (results, sent) = ping_within(bounds, 40_000);
    assert_eq!(sent, 2);
    assert_eq!(results[2..], [OUT_OF_BOUNDS, OUT_OF_BOUNDS]);
    let (results, sent) = ping_within(Bounds::NONE, 40_000);
    assert_eq!((results[2].is_ok(), sent), (true, 3));
}

#[test]
fn no_more_requests_are_sent_than_the_bounds_allow() {
    let bounds = Bounds {
        requests: 3,
        ..Bounds::NONE
    };
    let (results, sent) = ping_within(bounds, 0);
    assert_eq!((results[2].is_ok(), sent), (true, 3));
    assert_eq!(results[3..], [OUT_OF_BOUNDS]);
}

#[test]
fn attempts_count_as_requests() {
    let host = FakeHost::answering_by(|_| lost());
    let client = client(&host).within(Bounds {
        requests: 2,
        ..Bounds::NONE
    });
    assert!(client.call(&Ping { n: 0 }).is_err());
    assert_eq!(host.bodies().len(), 2);
}
