//! The job that the command line and the job file describe together.

pub(crate) mod attributes;
pub(crate) mod file;
pub(crate) mod files;

use polysync_host::contract::{Attribute, Description, Direction, Job, Parameter};
use polysync_host::text;

use self::attributes::Owner;
use self::file::JobFile;
use crate::cli::job::{JobArgs, JobOriginArgs};
use crate::cli::pair::{OptionalPair, Pair};
use crate::failure::Failure;

/// How much of a job file's word an error repeats, in bytes.
const EXCERPT: usize = 200;

/// The job of the command line: the job file's, where options override the file.
pub(crate) fn from_arguments(
    arguments: &JobArgs,
    description: &Description,
) -> Result<Job, Failure> {
    compose(read_file(&arguments.origin)?, arguments, description)
}

/// The job of a job file, without options.
pub(crate) fn from_file(file: JobFile, description: &Description) -> Result<Job, Failure> {
    compose(file, &JobArgs::default(), description)
}

fn compose(file: JobFile, arguments: &JobArgs, description: &Description) -> Result<Job, Failure> {
    let mut parameters: Vec<_> = file
        .parameters
        .iter()
        .map(|parameter| Parameter {
            name: parameter.name.clone(),
            direction: parameter.direction.into(),
            value: parameter.value.0.clone(),
        })
        .collect();
    for given in given_parameters(arguments)? {
        match parameters
            .iter_mut()
            .find(|parameter| parameter.name == given.name)
        {
            Some(parameter) => *parameter = given,
            None => parameters.push(given),
        }
    }
    let (external_id, attributes) = origin(&arguments.origin, file, description)?;
    let external_id = external_id.ok_or_else(|| {
        Failure::Usage(format!(
            "no job is given: name it with --external-id ({}), or give a job file with --job",
            description.external_id_label
        ))
    })?;
    Ok(Job {
        external_id,
        attributes,
        parameters,
    })
}

/// The external id, where one is given, and the attributes of the command line, without parameters.
pub(crate) fn origin_from_arguments(
    arguments: &JobOriginArgs,
    description: &Description,
) -> Result<(Option<String>, Vec<Attribute>), Failure> {
    let file = read_file(arguments)?;
    origin(arguments, file, description)
}

/// Attributes in the order of the command line; the same key twice is an error.
pub(crate) fn attributes_from_pairs(
    option: &str,
    pairs: &[Pair],
) -> Result<Vec<Attribute>, Failure> {
    refuse_duplicates(option, pairs.iter().map(|pair| pair.key.as_str()))?;
    Ok(pairs
        .iter()
        .map(|pair| Attribute {
            name: pair.key.clone(),
            value: pair.value.clone(),
        })
        .collect())
}

fn read_file(arguments: &JobOriginArgs) -> Result<JobFile, Failure> {
    Ok(arguments
        .job
        .as_deref()
        .map(JobFile::read)
        .transpose()?
        .unwrap_or_default())
}

fn origin(
    arguments: &JobOriginArgs,
    file: JobFile,
    description: &Description,
) -> Result<(Option<String>, Vec<Attribute>), Failure> {
    check_job_type(file.job_type.as_deref(), description)?;
    let external_id = arguments.external_id.clone().or(file.external_id);
    let mut attributes: Vec<_> = file
        .attributes
        .0
        .into_iter()
        .map(|(name, value)| Attribute {
            name,
            value: value.0.unwrap_or_default(),
        })
        .collect();
    for given in attributes_from_pairs("--attribute", &arguments.attribute)? {
        match attributes
            .iter_mut()
            .find(|attribute| attribute.name == given.name)
        {
            Some(attribute) => *attribute = given,
            None => attributes.push(given),
        }
    }
    attributes::check(Owner::Job, &attributes, &description.job_attributes)?;
    Ok((external_id, attributes))
}

/// Fails for a job file of another job type: what its words mean there, they may not mean here.
fn check_job_type(of_file: Option<&str>, description: &Description) -> Result<(), Failure> {
    match of_file {
        Some(other) if other != description.id => Err(Failure::Usage(format!(
            "the job is of the job type `{}`, and the plugin is `{}`: give the plugin of the job \
             with --component, or take `jobType` out of the job file",
            text::line(other, EXCERPT),
            description.id
        ))),
        _ => Ok(()),
    }
}

fn given_parameters(arguments: &JobArgs) -> Result<Vec<Parameter>, Failure> {
    let inputs = arguments
        .parameter
        .iter()
        .map(|Pair { key, value }| Parameter {
            name: key.clone(),
            direction: Direction::Input,
            value: Some(value.clone()),
        });
    let both = arguments
        .input_output
        .iter()
        .map(|OptionalPair { key, value }| Parameter {
            name: key.clone(),
            direction: Direction::InputOutput,
            value: value.clone(),
        });
    let outputs = arguments.output.iter().map(|name| Parameter {
        name: name.clone(),
        direction: Direction::Output,
        value: None,
    });
    let parameters: Vec<_> = inputs.chain(both).chain(outputs).collect();
    refuse_duplicates(
        "a parameter",
        parameters.iter().map(|parameter| parameter.name.as_str()),
    )?;
    Ok(parameters)
}

fn refuse_duplicates<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Failure::Usage(format!("{what} is given twice: `{name}`")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};
    use crate::samples;

    fn job(options: &[&str]) -> Result<Job, Failure> {
        let cli =
            Cli::try_parse_from(["polysync-harness", "validate"].iter().chain(options)).unwrap();
        let Command::Validate { job, .. } = cli.command else {
            panic!("not validate")
        };
        from_arguments(&job, &samples::description())
    }

    fn job_with_file(text: &str, options: &[&str]) -> Result<Job, Failure> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("job.json");
        std::fs::write(&path, text).unwrap();
        job(&[&["--job", path.to_str().unwrap()], options].concat())
    }

    fn summary(job: &Job) -> Vec<(&str, Direction, Option<&str>)> {
        job.parameters
            .iter()
            .map(|p| (p.name.as_str(), p.direction, p.value.as_deref()))
            .collect()
    }

    #[test]
    fn options_alone_make_a_job() {
        let job = job(&[
            "-e",
            "churn",
            "-p",
            "A=1",
            "--output",
            "B",
            "--input-output",
            "C=",
            "-a",
            "display-name=x",
        ]);
        let job = job.unwrap();

        assert_eq!(job.external_id, "churn");
        assert_eq!(
            summary(&job),
            [
                ("A", Direction::Input, Some("1")),
                ("C", Direction::InputOutput, Some("")),
                ("B", Direction::Output, None)
            ]
        );
        assert_eq!(job.attributes.len(), 1);
    }

    #[test]
    fn options_override_the_file_in_place_and_add_to_it() {
        let file = r#"{ "externalId": "churn", "attributes": { "display-name": "file" },
                        "parameters": [ { "name": "A", "value": 1 }, { "name": "B", "value": 2 } ] }"#;
        let job = job_with_file(
            file,
            &[
                "-e",
                "other",
                "-a",
                "display-name=option",
                "-p",
                "A=9",
                "-p",
                "C=3",
            ],
        )
        .unwrap();

        assert_eq!(job.external_id, "other");
        assert_eq!(job.attributes[0].value, "option");
        assert_eq!(
            summary(&job),
            [
                ("A", Direction::Input, Some("9")),
                ("B", Direction::Input, Some("2")),
                ("C", Direction::Input, Some("3"))
            ]
        );
    }

    #[test]
    fn a_job_without_a_name_is_refused_in_the_words_of_the_platform() {
        let error = job(&["-p", "A=1"]).unwrap_err().to_string();
        assert!(error.contains("--external-id (Pipeline name)"), "{error}");
    }

    #[test]
    fn a_name_that_is_given_twice_is_refused() {
        assert!(
            job(&["-e", "churn", "-p", "A=1", "--output", "A"])
                .unwrap_err()
                .to_string()
                .contains("`A`")
        );
        assert!(
            job(&["-e", "c", "-a", "display-name=1", "-a", "display-name=2"])
                .unwrap_err()
                .to_string()
                .contains("twice")
        );
    }

    #[test]
    fn an_unknown_attribute_in_the_file_is_refused() {
        let error = job_with_file(
            r#"{ "externalId": "c", "attributes": { "displayname": 1 } }"#,
            &[],
        )
        .unwrap_err();
        assert!(
            error.to_string().contains("did you mean `display-name`"),
            "{error}"
        );
    }

    #[test]
    fn a_job_file_of_another_job_type_is_refused_with_what_to_do() {
        let file = |job_type: &str| {
            let text = format!(r#"{{ "jobType": "{job_type}", "externalId": "c" }}"#);
            job_with_file(&text, &[])
        };
        assert_eq!(file("example-pipeline").unwrap().external_id, "c");
        assert_eq!(
            file("aws-glue-job").unwrap_err().to_string(),
            "the job is of the job type `aws-glue-job`, and the plugin is `example-pipeline`: give \
             the plugin of the job with --component, or take `jobType` out of the job file"
        );
    }

    #[test]
    fn a_job_file_that_is_missing_is_named() {
        let error = job(&["--job", "/nowhere/job.json"])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/nowhere/job.json") && error.contains("No such file"),
            "{error}"
        );
    }
}
