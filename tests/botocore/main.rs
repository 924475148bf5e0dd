//! Compares the guest's signatures and endpoints with those of botocore, AWS's own implementation.

use aws_kit::Service;
use aws_kit::endpoint::Endpoint;
use aws_kit::region::Region;
use aws_kit::sigv4::{self, Signable};
use aws_kit::time::amz_date;
use aws_kit::variant::Variant;
use aws_sigv4::sign::v4::generate_signing_key;
use job_type_kit::SigningCredentials;
use job_type_kit::contract::aws_signing::{Credentials, Scope};
use sagemaker_pipeline::service::{LOGS, SAGEMAKER};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use test_support::process;

const SIGNATURES: usize = 10_000;
/// Far longer than a script takes.
const LIMIT: Duration = Duration::from_secs(300);

/// The objects that a script prints, one a line; `None` where botocore is not installed.
fn objects<T: DeserializeOwned>(script: &str, arguments: &[&str]) -> Option<Vec<T>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let what = format!("the comparison with botocore in {script}");
    let python = python_environment::with_requirements_or_skip(folder, &what)
        .unwrap_or_else(|error| panic!("{error}"))?;
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/botocore");
    let mut command = python.command();
    command.arg("-B").arg(scripts.join(script)).args(arguments);
    let output = process::output(&mut command, LIMIT).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} failed:\n{errors}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let objects = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    Some(objects.collect())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    region: String,
    access_key_id: String,
    secret: String,
    token: Option<String>,
    /// Milliseconds since 1970.
    time: u64,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
    authorization: String,
}

#[test]
fn random_requests_are_signed_as_botocore_signs_them() {
    let Some(requests) = objects::<Signed>("sign.py", &[&SIGNATURES.to_string()]) else {
        return;
    };
    assert_eq!(requests.len(), SIGNATURES);
    for request in &requests {
        let time = UNIX_EPOCH + Duration::from_millis(request.time);
        let amz_date = amz_date(request.time);
        let scope = Scope {
            date: amz_date[..8].to_owned(),
            region: request.region.clone(),
            service: "sagemaker".to_owned(),
        };
        let key = generate_signing_key(&request.secret, time, &scope.region, &scope.service);
        let credentials = SigningCredentials::from(Credentials {
            access_key_id: request.access_key_id.clone(),
            session_token: request.token.clone(),
            expires_at: None,
            signing_key: key.as_ref().to_vec(),
        });
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let signable = Signable {
            path: &request.path,
            headers: &headers,
            body: request.body.as_bytes(),
        };
        let added = sigv4::sign(&signable, &credentials, &scope, &amz_date);
        let authorization = added.last().unwrap();
        assert_eq!(authorization.name, "authorization");
        assert_eq!(authorization.value, request.authorization, "{request:?}");
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resolved {
    region: String,
    fips: bool,
    dual_stack: bool,
    /// None where the partition has no such variant.
    url: Option<String>,
}

/// Compares the endpoints of a service, whose rules botocore has in the folder of this name.
fn compare_endpoints(folder: &str, service: &Service) {
    let Some(endpoints) = objects::<Resolved>("endpoints.py", &[folder]) else {
        return;
    };
    let regions: HashSet<_> = endpoints.iter().map(|e| e.region.as_str()).collect();
    assert!(regions.len() > 30, "{regions:?}");
    let wrong: Vec<_> = endpoints
        .iter()
        .filter_map(|resolved| {
            let variant = Variant::new(resolved.fips, resolved.dual_stack);
            let region = Region::parse(&resolved.region).unwrap();
            let ours = Endpoint::regional(service, &region, variant).url;
            let theirs = resolved.url.as_deref()?;
            (ours.trim_end_matches('/') != theirs).then(|| format!("{resolved:?}: {ours}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sagemaker_has_the_endpoint_that_botocore_resolves_in_every_region_and_variant() {
    compare_endpoints("sagemaker", &SAGEMAKER);
}

#[test]
fn cloudwatch_logs_has_the_endpoint_that_botocore_resolves_in_every_region_and_variant() {
    compare_endpoints("logs", &LOGS);
}
