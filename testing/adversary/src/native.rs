//! Calls the job type's code, compiled natively, with answers that no service should give.

use crate::error::{expect_sound, header_list};
use crate::script::{Answer, Call, Script};
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind, Response};
use job_type_kit::contract::{
    Attribute, Connection, Direction, DiscoveryPage, Error, Job, Parameter, Run, RunState,
    RunStatus, StepPage,
};
use job_type_kit::testing::{self, FakeHost};
use job_type_kit::{Guid, Host, JobType};
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
    match script.call {
        Call::TestConnection => SageMakerPipeline::test_connection(host, &connection).map(drop),
        Call::Discover => {
            SageMakerPipeline::discover(host, &connection, cursor).map(|page| expect_names(&page))
        }
        Call::Inspect => SageMakerPipeline::inspect(host, &connection, argument).map(drop),
        Call::Start => SageMakerPipeline::start(host, &connection, &job, &guid)
            .map(|started| assert!(!started.run_id.is_empty())),
        Call::Status => {
            SageMakerPipeline::status(host, &connection, &run).map(|status| expect_sense(&status))
        }
        Call::Cancel => SageMakerPipeline::cancel(host, &connection, &run, &guid).map(drop),
        Call::Retry => {
            SageMakerPipeline::retry(host, &connection, &run, &job.attributes, &guid).map(drop)
        }
        Call::Steps => SageMakerPipeline::steps(host, &connection, &run, cursor)
            .map(|page| expect_order(&page)),
        Call::Validate => {
            drop(SageMakerPipeline::validate(&connection, &job, None));
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

/// Checks that the parts of a status agree with each other.
fn expect_sense(status: &RunStatus) {
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
