//! How many requests to send together, and when, to a service that may throttle them.
//!
//! `governor` and its like keep to a rate that is known beforehand. This one is not: it is found from the
//! requests that the service refuses.
//!
//! Batches are as large as allowed until the service refuses something. The number of requests that
//! it admitted within the last second is then its rate: each batch is a quarter of a second's worth,
//! and batches follow each other at that rate. A second without refusals raises the rate by half. A
//! rate that is too high costs little: the service refuses some requests, and only those are sent
//! again. Where the service admits nothing at all, the waits double as for a single request.

use std::collections::VecDeque;
use std::num::NonZeroU64;

use job_type_kit::Host;

use crate::retry::{self, Retryability};

const SECOND: u64 = 1_000;

/// How many batches in a row may be refused entirely before the calls end. The longest waits
/// between them add up to 31 s.
const BATCHES_REFUSED: u32 = 6;

/// The pace of one call's requests. Times are in milliseconds.
pub struct Pace {
    most: usize,
    /// Requests a second; `None` until something is refused.
    rate: Option<NonZeroU64>,
    /// When the rate may be raised.
    raise_at: u64,
    /// The time of each batch within the last second, and how many of its requests were admitted.
    admitted: VecDeque<(u64, usize)>,
    batches_refused: u32,
    /// When the next batch may be sent.
    next_at: u64,
}

impl Pace {
    /// A pace of at most `most` requests a batch.
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            rate: None,
            raise_at: 0,
            admitted: VecDeque::new(),
            batches_refused: 0,
            next_at: 0,
        }
    }

    /// How many to send together.
    pub fn batch(&self) -> usize {
        let paced = self.rate.map_or(self.most, |rate| {
            usize::try_from(rate.get().div_ceil(4)).unwrap_or(usize::MAX)
        });
        paced.clamp(1, self.most)
    }

    /// Whether a batch can't be smaller.
    pub fn is_least(&self) -> bool {
        self.most == 1
    }

    /// Halves the batches: the answers of the last one were too large together.
    pub fn halve(&mut self) {
        self.most = (self.batch() / 2).max(1);
    }

    /// How long to wait before the next batch, in milliseconds.
    pub fn wait(&self, now: u64) -> u64 {
        self.next_at.saturating_sub(now)
    }

    /// Delays the next batch until this time, because the service asked for it.
    pub fn not_before(&mut self, at: u64) {
        self.next_at = self.next_at.max(at);
    }

    /// Whether the service has refused everything for too long.
    pub fn is_hopeless(&self) -> bool {
        self.batches_refused >= BATCHES_REFUSED
    }

    /// Learns from a batch that was sent at `sent`: how many of its requests the service admitted,
    /// and how many it refused as too many.
    pub fn record(&mut self, host: &dyn Host, sent: u64, admitted: usize, refused: usize) {
        let now = host.now();
        self.admitted.push_back((now, admitted));
        while self
            .admitted
            .front()
            .is_some_and(|(at, _)| at.saturating_add(SECOND) < now)
        {
            self.admitted.pop_front();
        }
        let within_a_second: usize = self.admitted.iter().map(|(_, count)| count).sum();
        if refused > 0 {
            let rate = u64::try_from(within_a_second).unwrap_or(u64::MAX);
            self.rate = Some(NonZeroU64::new(rate).unwrap_or(NonZeroU64::MIN));
            self.raise_at = now.saturating_add(SECOND);
        } else if let Some(rate) = &mut self.rate
            && now >= self.raise_at
        {
            *rate = rate.saturating_add(rate.get().div_ceil(2));
            self.raise_at = now.saturating_add(SECOND);
        }
        let Some(rate) = self.rate else { return };
        if within_a_second == 0 {
            self.batches_refused = self.batches_refused.saturating_add(1);
            let longest = retry::longest_delay(Retryability::Throttled, self.batches_refused);
            self.next_at = now.saturating_add(host.jitter(longest));
        } else {
            self.batches_refused = 0;
            let size = u64::try_from(self.batch()).unwrap_or(u64::MAX);
            self.next_at = sent.saturating_add(size.saturating_mul(SECOND) / rate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use job_type_kit::testing::FakeHost;

    const LATENCY: u64 = 50;

    /// A service that admits so many requests in any one second.
    struct Window {
        most: usize,
        admitted: VecDeque<u64>,
    }

    /// A service with a bucket of tokens that is filled evenly.
    struct Bucket {
        per_second: u64,
        /// In thousandths of a request.
        capacity: u64,
        tokens: u64,
        filled_at: u64,
    }

    trait Service {
        fn admits(&mut self, now: u64) -> bool;
    }

    impl Service for Window {
        fn admits(&mut self, now: u64) -> bool {
            self.admitted.retain(|at| at + SECOND > now);
            let admits = self.admitted.len() < self.most;
            if admits {
                self.admitted.push_back(now);
            }
            admits
        }
    }

    impl Service for Bucket {
        fn admits(&mut self, now: u64) -> bool {
            let filled = self.tokens + (now - self.filled_at) * self.per_second;
            (self.tokens, self.filled_at) = (filled.min(self.capacity), now);
            let admits = self.tokens >= SECOND;
            if admits {
                self.tokens -= SECOND;
            }
            admits
        }
    }

    /// Milliseconds until `requests` were admitted, and how many were refused.
    fn send(service: &mut dyn Service, requests: usize) -> (u64, usize) {
        let host = FakeHost::with_answers([]);
        let began = host.now();
        let mut pace = Pace::new(16);
        let (mut waiting, mut refusals) = (requests, 0);
        while waiting > 0 {
            host.sleep(pace.wait(host.now()));
            let sent = host.now();
            let batch = pace.batch().min(waiting);
            let admitted = (0..batch).filter(|_| service.admits(sent)).count();
            host.sleep(LATENCY);
            waiting -= admitted;
            refusals += batch - admitted;
            pace.record(&host, sent, admitted, batch - admitted);
            assert!(!pace.is_hopeless(), "{waiting} of {requests} left");
        }
        (host.now() - began, refusals)
    }

    #[test]
    fn nothing_waits_for_a_service_that_refuses_nothing() {
        let mut unlimited = Window {
            most: usize::MAX,
            admitted: VecDeque::new(),
        };
        assert_eq!(send(&mut unlimited, 160), (10 * LATENCY, 0));
    }

    #[test]
    fn a_services_limit_is_found_and_used() {
        for limit in [1, 2, 5, 10, 25, 50, 100, 200, 300] {
            let requests = limit * 20;
            let window = &mut Window {
                most: limit,
                admitted: VecDeque::new(),
            };
            let per_second = u64::try_from(limit).unwrap();
            let bucket = &mut Bucket {
                per_second,
                capacity: per_second * SECOND,
                tokens: per_second * SECOND,
                filled_at: 0,
            };
            for service in [window as &mut dyn Service, bucket] {
                let (took, refused) = send(service, requests);
                let most = if limit < 5 { 30_000 } else { 24_000 };
                assert!(took < most, "{limit} a second: {took} ms instead of 20 s");
                assert!(refused < 40 + requests / 4, "{limit} a second: {refused}");
            }
        }
    }

    #[test]
    fn a_share_of_the_limit_that_others_give_up_is_used() {
        let began = FakeHost::with_answers([]).now();
        let mut service = Window {
            most: 50,
            // All but five, by others and just now.
            admitted: [began; 45].into(),
        };
        let (took, _) = send(&mut service, 1_000);
        // From 5 a second to 50, each second by half.
        assert!(took < 20_000 + 6_000, "{took} ms instead of 20 s");
    }

    #[test]
    fn a_service_that_refuses_everything_is_asked_less_often_and_then_not_again() {
        let host = FakeHost::with_answers([]);
        let mut pace = Pace::new(16);
        let mut waits = Vec::new();
        while !pace.is_hopeless() {
            waits.push(pace.wait(host.now()));
            host.sleep(pace.wait(host.now()));
            pace.record(&host, host.now(), 0, pace.batch());
        }
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 8_000, 16_000]);
    }

    #[test]
    fn answers_that_are_too_large_together_halve_the_batches() {
        let mut pace = Pace::new(16);
        let mut sizes = Vec::new();
        while !pace.is_least() {
            pace.halve();
            sizes.push(pace.batch());
        }
        assert_eq!(sizes, [8, 4, 2, 1]);
    }
}
