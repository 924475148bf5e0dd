//! Calls the job type's code, compiled natively, with answers that no service should give.

use crate::error::{expect_sound, header_list};
use crate::script::{Answer, Call, Position, Script};
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind, Response};
use job_type_kit::contract::{
    Attribute, Connection, Direction, DiscoveryPage, Error, ErrorClass, Finding, Job, LogPage,
    LogPosition, Need, Parameter, Run, RunState, RunStatus, StepPage,
};
use job_type_kit::testing::{self, FakeHost};
use job_type_kit::{Context, Guid, Host, JobType};
use sagemaker_pipeline::SageMakerPipeline;

/// Requests of one call, by the host's recommended limits.
const MOST_REQUESTS: usize = 2_000;
const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Makes the script's call.
///
/// # Panics
/// Where the call breaks a promise of the contract.
pub fn native(bytes: &[u8]) {
    let script = Script::read(bytes);
    let host = host(script.clone());
    let made = make(&script, &host);
    let requests = host.requests.borrow().len();
    assert!(
        requests <= MOST_REQUESTS,
        "{requests} requests: {made:?}, {script:?}"
    );
    assert!(host.log.borrow().iter().all(|message| !message.is_empty()));
    if let Err(error) = made {
        expect_sound(&error);
        // The log of a step may still come.
        assert!(
            error.class != ErrorClass::NotFound || !error.retryable || script.call == Call::Logs,
            "{error:?}"
        );
    }
}

fn host(script: Script) -> FakeHost {
    let mut requests = 0..;
    let host = FakeHost::answering_by(move |_| {
        let number = requests.next().unwrap_or_default();
        answer(script.answer(number))
    });
    // The shortest waits, so that a call makes as many requests as it can.
    host.jitter.set(|_| 0);
    host
}

fn answer(answer: Answer) -> testing::Answer {
    let kind = match answer {
        Answer::Response {
            status,
            headers,
            body,
        } => {
            return Ok(Response {
                status,
                headers: header_list(headers),
                body,
            });
        }
        Answer::Denied => HttpErrorKind::Denied,
        Answer::Timeout => HttpErrorKind::Timeout,
        Answer::Connect => HttpErrorKind::Connect,
        Answer::Tls => HttpErrorKind::Tls,
        Answer::BodyTooLarge => HttpErrorKind::BodyTooLarge,
        Answer::Protocol => HttpErrorKind::Protocol,
    };
    Err(HttpError {
        kind,
        message: format!("{kind:?}"),
    })
}

fn make(script: &Script, host: &dyn Host) -> Result<(), Error> {
    let argument = script.argument.as_str();
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let run = Run {
        external_id: Some("p".to_owned()),
        run_id: format!("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/{argument}"),
    };
    let job = Job {
        external_id: "p".to_owned(),
        attributes: vec![Attribute::new("execution-description", argument)],
        parameters: vec![Parameter {
            name: "P".to_owned(),
            direction: Direction::InputOutput,
            value: Some(argument.to_owned()),
        }],
    };
    let cursor = (!argument.is_empty()).then_some(argument);
    let guid = Guid::parse(GUID)?;
    let context = Context::new(host, &connection);
    match script.call {
        Call::TestConnection => SageMakerPipeline::test_connection(context).map(drop),
        Call::Discover => {
            SageMakerPipeline::discover(context, cursor).map(|page| expect_names(&page))
        }
        Call::Inspect => SageMakerPipeline::inspect(context, argument).map(drop),
        Call::Start => SageMakerPipeline::start(context, &job, &guid)
            .map(|started| assert!(!started.run_id.is_empty())),
        Call::Status => {
            SageMakerPipeline::status(context, &run).map(|status| expect_sense(host, &status))
        }
        Call::Statuses => {
            expect_answers(context, run);
            Ok(())
        }
        Call::Cancel => SageMakerPipeline::cancel(context, &run, &guid).map(drop),
        Call::Retry => SageMakerPipeline::retry(context, &run, &job.attributes, &guid).map(drop),
        Call::Steps => {
            SageMakerPipeline::steps(context, &run, cursor).map(|page| expect_order(&page))
        }
        Call::Logs => {
            let position = match script.position() {
                Position::Oldest => LogPosition::Oldest,
                Position::Last(count) => LogPosition::Last(count),
                Position::After(cursor) => LogPosition::After(cursor.to_owned()),
            };
            SageMakerPipeline::logs(context, &run, "Train", &position).map(|page| expect_log(&page))
        }
        Call::Needs => {
            let endpoint = (!argument.is_empty()).then(|| argument.to_owned());
            expect_grantable(&SageMakerPipeline::needs(&Connection {
                endpoint,
                ..connection
            }));
            Ok(())
        }
        Call::Validate => {
            expect_codes(&SageMakerPipeline::validate(&connection, &job, None));
            Ok(())
        }
        Call::MonitorUrl => SageMakerPipeline::monitor_url(&connection, &run).map(drop),
    }
}

fn expect_names(page: &DiscoveryPage) {
    for job in &page.jobs {
        assert!(
            !job.external_id.is_empty() && !job.name.is_empty(),
            "{job:?}"
        );
    }
}

/// Asks for the states of a run, of another one and of the first again.
fn expect_answers(context: Context<'_>, run: Run) {
    let other = Run {
        external_id: None,
        run_id: format!("{}x", run.run_id),
    };
    let runs = [run.clone(), other, run];
    let answers = SageMakerPipeline::statuses(context, &runs);
    assert_eq!(answers.len(), runs.len());
    for answer in answers {
        match answer {
            Ok(status) => expect_sense(context.host, &status),
            Err(error) => expect_sound(&error),
        }
    }
}

fn is_visible_line(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_control)
}

fn expect_log(page: &LogPage) {
    const MOST_LINES: usize = 10_000;
    assert!(page.lines.len() <= MOST_LINES, "{}", page.lines.len());
    assert!(is_visible_line(&page.cursor), "{:?}", page.cursor);
    let times: Vec<_> = page.lines.iter().filter_map(|line| line.time).collect();
    assert!(times.is_sorted(), "{times:?}");
}

fn expect_grantable(needs: &[Need]) {
    const LONGEST: usize = 256;
    for need in needs {
        assert!(
            is_visible_line(&need.value) && need.value.len() <= LONGEST,
            "{need:?}"
        );
        match need.capability.as_str() {
            "http" => assert!(need.value.starts_with("http"), "{need:?}"),
            "aws-signing" => {}
            _ => panic!("{need:?}"),
        }
    }
}

fn expect_codes(findings: &[Finding]) {
    for finding in findings {
        let code = &finding.code;
        assert!(
            code.starts_with(|c: char| c.is_ascii_uppercase())
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{finding:?}"
        );
    }
}

/// Checks that the parts of a status agree with each other.
fn expect_sense(host: &dyn Host, status: &RunStatus) {
    const LONGEST_WAIT: u64 = 60_000;
    if let Some(at) = status.poll_after {
        let wait = at.saturating_sub(host.now());
        assert!(!status.finished && wait <= LONGEST_WAIT, "{status:?}");
    }
    assert!(
        !(status.finished && status.state == RunState::Running),
        "{status:?}"
    );
    assert_eq!(
        status.ended_at.is_some(),
        status.finished && status.updated_at.is_some(),
        "{status:?}"
    );
    let mut steps = status.failed_steps.iter();
    assert!(
        steps.all(|step| step.state == RunState::Failed),
        "{status:?}"
    );
}

fn expect_order(page: &StepPage) {
    let starts: Vec<_> = page.steps.iter().map(|step| step.started_at).collect();
    assert!(starts.is_sorted_by_key(|at| at.unwrap_or(u64::MAX)));
}
