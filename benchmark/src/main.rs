//! `cargo xtask bench`
mod measure;
mod native;
mod stage;
mod status_call;

use anyhow::Result;
use polysync_harness::{Host, Limits};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let path = std::env::args()
        .nth(1)
        .unwrap_or("target/component/sagemaker-pipeline.wasm".into());
    let host = Host::new(Limits::recommended())?;
    let plugin = host.load(path.as_str()).await?;
    if let Some(what) = std::env::args().nth(2) {
        let run = stage::run();
        let job_type = stage::job_type(
            &plugin,
            stage::connection(),
            stage::FromMemory::answering(stage::EXECUTING),
        )?;
        let mut warm = job_type.warm().await?;
        let (guest, native) = (native::Guest::new(), native::NativePlugin::new());
        let us = match what.as_str() {
            "fresh" => {
                measure::time_async(100_000, async || {
                    let _ = std::hint::black_box(job_type.status(&run).await);
                })
                .await
            }
            "warm" => {
                measure::time_async(300_000, async || {
                    let _ = std::hint::black_box(warm.status(&run).await);
                })
                .await
            }
            "native" => measure::time(1_000_000, || {
                let _ = std::hint::black_box(guest.status());
            }),
            _ => measure::time(500_000, || {
                let _ = std::hint::black_box(native.status());
            }),
        };
        println!("{us}");
        return Ok(());
    }
    let found = status_call::measure(&plugin, 30, 500).await?;
    let base = found.native_plugin.median();
    for (name, s) in [
        ("fresh", &found.fresh),
        ("warm", &found.warm),
        ("native", &found.native),
        ("native sign", &found.native_plugin),
    ] {
        println!(
            "{name:12} {:7.2} us [{:.2} {:.2}]  {:.2}x",
            s.median(),
            s.quantile(0.1),
            s.quantile(0.9),
            s.median() / base
        );
    }
    Ok(())
}
