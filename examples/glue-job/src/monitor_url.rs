//! The page of Glue Studio on which a person follows a run.

use aws_kit::console;
use job_type_kit::contract::{Connection, Error, Run};

use job_type_kit::RunOfJob as RunId;

/// The URL of a run's page.
///
/// # Errors
/// `InvalidRunId`, `InvalidConnection`, or `NoKnownConsole` where the partition's console has no known
/// address.
pub fn monitor_url(connection: &Connection, run: &Run) -> Result<String, Error> {
    let run_id = RunId::of(run)?;
    let home = console::home_of(connection, "gluestudio")?;
    // A slash of a name would begin another part of the path.
    let part = |text: &str| console::in_fragment(text).replace('/', "%2F");
    Ok(format!(
        "{home}#/job/{}/run/{}",
        part(&run_id.job),
        part(&run_id.id)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{connection, run};

    #[test]
    fn the_monitor_url_has_the_form_that_the_specification_gives() {
        let url = monitor_url(&connection(&[]), &run("my job/x/jr_1")).unwrap();
        let home = "https://eu-west-1.console.aws.amazon.com/gluestudio/home?region=eu-west-1";
        assert_eq!(url, format!("{home}#/job/my%20job%2Fx/run/jr_1"));
    }

    #[test]
    fn a_region_without_a_known_console_and_one_that_is_none_are_refused() {
        for (region, code) in [
            ("us-iso-east-1", "NoKnownConsole"),
            ("x/#", "InvalidConnection"),
        ] {
            let mut connection = connection(&[]);
            connection.region = region.to_owned();
            let error = monitor_url(&connection, &run("a/jr_1")).unwrap_err();
            assert_eq!(error.code, code);
        }
    }
}
