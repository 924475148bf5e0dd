//! Job files that can't be read: the error names the file, the place in it, and what is wrong.

use std::fs;

use crate::support::{Stage, assert_in_order};

#[test]
fn a_job_file_that_is_not_right_is_refused_with_its_name_and_the_place() {
    let stage = Stage::new();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("job.json");
    let name = path.to_str().unwrap();
    let start = ["start", "--job", name];

    assert_in_order(
        stage.tool(&start).sentence(1),
        &["cannot read the job file ", name, "No such file"],
    );
    for (text, message) in [
        (
            &b"externalId: churn\n"[..],
            "expected value at line 1 column 1",
        ),
        (
            b"{\n  \"externalID\": \"churn\"\n}",
            "unknown field `externalID`",
        ),
        (
            br#"{ "attributes": { "execution-description": "a", "execution-description": "b" } }"#,
            "duplicate attribute `execution-description`",
        ),
    ] {
        fs::write(&path, text).unwrap();
        let ended = stage.tool(&start);
        assert_in_order(ended.sentence(1), &[name, message]);
    }
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[test]
fn a_job_of_another_job_type_is_refused_before_the_platform_is_asked() {
    let stage = Stage::new();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("job.json");
    let job = r#"{ "jobType": "aws-glue-job", "externalId": "one-step" }"#;
    fs::write(&path, job).unwrap();
    for command in ["validate", "start", "run"] {
        let ended = stage.tool(&[command, "--job", path.to_str().unwrap()]);
        let message = "the job is of the job type `aws-glue-job`, and the plugin is \
                       `sagemaker-pipeline`: give the plugin of the job with --component";
        assert_in_order(ended.sentence(2), &[message]);
    }
    assert_eq!(stage.emulator.requests().len(), 0);
}
