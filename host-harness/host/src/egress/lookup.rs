//! Looks names up as the system does, on a few threads of its own.
//!
//! The system's `getaddrinfo` blocks and can't be cancelled. Tokio runs it on the pool for blocking
//! work, where names that hang would keep plugins from being loaded. Here a name that hangs occupies
//! one thread however often it is asked for, and the names of one domain a quarter of the threads;
//! who waits can give up at any time.
//!
//! `hickory-resolver` was considered: its lookups can be cancelled. But it doesn't follow the
//! system's configuration (`nsswitch.conf`, VPNs, multicast DNS), so that a plugin would be told other
//! addresses than the rest of the machine.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::egress::public_name;

/// How many lookups run at once: the number of threads.
const LOOKUPS_AT_ONCE: usize = 16;

/// How many of them may be of names of one domain.
const LOOKUPS_OF_ONE_DOMAIN: usize = 4;

/// Looks a name up, and blocks meanwhile.
pub(crate) trait Lookup: fmt::Debug + Send + Sync {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Looks names up as the system does.
#[derive(Debug)]
pub(crate) struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = (name, 0).to_socket_addrs()?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// A name has no addresses, or they can't be found out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct LookupFailed(String);

type Outcome = Result<Arc<[IpAddr]>, LookupFailed>;

/// All lookups of one client.
#[derive(Debug)]
pub(crate) struct Lookups {
    lookup: Arc<dyn Lookup>,
    places: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What is being looked up, by name.
    under_way: HashMap<String, Weak<UnderWay>>,
    /// The places of each domain whose names are being looked up.
    domains: HashMap<String, Weak<Semaphore>>,
}

/// A lookup that somebody waits for, or that runs.
#[derive(Debug)]
struct UnderWay {
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Lookups {
    pub(crate) fn new(lookup: Arc<dyn Lookup>) -> Arc<Self> {
        Arc::new(Self {
            lookup,
            places: Arc::new(Semaphore::new(LOOKUPS_AT_ONCE)),
            state: Mutex::default(),
        })
    }

    /// The addresses of a name. All who ask for a name at the same time get the outcome of one lookup.
    ///
    /// Dropping the future ends the waiting. A lookup that nobody waits for any more isn't begun.
    pub(crate) async fn look_up(&self, name: &str) -> Outcome {
        let under_way = self.join_or_begin(name);
        let mut outcome = under_way.outcome.clone();
        let found = outcome.wait_for(Option::is_some).await;
        match found.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            _ => Err(LookupFailed("the lookup broke off".to_owned())),
        }
    }

    fn join_or_begin(&self, name: &str) -> Arc<UnderWay> {
        let mut state = self.state();
        let under_way = state.under_way.get(name).and_then(Weak::upgrade);
        // One that is done isn't joined: its outcome would be used for ever where names are asked for
        // all the time.
        if let Some(under_way) = under_way.filter(|lookup| lookup.outcome.borrow().is_none()) {
            return under_way;
        }
        let (sender, outcome) = watch::channel(None);
        let under_way = Arc::new(UnderWay { outcome });
        state
            .under_way
            .retain(|_, lookup| lookup.strong_count() > 0);
        state
            .under_way
            .insert(name.to_owned(), Arc::downgrade(&under_way));
        let begin = Begin {
            name: name.to_owned(),
            lookup: Arc::clone(&self.lookup),
            places: [state.places_of_domain(name), Arc::clone(&self.places)],
            under_way: Arc::downgrade(&under_way),
        };
        tokio::spawn(begin.when_there_is_a_place(sender));
        under_way
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, so the state is consistent even if poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn places_of_domain(&mut self, name: &str) -> Arc<Semaphore> {
        let domain = domain(name);
        if let Some(places) = self.domains.get(domain).and_then(Weak::upgrade) {
            return places;
        }
        let places = Arc::new(Semaphore::new(LOOKUPS_OF_ONE_DOMAIN));
        self.domains.retain(|_, places| places.strong_count() > 0);
        self.domains
            .insert(domain.to_owned(), Arc::downgrade(&places));
        places
    }
}

/// What somebody registered of a name, so that whoever makes names up stays within one domain, and is in
/// the way of no other below the same suffix. Where no registry is known, the last two labels: a grant's
/// `*` never stands for one of them.
fn domain(name: &str) -> &str {
    if let Some(registered) = public_name::registered(name) {
        return registered;
    }
    let mut dots = name.rmatch_indices('.').map(|(at, _)| at);
    match dots.nth(1) {
        Some(at) => name.get(at + 1..).unwrap_or(name),
        None => name,
    }
}

/// A lookup before it runs.
struct Begin {
    name: String,
    lookup: Arc<dyn Lookup>,
    /// The domain's first, so that its surplus waits without a place among all.
    places: [Arc<Semaphore>; 2],
    under_way: Weak<UnderWay>,
}

impl Begin {
    async fn when_there_is_a_place(self, sender: watch::Sender<Option<Outcome>>) {
        let permits = tokio::select! {
            // Nobody waits any more.
            () = sender.closed() => return,
            permits = self.permits() => permits,
        };
        // Held by the thread, so that whoever asks for the name meanwhile joins this lookup.
        let (Some(permits), Some(under_way)) = (permits, self.under_way.upgrade()) else {
            return;
        };
        let Self { name, lookup, .. } = self;
        let thread = thread::Builder::new().name("polysync-lookup".to_owned());
        // A thread that can't be started drops the sender, and those who wait get an error.
        let _ = thread.spawn(move || {
            let found = lookup.addresses(&name);
            let outcome = found
                .map(Arc::from)
                .map_err(|error| LookupFailed(error.to_string()));
            // Before those who wait ask for the next name.
            drop(permits);
            sender.send_replace(Some(outcome));
            drop(under_way);
        });
    }

    async fn permits(&self) -> Option<[OwnedSemaphorePermit; 2]> {
        let [of_domain, of_all] = &self.places;
        let of_domain = Arc::clone(of_domain).acquire_owned().await.ok()?;
        let of_all = Arc::clone(of_all).acquire_owned().await.ok()?;
        Some([of_domain, of_all])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;
    use std::net::Ipv4Addr;
    use std::sync::Condvar;
    use std::time::Duration;

    use tokio::task::JoinSet;

    use super::*;

    /// Answers at once, but hangs for names under `hanging.example` and the like until it is dropped.
    #[derive(Debug, Default)]
    pub(crate) struct Hanging {
        /// How often each name was asked for.
        asked: Mutex<BTreeMap<String, usize>>,
        /// How many lookups run, and the most that ever ran.
        running: Mutex<(usize, usize)>,
        released: Mutex<bool>,
        release: Condvar,
    }

    pub(crate) const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    impl Hanging {
        fn asked(&self, name: &str) -> usize {
            self.asked.lock().unwrap().get(name).copied().unwrap_or(0)
        }

        fn total(&self) -> usize {
            self.asked.lock().unwrap().values().sum()
        }

        fn most_at_once(&self) -> usize {
            self.running.lock().unwrap().1
        }

        fn count(&self, change: isize) {
            let mut running = self.running.lock().unwrap();
            running.0 = running.0.checked_add_signed(change).unwrap();
            running.1 = running.1.max(running.0);
        }

        pub(crate) fn release(&self) {
            *self.released.lock().unwrap() = true;
            self.release.notify_all();
        }
    }

    impl Lookup for Hanging {
        fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
            self.count(1);
            *self
                .asked
                .lock()
                .unwrap()
                .entry(name.to_owned())
                .or_default() += 1;
            if name.contains("hanging") {
                let released = self.released.lock().unwrap();
                drop(self.release.wait_while(released, |released| !*released));
            }
            self.count(-1);
            match name {
                "missing.example" => Err(io::Error::other("no such name")),
                _ => Ok(vec![ADDRESS]),
            }
        }
    }

    fn hanging() -> (Arc<Hanging>, Arc<Lookups>) {
        let lookup = Arc::new(Hanging::default());
        let lookups = Lookups::new(lookup.clone());
        (lookup, lookups)
    }

    /// Asks for names, and gives up once `begun` lookups have begun in all.
    async fn give_up(lookup: &Hanging, lookups: &Arc<Lookups>, names: Vec<String>, begun: usize) {
        let mut waiting = JoinSet::new();
        for name in names {
            let lookups = Arc::clone(lookups);
            waiting.spawn(async move { lookups.look_up(&name).await });
        }
        while lookup.total() < begun {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // Whatever more could begin would have its turn before this one.
        lookups.look_up("good.test").await.expect("an address");
        waiting.shutdown().await;
    }

    #[tokio::test]
    async fn a_name_has_its_addresses_or_a_reason() {
        let (_, lookups) = hanging();
        let found = lookups.look_up("good.example").await.expect("an address");
        assert_eq!(*found, [ADDRESS]);
        let error = lookups.look_up("missing.example").await;
        assert_eq!(error.expect_err("none").to_string(), "no such name");
    }

    #[tokio::test]
    async fn a_name_that_hangs_occupies_one_thread_and_others_are_found() {
        let (lookup, lookups) = hanging();
        for _ in 0..5 {
            let names = vec!["a.hanging.example".to_owned(); 3];
            give_up(&lookup, &lookups, names, 1).await;
        }
        assert_eq!(lookup.asked("a.hanging.example"), 1);
        assert_eq!(lookup.asked("good.test"), 5);
        lookup.release();
    }

    #[tokio::test]
    async fn the_names_of_one_domain_occupy_a_quarter_of_the_threads() {
        let (lookup, lookups) = hanging();
        let names = (0..50).map(|n| format!("a{n}.b.hanging.example"));
        give_up(&lookup, &lookups, names.collect(), LOOKUPS_OF_ONE_DOMAIN).await;
        assert_eq!(lookup.total(), LOOKUPS_OF_ONE_DOMAIN + 1);
        // Nobody waits for the rest, so that nothing is looked up when there is a place again.
        lookup.release();
        let next = lookups.look_up("next.hanging.example").await;
        next.expect("an address");
        assert_eq!(lookup.total(), LOOKUPS_OF_ONE_DOMAIN + 2);
    }

    #[tokio::test]
    async fn the_threads_are_bounded_whatever_hangs() {
        let (lookup, lookups) = hanging();
        let mut waiting = JoinSet::new();
        for n in 0..50 {
            let lookups = Arc::clone(&lookups);
            let name = format!("a.hanging{n}.example{n}");
            waiting.spawn(async move { lookups.look_up(&name).await });
        }
        while lookup.total() < LOOKUPS_AT_ONCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(lookups.places.available_permits(), 0);
        assert_eq!(lookup.total(), LOOKUPS_AT_ONCE);
        lookup.release();
        while let Some(found) = waiting.join_next().await {
            found.expect("no panic").expect("an address");
        }
        assert_eq!(lookup.most_at_once(), LOOKUPS_AT_ONCE);
    }

    #[tokio::test]
    async fn names_that_hang_leave_those_of_other_owners_below_the_same_suffix_alone() {
        let (lookup, lookups) = hanging();
        let names = (0..8).map(|n| format!("a{n}.hanging.co.uk"));
        let waiting: Vec<_> = names
            .map(|name| {
                let lookups = Arc::clone(&lookups);
                tokio::spawn(async move { lookups.look_up(&name).await })
            })
            .collect();
        while lookup.total() < LOOKUPS_OF_ONE_DOMAIN {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let found = tokio::time::timeout(Duration::from_secs(5), lookups.look_up("good.co.uk"));
        let found = found.await;
        lookup.release();
        found.expect("it need not wait").expect("an address");
        drop(waiting);
    }

    #[test]
    fn a_domain_is_what_somebody_registered() {
        assert_eq!(domain("a.b.example.com"), "example.com");
        assert_eq!(domain("a.b.example.co.uk"), "example.co.uk");
        assert_eq!(domain("co.uk"), "co.uk");
        // Whoever has a company's name may make up any below it.
        assert_eq!(domain("a.s3.amazonaws.com"), "amazonaws.com");
        assert_eq!(domain("a.b.s3.eu-west-1.amazonaws.com"), "amazonaws.com");
        assert_eq!(domain("a.b.unknown.internal"), "unknown.internal");
        assert_eq!(domain("example.com"), "example.com");
        assert_eq!(domain("localhost"), "localhost");
        assert_eq!(domain(""), "");
    }
}
