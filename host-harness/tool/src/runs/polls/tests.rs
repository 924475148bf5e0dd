//! Which runs are asked about together, and what each is told.

use std::pin::pin;
use std::sync::Mutex;

use tokio::task::JoinSet;

use super::*;
use crate::runs::gate::Gate;
use crate::runs::pages::EndlessList;
use crate::samples;

const WINDOW: Duration = Duration::from_millis(100);

/// What the platform was asked, a list of run ids for each call.
type Asked = Arc<Mutex<Vec<Vec<String>>>>;

fn run(id: impl ToString) -> Run {
    Run {
        external_id: Some("churn".into()),
        run_id: id.to_string(),
    }
}

/// Each run has its own id for a state.
fn status_of(run: &Run) -> RunStatus {
    RunStatus {
        platform_status: run.run_id.clone(),
        ..samples::failed_status()
    }
}

/// A call that broke, as far as it matters here: the failure of a plugin can't be made without one.
fn broke() -> CallFailure {
    EndlessList::Pages { what: "answers" }.into()
}

/// A plugin that breaks in each call with the run `poison`.
fn plugin() -> (Asked, impl Fn(Vec<Run>) -> std::future::Ready<Answers>) {
    let asked = Asked::default();
    let record = Arc::clone(&asked);
    let ask = move |runs: Vec<Run>| {
        let ids = runs.iter().map(|run| run.run_id.clone()).collect();
        record.lock().unwrap().push(ids);
        let breaks = runs.iter().any(|run| run.run_id == "poison");
        let answers = runs.iter().map(|run| match breaks {
            true => Err(broke()),
            false => Ok(status_of(run)),
        });
        std::future::ready((Arc::new(samples::plugin()), answers.collect()))
    };
    (asked, ask)
}

fn sizes(asked: &Asked) -> Vec<usize> {
    asked.lock().unwrap().iter().map(Vec::len).collect()
}

/// What comes of a future while all other tasks have their turns. So a test that fails ends.
async fn until<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..10_000 {
        tokio::select! {
            biased;
            value = &mut future => return value,
            () = tokio::task::yield_now() => {}
        }
    }
    panic!("it never happens")
}

/// Polls these runs at the same time, and returns what each was told.
async fn poll_all(polls: &Polls, gate: &Gate, runs: Vec<(Run, u32)>) -> Vec<(String, Polled)> {
    let mut tasks = JoinSet::new();
    let number = runs.len();
    for (run, broken) in runs {
        let polls = polls.clone();
        tasks.spawn(async move { (run.run_id.clone(), polls.status(run, broken).await.unwrap()) });
    }
    until(gate.begun.notified()).await;
    // All tasks have sent their polls when none has anything left to do.
    for _ in 0..=number {
        tokio::task::yield_now().await;
    }
    gate.passed.notify_one();
    until(tasks.join_all()).await
}

#[tokio::test]
async fn a_hundred_runs_that_are_due_together_are_one_call_and_each_has_its_own_answer() {
    let (asked, ask) = plugin();
    let gate = Arc::new(Gate::of(WINDOW));
    let polls = Polls::asking(ask, Arc::clone(&gate) as Arc<_>, WINDOW);
    let runs: Vec<_> = (0..100).map(|number| (run(number), 0)).collect();
    let told = poll_all(&polls, &gate, runs).await;
    assert_eq!(told.len(), 100);
    for (run_id, (_, status)) in told {
        assert_eq!(status.unwrap().platform_status, run_id);
    }
    assert_eq!(sizes(&asked), [100]);
}

#[tokio::test]
async fn more_runs_than_a_call_takes_are_several_calls() {
    let (asked, ask) = plugin();
    let gate = Arc::new(Gate::of(WINDOW));
    let polls = Polls::asking(ask, Arc::clone(&gate) as Arc<_>, WINDOW);
    let runs: Vec<_> = (0..2_500).map(|number| (run(number), 0)).collect();
    assert_eq!(poll_all(&polls, &gate, runs).await.len(), 2_500);
    assert_eq!(sizes(&asked), [1_000, 1_000, 500]);
}

#[tokio::test]
async fn without_a_window_a_run_is_asked_about_at_once() {
    let (asked, ask) = plugin();
    let polls = Polls::asking(ask, Arc::new(Gate::of(WINDOW)), Duration::ZERO);
    let (_, status) = polls.status(run("a"), 0).await.unwrap();
    assert_eq!(status.unwrap().platform_status, "a");
    assert_eq!(sizes(&asked), [1]);
}

#[tokio::test]
async fn a_call_that_breaks_is_the_failure_of_each_of_its_runs() {
    let (_, ask) = plugin();
    let gate = Arc::new(Gate::of(WINDOW));
    let polls = Polls::asking(ask, Arc::clone(&gate) as Arc<_>, WINDOW);
    let runs = vec![(run("a"), 0), (run("poison"), 0)];
    for (run_id, (_, status)) in poll_all(&polls, &gate, runs).await {
        assert!(status.is_err(), "{run_id}");
    }
}

#[tokio::test]
async fn runs_whose_calls_broke_are_asked_about_with_fewer_others_each_time() {
    for (broken, expected) in [(1, vec![100, 50]), (2, vec![10; 15]), (3, vec![1; 150])] {
        let (asked, ask) = plugin();
        let gate = Arc::new(Gate::of(WINDOW));
        let polls = Polls::asking(ask, Arc::clone(&gate) as Arc<_>, WINDOW);
        let runs = (0..150).map(|number| (run(number), broken)).collect();
        poll_all(&polls, &gate, runs).await;
        assert_eq!(sizes(&asked), expected, "{broken}");
    }
    assert_eq!(most_runs(u32::MAX), 1);
}

#[tokio::test]
async fn a_run_that_breaks_its_calls_does_not_hold_up_the_others() {
    let asked = Arc::new(Mutex::new(0));
    let hangs_for_poison = {
        let asked = Arc::clone(&asked);
        move |runs: Vec<Run>| {
            *asked.lock().unwrap() += 1;
            async move {
                if runs.iter().any(|run| run.run_id == "poison") {
                    std::future::pending::<()>().await;
                }
                let answers = runs.iter().map(|run| Ok(status_of(run))).collect();
                (Arc::new(samples::plugin()), answers)
            }
        }
    };
    let polls = Polls::asking(hangs_for_poison, Arc::new(Gate::of(WINDOW)), Duration::ZERO);
    let poison = tokio::spawn({
        let polls = polls.clone();
        async move { polls.status(run("poison"), 1).await }
    });
    while *asked.lock().unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    // The other run is answered, whether a call about it broke before or not.
    for broken in [0, 1] {
        let (_, status) = until(polls.status(run("a"), broken)).await.unwrap();
        assert!(status.is_ok());
    }
    poison.abort();
}

/// Says in a channel that a call is under way, and that it was dropped.
struct Dropped(mpsc::UnboundedSender<&'static str>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send("dropped");
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_is_dropped() {
    let (events, mut happened) = mpsc::unbounded_channel();
    let hangs = move |_| {
        let call = Dropped(events.clone());
        async move {
            let _ = call.0.send("asked");
            std::future::pending::<Answers>().await
        }
    };
    let polls = Polls::asking(hangs, Arc::new(Gate::of(WINDOW)), Duration::ZERO);
    let waiting = tokio::spawn({
        let polls = polls.clone();
        async move { polls.status(run("a"), 0).await }
    });
    assert_eq!(until(happened.recv()).await, Some("asked"));
    waiting.abort();
    assert_eq!(until(happened.recv()).await, Some("dropped"));
    // The next call has the place of the one that was dropped.
    let following = tokio::spawn(async move { polls.status(run("b"), 0).await });
    assert_eq!(until(happened.recv()).await, Some("asked"));
    following.abort();
}

#[test]
fn polls_are_gathered_for_a_fiftieth_of_the_interval_and_a_tenth_of_a_second_at_most() {
    assert_eq!(window(Duration::from_millis(50)), Duration::from_millis(1));
    assert_eq!(window(Duration::from_secs(5)), Duration::from_millis(100));
    assert_eq!(window(Duration::from_secs(60)), Duration::from_millis(100));
}
