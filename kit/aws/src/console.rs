//! Links into the AWS console, in every partition whose console has a known address.

use job_type_kit::Findings;
use job_type_kit::contract::{Connection, Error, ErrorClass};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::connection;
use crate::partition::Partition;
use crate::region::Region;

/// What can't stand in a URL's fragment (RFC 3986), and `%`, which would be read as an escape.
const NOT_IN_A_FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// All characters but those that the console does not encode in names of log groups and streams.
const NOT_IN_A_LOG_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The home page of a service in a region; `None` where the console's address is not known. A
/// page's fragment follows, after `#`.
pub fn home(region: &Region, service: &str) -> Option<String> {
    let region = region.as_str();
    let suffix = Partition::for_region(region).console_suffix?;
    Some(format!(
        "https://{region}.{suffix}/{service}/home?region={region}"
    ))
}

/// The home page of a service in a connection's region.
///
/// # Errors
/// `InvalidConnection`, or `NoKnownConsole` where the console's address is not known.
pub fn home_of(connection: &Connection, service: &str) -> Result<String, Error> {
    let mut findings = Findings::default();
    let region = connection::region(connection, &mut findings);
    let region = findings.finish(region, "InvalidConnection", "Correct the connection.")?;
    home(&region, service).ok_or_else(|| no_known_console(&region))
}

/// The page of a log group in CloudWatch, or of its streams whose names begin with `stream_prefix`.
pub fn log_group(region: &Region, group: &str, stream_prefix: Option<&str>) -> Option<String> {
    let home = home(region, "cloudwatch")?;
    let group = log_name(group);
    // `$3F` and `$3D` are the console's `?` and `=`.
    let filter = stream_prefix
        .map(|prefix| format!("$3FlogStreamNameFilter$3D{}", log_name(prefix)))
        .unwrap_or_default();
    Some(format!(
        "{home}#logsV2:log-groups/log-group/{group}{filter}"
    ))
}

/// Encodes a text for a URL's fragment.
pub fn in_fragment(text: &str) -> String {
    utf8_percent_encode(text, NOT_IN_A_FRAGMENT).to_string()
}

/// The error for a region whose console has no known address: class `unsupported`, code
/// `NoKnownConsole`.
fn no_known_console(region: &Region) -> Error {
    Error::new(
        ErrorClass::Unsupported,
        "NoKnownConsole",
        format!(
            "the address of the console for region {} is not known",
            region.as_str()
        ),
        "Open the partition's own console, and look for the run's id there.",
    )
}

/// The console encodes these names twice, and writes `$` for `%`.
fn log_name(name: &str) -> String {
    let once = utf8_percent_encode(name, NOT_IN_A_LOG_NAME).to_string();
    let twice = utf8_percent_encode(&once, NOT_IN_A_LOG_NAME).to_string();
    twice.replace('%', "$")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str) -> Region {
        Region::parse(name).unwrap()
    }

    #[test]
    fn each_partition_has_its_own_console() {
        for (region, host) in [
            ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
            ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
            (
                "us-gov-west-1",
                "us-gov-west-1.console.amazonaws-us-gov.com",
            ),
            ("eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"),
        ] {
            assert_eq!(
                home(&self::region(region), "lambda").unwrap(),
                format!("https://{host}/lambda/home?region={region}")
            );
        }
        assert_eq!(home(&region("us-iso-east-1"), "lambda"), None);
    }

    #[test]
    fn a_log_groups_name_is_encoded_twice() {
        let home = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1";
        assert_eq!(
            log_group(&region("eu-west-1"), "/aws/glue", Some("a/b")).unwrap(),
            format!(
                "{home}#logsV2:log-groups/log-group/\
                 $252Faws$252Fglue$3FlogStreamNameFilter$3Da$252Fb"
            )
        );
        assert_eq!(
            log_group(&region("eu-west-1"), "g", None).unwrap(),
            format!("{home}#logsV2:log-groups/log-group/g")
        );
    }

    #[test]
    fn a_text_that_can_not_stand_in_a_fragment_is_percent_encoded() {
        assert_eq!(in_fragment("a b\"#%é"), "a%20b%22%23%25%C3%A9");
    }
}
