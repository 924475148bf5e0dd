//! The log groups and log streams of steps, and DescribeLogStreams.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{STEP, Stage, TOKEN, with_members};

const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
const PROCESSING: &str = "/aws/sagemaker/ProcessingJobs";
const TRANSFORM: &str = "/aws/sagemaker/TransformJobs";

/// One step of each type that writes to a log, and some that don't.
const WRITERS: &str = r#"{"Steps": [
    {"Name": "Train", "Type": "Training", "Arguments": {"ResourceConfig": {"InstanceCount": 2}}},
    {"Name": "Process", "Type": "Processing",
     "Arguments": {"ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}}}},
    {"Name": "Quality", "Type": "QualityCheck"},
    {"Name": "Clarify", "Type": "ClarifyCheck"},
    {"Name": "Transform", "Type": "Transform",
     "Arguments": {"TransformResources": {"InstanceCount": 2}}},
    {"Name": "Tune", "Type": "Tuning"},
    {"Name": "Auto", "Type": "AutoML"},
    {"Name": "Call", "Type": "Lambda",
     "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:notify:live"},
    {"Name": "Cluster", "Type": "EMR", "ClusterId": "j-1"},
    {"Name": "Wait", "Type": "Callback", "SqsQueueUrl": "https://sqs.example/q"},
    {"Name": "Save", "Type": "Model"}
]}"#;

/// The names of a group's streams, by name.
fn names(stage: &Stage, group: &str) -> Vec<String> {
    let request = json!({"logGroupName": group});
    let page = stage.client.logs().call("DescribeLogStreams", request).ok();
    let streams = page["logStreams"].as_array().unwrap();
    streams
        .iter()
        .map(|stream| stream["logStreamName"].as_str().unwrap().to_owned())
        .collect()
}

/// The last part of the ARN in a step's metadata.
fn job(steps: &[Value], step: &str, kind: &str, member: &str) -> String {
    let step = steps.iter().find(|other| other["StepName"] == step);
    let arn = step.unwrap()["Metadata"][kind][member].as_str().unwrap();
    arn.rsplit('/').next().unwrap().to_owned()
}

/// Replaces each letter and digit of a hash with `x`.
fn blurred(hash: &str) -> String {
    assert!(hash.chars().all(|c| c.is_ascii_hexdigit()), "{hash}");
    "x".repeat(hash.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_streams_have_the_names_of_the_jobs_in_the_steps_metadata() {
    let stage = Stage::with(|builder| builder.pipeline("Writers", WRITERS)).await;
    let arn = stage.start("Writers", TOKEN);
    stage.clock.advance(STEP);
    let steps = stage.steps(&arn);
    let epoch = 1_800_000_000;

    let train = job(&steps, "Train", "TrainingJob", "Arn");
    let tune = job(&steps, "Tune", "TuningJob", "Arn");
    let (of_tuning, of_training): (Vec<_>, Vec<_>) = names(&stage, TRAINING)
        .into_iter()
        .partition(|name| name.starts_with(&tune));
    assert_eq!(
        of_training,
        [1, 2].map(|instance| format!("{train}/algo-{instance}-{epoch}"))
    );
    assert_eq!(of_tuning.len(), 3);
    for (name, number) in of_tuning.iter().zip(["001", "002", "003"]) {
        let hash = name.strip_prefix(&format!("{tune}-{number}-")).unwrap();
        let hash = hash.strip_suffix(&format!("/algo-1-{epoch}")).unwrap();
        assert_eq!(blurred(hash), "x".repeat(8));
    }

    let mut processing = [
        job(&steps, "Process", "ProcessingJob", "Arn"),
        job(&steps, "Quality", "QualityCheck", "CheckJobArn"),
        job(&steps, "Clarify", "ClarifyCheck", "CheckJobArn"),
    ]
    .map(|job| format!("{job}/algo-1-{epoch}"));
    processing.sort();
    assert_eq!(names(&stage, PROCESSING), processing);

    let transform = job(&steps, "Transform", "TransformJob", "Arn");
    let of_transform = names(&stage, TRANSFORM);
    assert_eq!(of_transform.len(), 2);
    for name in of_transform {
        let instance = name.strip_prefix(&format!("{transform}/i-")).unwrap();
        let hash = instance.strip_suffix(&format!("-{epoch}")).unwrap();
        assert_eq!(blurred(hash), "x".repeat(17));
    }

    let auto = job(&steps, "Auto", "AutoMLJob", "Arn");
    assert_eq!(
        names(&stage, "/aws/sagemaker/AutoMLJobs"),
        [format!("{auto}/algo-1-{epoch}")]
    );
    let [of_lambda] = &names(&stage, "/aws/lambda/notify")[..] else {
        panic!("one stream");
    };
    let container = of_lambda.strip_prefix("2027/01/15/[$LATEST]").unwrap();
    assert_eq!(blurred(container), "x".repeat(32));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_group_does_not_exist_until_a_step_has_written_to_it() {
    let stage = Stage::new().await;
    let describe = |group: &str| {
        let request = json!({"logGroupName": group});
        stage.client.logs().call("DescribeLogStreams", request)
    };
    stage.start("Two", TOKEN);
    for group in [PROCESSING, TRAINING, "/aws/lambda/f", "anything"] {
        let answer = describe(group);
        assert_eq!(answer.status, Some(400));
        assert_eq!(
            answer.json(),
            json!({
                "__type": "ResourceNotFoundException",
                "message": "The specified log group does not exist.",
            })
        );
    }
    stage.clock.advance(STEP / 2);
    describe(PROCESSING).ok();
    assert_eq!(describe(TRAINING).code(), "ResourceNotFoundException");
    stage.clock.advance(STEP);
    describe(TRAINING).ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stream_tells_its_first_and_last_event() {
    let stage = Stage::with(|builder| {
        let pipeline = sagemaker_emulator::Pipeline::new(
            "Given",
            r#"{"Steps": [{"Name": "A", "Type": "Training"}]}"#,
        );
        builder.with_pipeline(pipeline.step_log("A", b"one\ntwo\nthree\n"))
    })
    .await;
    stage.start("Given", TOKEN);
    stage.clock.advance(Duration::from_secs(35));
    let request = json!({"logGroupIdentifier": TRAINING});
    let page = stage.client.logs().call("DescribeLogStreams", request).ok();
    let mut stream = page["logStreams"][0].clone();
    let name = stream["logStreamName"].take();
    let arn = format!(
        "arn:aws:logs:us-east-1:123456789012:log-group:{TRAINING}:log-stream:{}",
        name.as_str().unwrap()
    );
    assert_eq!(
        stream,
        json!({
            "logStreamName": null,
            "arn": arn,
            "creationTime": 1_800_000_015_250_u64,
            "firstEventTimestamp": 1_800_000_015_250_u64,
            "lastEventTimestamp": 1_800_000_030_250_u64,
            "lastIngestionTime": 1_800_000_030_500_u64,
            "storedBytes": 0,
        })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_retry_writes_to_another_stream_and_keeps_the_first() {
    let stage = Stage::new().await;
    let failure = sagemaker_emulator::StepFailure::AtEnd("broken".to_owned());
    stage.emulator.fail_step("Two", "Second", failure, Some(1));
    let arn = stage.start("Two", TOKEN);
    stage.clock.advance(2 * STEP);
    let first = names(&stage, TRAINING);
    let request = json!({"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN});
    stage.client.call("RetryPipelineExecution", request).ok();
    stage.clock.advance(STEP);
    let both = names(&stage, TRAINING);
    assert_eq!((first.len(), both.len()), (1, 2));
    assert!(both.contains(&first[0]));
    // The step that succeeded before the retry has not run again.
    assert_eq!(names(&stage, PROCESSING).len(), 1);
    let job = job(&stage.steps(&arn), "Second", "TrainingJob", "Arn");
    assert!(both.iter().any(|name| name.starts_with(&job)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn streams_are_listed_by_name_or_by_their_last_event_in_pages() {
    let stage = Stage::new().await;
    let mut by_time = Vec::new();
    for number in 0..5 {
        let arn = stage.start("One", &format!("{number}-{TOKEN}"));
        stage.clock.advance(STEP);
        by_time.push(job(&stage.steps(&arn), "Only", "TrainingJob", "Arn"));
    }
    let list = |members: Value| {
        let mut request = with_members(json!({"logGroupName": TRAINING, "limit": 2}), members);
        let mut jobs = Vec::new();
        loop {
            let page = stage
                .client
                .logs()
                .call("DescribeLogStreams", request.clone());
            let page = page.ok();
            let streams = page["logStreams"].as_array().unwrap();
            assert!(streams.len() <= 2);
            jobs.extend(streams.iter().map(|stream| {
                let name = stream["logStreamName"].as_str().unwrap();
                name.split('/').next().unwrap().to_owned()
            }));
            match page.get("nextToken") {
                Some(token) => request["nextToken"] = token.clone(),
                None => return jobs,
            }
        }
    };
    assert_eq!(list(json!({"orderBy": "LastEventTime"})), by_time);
    by_time.reverse();
    let newest_first = json!({"orderBy": "LastEventTime", "descending": true});
    assert_eq!(list(newest_first), by_time);
    let mut by_name = by_time.clone();
    by_name.sort();
    assert_eq!(list(json!({})), by_name);
    let only = json!({"logStreamNamePrefix": by_name[3], "orderBy": "LogStreamName"});
    assert_eq!(list(only), by_name[3..4]);
    assert_eq!(
        list(json!({"logStreamNamePrefix": "pipelines-none-"})),
        [""; 0]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_that_cloudwatch_logs_refuses_are_refused() {
    let stage = Stage::new().await;
    stage.start("One", TOKEN);
    stage.clock.advance(STEP);
    let with_group = |members: Value| with_members(json!({"logGroupName": TRAINING}), members);
    let refused = [
        json!({}),
        with_group(json!({"logGroupIdentifier": TRAINING})),
        with_group(json!({"orderBy": "LastEventTime", "logStreamNamePrefix": "p"})),
        with_group(json!({"limit": 51})),
        with_group(json!({"orderBy": "Size"})),
        with_group(json!({"nextToken": "abc"})),
        json!({"logGroupName": "with space"}),
    ];
    for request in refused {
        let answer = stage
            .client
            .logs()
            .call("DescribeLogStreams", request.clone());
        assert_eq!(answer.code(), "InvalidParameterException", "{request}");
        assert_ne!(answer.message(), "");
    }
    let own = format!("arn:aws:logs:us-east-1:123456789012:log-group:{TRAINING}");
    let other = own.replace("123456789012", "210987654321");
    for (identifier, status) in [(own, 200), (other, 400)] {
        let request = json!({"logGroupIdentifier": identifier});
        let answer = stage.client.logs().call("DescribeLogStreams", request);
        assert_eq!(answer.status, Some(status), "{identifier}");
    }
}
