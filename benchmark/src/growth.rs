//! How the cost of a call grows with its size, answered from memory.

use std::time::{Duration, Instant};

use anyhow::Result;
use polysync_host::Plugin;
use polysync_host::contract::{Direction, Job, Parameter};
use serde::Deserialize;
use serde_json::json;

use crate::measure::Samples;
use crate::memory::FromMemory;
use crate::report::{Curve, Report, Target};
use crate::stage::{answered, job_type};

const GUID: &str = "6f1c1f3e-3b0a-4d6c-9f8e-2b7a5c4d3e21";
const PARAMETERS: [u32; 6] = [1, 5, 20, 50, 100, 200];
const DEFINITION_KIB: [u32; 6] = [1, 4, 16, 64, 256, 1024];
const PIPELINES: [u32; 5] = [100, 300, 1_000, 3_000, 10_000];
const PAGE: u32 = 100;

/// Measures every point once a round. A machine that is slow for a while then slows all points alike.
pub(crate) async fn measure(plugin: &Plugin, rounds: u32, report: &mut Report) -> Result<()> {
    let mut curves = [
        curve("start, by parameters", "parameters", &PARAMETERS),
        curve("inspect, by KiB of definition", "KiB", &DEFINITION_KIB),
        curve("discover, by pipelines", "pipelines", &PIPELINES),
    ];
    let [start_curve, inspect_curve, discover_curve] = &mut curves;
    for _ in 0..rounds {
        for (count, (_, samples)) in PARAMETERS.iter().zip(&mut start_curve.points) {
            samples.push(start(plugin, *count).await?);
        }
        for (size, (_, samples)) in DEFINITION_KIB.iter().zip(&mut inspect_curve.points) {
            samples.push(inspect(plugin, *size).await?);
        }
    }
    for _ in 0..rounds.div_ceil(4) {
        for (count, (_, samples)) in PIPELINES.iter().zip(&mut discover_curve.points) {
            samples.push(discover(plugin, *count).await?);
        }
    }
    let mut section =
        report.section("growth: cost grows as size to the power of, at the upper end");
    for curve in &curves {
        section.add_with(curve.what, "", &exponent(curve).into(), Target::AtMost(1.1));
    }
    report.curves.extend(curves);
    Ok(())
}

fn curve(what: &'static str, unit: &'static str, sizes: &[u32]) -> Curve {
    let point = |size: &u32| (f64::from(*size), Samples::new());
    let points = sizes.iter().map(point).collect();
    Curve { what, unit, points }
}

/// The exponent between the last point and the third from the end: 1 is linear.
fn exponent(curve: &Curve) -> f64 {
    match curve.points.as_slice() {
        [.., (small, low), _, (large, high)] => {
            (high.median() / low.median()).ln() / (large / small).ln()
        }
        _ => 0.0,
    }
}

const CALLS: u32 = 20;

/// Measures one start with this number of parameters, in microseconds.
async fn start(plugin: &Plugin, parameters: u32) -> Result<f64> {
    let memory = FromMemory::answering(Duration::ZERO, |_, _| {
        json!({"PipelineExecutionArn": crate::stage::RUN_ID}).to_string()
    });
    let job_type = job_type(plugin, None, Some(memory)).await?;
    let parameter = |number: u32| Parameter {
        name: format!("Parameter{number}"),
        direction: Direction::Input,
        value: Some(format!("the value of parameter {number}")),
    };
    let job = Job {
        external_id: "churn-training".to_owned(),
        attributes: Vec::new(),
        parameters: (0..parameters).map(parameter).collect(),
    };
    let began = Instant::now();
    for _ in 0..CALLS {
        answered(job_type.start(&job, GUID).await)?;
    }
    Ok(crate::measure::microseconds_each(began.elapsed(), CALLS))
}

/// Measures how long it takes to read one pipeline whose definition has this size, in microseconds.
async fn inspect(plugin: &Plugin, kib: u32) -> Result<f64> {
    let mut steps = Vec::new();
    let mut size = 0;
    while size < kib * 1024 {
        let step = json!({
            "Name": format!("Step{}", steps.len()),
            "Type": "Processing",
            "Arguments": {"ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}}},
        });
        size += u32::try_from(step.to_string().len() + 1)?;
        steps.push(step);
    }
    let definition = json!({
        "Version": "2020-12-01",
        "Parameters": [{"Name": "Rows", "Type": "Integer", "DefaultValue": 100}],
        "Steps": steps,
    });
    let answer = describe("churn-training", &definition.to_string());
    let memory = FromMemory::answering(Duration::ZERO, move |_, _| answer.clone());
    let job_type = job_type(plugin, None, Some(memory)).await?;
    let calls = if kib > 64 { 2 } else { CALLS };
    let began = Instant::now();
    for _ in 0..calls {
        answered(job_type.inspect("churn-training").await)?;
    }
    Ok(crate::measure::microseconds_each(began.elapsed(), calls))
}

/// Measures the discovery of this number of pipelines, page by page, in microseconds.
async fn discover(plugin: &Plugin, pipelines: u32) -> Result<f64> {
    let memory = FromMemory::answering(Duration::ZERO, move |operation, body| match operation {
        "ListPipelines" => page(body, pipelines),
        _ => describe("pipeline", DEFINITION),
    });
    let job_type = job_type(plugin, None, Some(memory)).await?;
    let began = Instant::now();
    let mut cursor = None;
    loop {
        cursor = answered(job_type.discover(cursor.as_deref()).await)?.next_cursor;
        if cursor.is_none() {
            return Ok(crate::measure::microseconds_each(began.elapsed(), 1));
        }
    }
}

const DEFINITION: &str = r#"{"Version":"2020-12-01","Parameters":[{"Name":"Rows","Type":"Integer","DefaultValue":100}],"Steps":[]}"#;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListPipelines {
    next_token: Option<String>,
}

fn page(body: &[u8], pipelines: u32) -> String {
    let from: u32 = serde_json::from_slice::<ListPipelines>(body)
        .ok()
        .and_then(|list| list.next_token?.parse().ok())
        .unwrap_or_default();
    let to = pipelines.min(from + PAGE);
    let summary = |number: u32| {
        json!({
            "PipelineArn": format!("arn:aws:sagemaker:eu-central-1:123456789012:pipeline/p-{number}"),
            "PipelineName": format!("p-{number}"),
            "CreationTime": 1.793_534_4e9,
        })
    };
    let summaries: Vec<_> = (from..to).map(summary).collect();
    let token = (to < pipelines).then(|| to.to_string());
    json!({"PipelineSummaries": summaries, "NextToken": token}).to_string()
}

fn describe(name: &str, definition: &str) -> String {
    json!({
        "PipelineArn": format!("arn:aws:sagemaker:eu-central-1:123456789012:pipeline/{name}"),
        "PipelineName": name,
        "PipelineDefinition": definition,
        "PipelineStatus": "Active",
        "CreationTime": 1.793_534_4e9,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quadratic_curve_has_the_exponent_two() {
        let square = |size: u32| (f64::from(size), Samples::from(f64::from(size * size)));
        let curve = Curve {
            what: "squares",
            unit: "",
            points: [1, 2, 4, 8].map(square).into(),
        };
        assert!((exponent(&curve) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn the_last_page_has_no_token() {
        assert!(page(br"{}", 150).contains(r#""NextToken":"100""#));
        assert!(page(br#"{"NextToken":"100"}"#, 150).contains(r#""NextToken":null"#));
    }
}
