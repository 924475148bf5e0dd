//! A platform of the tests' own: the service Echo, and CloudWatch Logs.

use super::*;
use crate::logs::ENDPOINT;
use crate::operation;
use crate::testing::ECHO;
use job_type_kit::FindingCode;
use job_type_kit::testing::FakeHost;

/// An operation of Echo.
#[derive(Debug, serde::Serialize)]
struct Say {}

operation!(Say, serde_json::Value);

static LOGS: Service = logs::service(ECHO.user_agent);

static PLATFORM: Platform = Platform {
    main: &ECHO,
    logs: &LOGS,
    check: |attributes, findings| {
        if Attribute::find(attributes, "volume") == Some("11") {
            findings.error(
                FindingCode::NotAllowed,
                "connection.attributes.volume",
                "is 11",
            );
        }
    },
};

const OWN: &str = "http://127.0.0.1:4566";

fn connection(endpoint: Option<&str>, attributes: &[(&str, &str)]) -> Connection {
    let attributes = attributes.iter();
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: endpoint.map(str::to_owned),
        attributes: attributes
            .map(|(name, value)| Attribute::new(name, *value))
            .collect(),
    }
}

fn needs(connection: &Connection) -> Vec<String> {
    let needs = PLATFORM.needs(connection).into_iter();
    needs
        .map(|need| format!("{} {}", need.capability, need.value))
        .collect()
}

/// The refusal of a connection.
fn refused<T>(result: Result<T, Error>) -> Error {
    let error = result.map(drop).unwrap_err();
    assert_eq!(error.code, "InvalidConnection");
    assert!(error.hint.starts_with("Nothing was sent to AWS."));
    error
}

#[test]
fn a_connection_by_region_leads_both_services_to_their_own_endpoints() {
    let connection = connection(None, &[]);
    let host = FakeHost::answering([]);
    let (main, logs) = PLATFORM.clients(host.on(&connection)).unwrap();
    assert_eq!(main.endpoint().url, "https://echo.eu-west-1.amazonaws.com/");
    assert_eq!(logs.endpoint().url, "https://logs.eu-west-1.amazonaws.com/");
    let regions = [main.region().as_str(), logs.region().as_str()];
    assert_eq!(regions, ["eu-west-1"; 2]);
    let alone = PLATFORM.client(host.on(&connection)).unwrap();
    assert_eq!(alone.endpoint(), main.endpoint());
    assert_eq!(
        needs(&connection),
        [
            "http https://echo.eu-west-1.amazonaws.com",
            "http https://logs.eu-west-1.amazonaws.com",
            "aws-signing echo",
            "aws-signing logs",
        ]
    );
}

#[test]
fn logs_at_the_same_origin_are_needed_once() {
    let signing = ["aws-signing echo", "aws-signing logs"];
    let same = connection(Some(OWN), &[]);
    assert_eq!(
        needs(&same),
        [&[&*format!("http {OWN}")], &signing[..]].concat()
    );
    // Another path of the same origin.
    let logs = format!("{OWN}/logs");
    let path = connection(Some(OWN), &[(ENDPOINT, &logs)]);
    assert_eq!(needs(&path), needs(&same));
    let other = connection(Some(OWN), &[(ENDPOINT, "http://127.0.0.1:4567")]);
    assert_eq!(
        needs(&other)[..2],
        ["http http://127.0.0.1:4566", "http http://127.0.0.1:4567",]
    );
}

#[test]
fn a_connection_whose_endpoint_is_not_known_needs_signing_alone() {
    let mut wrong = connection(None, &[]);
    wrong.region = "EU".to_owned();
    assert_eq!(needs(&wrong), ["aws-signing echo", "aws-signing logs"]);
}

#[test]
fn an_endpoint_of_the_connections_own_for_logs_is_read_beside_the_services() {
    let mut findings = Findings::default();
    let connection = connection(Some(OWN), &[(ENDPOINT, "http://127.0.0.1:4567/l")]);
    let read = PLATFORM.read(&connection, &mut findings).unwrap();
    assert_eq!(read.main.endpoint.url, "http://127.0.0.1:4566/");
    assert_eq!(read.own_logs.unwrap().url, "http://127.0.0.1:4567/l/");
    assert!(findings.into_sorted().is_empty());
    let host = FakeHost::answering([]);
    let (main, logs) = PLATFORM.clients(host.on(&connection)).unwrap();
    assert_eq!(main.endpoint().url, "http://127.0.0.1:4566/");
    assert_eq!(logs.endpoint().url, "http://127.0.0.1:4567/l/");
}

#[test]
fn all_that_is_wrong_with_a_connection_is_found_at_once() {
    let mut wrong = connection(Some("ftp://x"), &[(ENDPOINT, "nowhere"), ("volume", "11")]);
    wrong.region = "EU".to_owned();
    let mut findings = Findings::default();
    assert_eq!(PLATFORM.read(&wrong, &mut findings), None);
    let found = findings.into_sorted().into_iter();
    let mut fields: Vec<_> = found.map(|finding| finding.field).collect();
    fields.sort();
    let expected = [
        "connection.attributes.logs-endpoint",
        "connection.attributes.volume",
        "connection.endpoint",
        "connection.region",
    ];
    assert_eq!(fields, expected);
    let host = FakeHost::answering([]);
    for error in [
        refused(PLATFORM.client(host.on(&wrong))),
        refused(PLATFORM.clients(host.on(&wrong))),
    ] {
        for field in expected {
            assert!(error.message.contains(field), "{}", error.message);
        }
    }
}

#[test]
fn a_wrong_attribute_of_the_platforms_own_or_for_logs_refuses_every_client() {
    let host = FakeHost::answering([]);
    for (name, value) in [("volume", "11"), (ENDPOINT, "nowhere")] {
        let wrong = connection(None, &[(name, value)]);
        assert!(PLATFORM.read(&wrong, &mut Findings::default()).is_some());
        for error in [
            refused(PLATFORM.client(host.on(&wrong))),
            refused(PLATFORM.clients(host.on(&wrong))),
        ] {
            assert!(error.message.contains(name), "{}", error.message);
        }
    }
    assert!(
        PLATFORM
            .client(host.on(&connection(None, &[("volume", "10")])))
            .is_ok()
    );
    assert!(host.credentials_requests.borrow().is_empty());
}

#[test]
fn a_report_names_the_service_the_region_the_endpoint_and_the_partition() {
    let host = FakeHost::answering([(200, "{}")]);
    let mut connection = connection(None, &[]);
    connection.region = "cn-north-1".to_owned();
    let report = PLATFORM.test(host.on(&connection), &Say {}, |_| "it echoes");
    let report = report.unwrap();
    let message = "Echo in cn-north-1 takes these credentials; it echoes.";
    assert_eq!(report.message, message);
    let endpoint = "https://echo.cn-north-1.amazonaws.com.cn/";
    assert_eq!(
        report.details,
        [
            Attribute::new("endpoint", endpoint),
            Attribute::new("partition", "aws-cn"),
        ]
    );
}

#[test]
fn the_definitions_are_those_of_variants_and_of_logs() {
    let keys: Vec<_> = definitions().into_iter().map(|it| it.key).collect();
    assert_eq!(keys, ["fips", "dual-stack", "logs-endpoint"]);
}
