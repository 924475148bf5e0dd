//! Files that are not the right plugin: each is refused, while the current plugin goes on serving.

use polysync_host::{Host, Limits, LoadFault, Slot, Source};
use proptest::prelude::*;

use crate::stage::Stage;

/// A slot with the plugin that misbehaves.
async fn slot() -> (Stage, Slot) {
    let stage = Stage::new(Limits::recommended()).await;
    let slot = Slot::new(stage.plugin.clone());
    (stage, slot)
}

async fn refusal(stage: &Stage, slot: &Slot, bytes: &[u8]) -> LoadFault {
    let error = slot.swap(Source::bytes(bytes.to_vec())).await;
    stage.serves().await;
    assert_eq!(slot.identity().generation, 1);
    error.expect_err("it must be refused").fault
}

#[tokio::test]
async fn another_job_type_cannot_be_swapped_in() {
    let (stage, slot) = slot().await;
    let other = test_components::sagemaker_pipeline();
    let error = slot.swap(other).await.expect_err("another job type");
    assert_eq!(
        error.to_string(),
        format!(
            "cannot load {}: it is the job type `sagemaker-pipeline`, \
             and can't take over from `misbehaving`",
            other.display()
        )
    );
    stage.serves().await;
    assert_eq!(slot.identity().generation, 1);
}

#[tokio::test]
async fn a_component_that_is_truncated_at_any_hundredth_of_its_length() {
    let (stage, slot) = slot().await;
    let whole = std::fs::read(test_components::sagemaker_pipeline()).expect("the component");
    for hundredth in 0..100 {
        let cut = &whole[..whole.len() * hundredth / 100];
        let fault = refusal(&stage, &slot, cut).await;
        match hundredth {
            0 => assert!(matches!(fault, LoadFault::NotAComponent(_)), "{fault}"),
            _ => assert!(
                matches!(fault, LoadFault::Truncated),
                "{hundredth}: {fault}"
            ),
        }
    }
}

#[tokio::test]
async fn a_core_module() {
    let (stage, slot) = slot().await;
    let module = wat::parse_str("(module)").expect("valid text");
    let fault = refusal(&stage, &slot, &module).await;
    assert!(matches!(fault, LoadFault::NotAComponent(_)), "{fault}");
}

#[tokio::test]
async fn an_import_outside_of_the_contract() {
    let (stage, slot) = slot().await;
    let text = r#"(component (import "wasi:filesystem/types@0.2.3" (instance)))"#;
    let component = wat::parse_str(text).expect("valid text");
    let fault = refusal(&stage, &slot, &component).await;
    let LoadFault::Contract(mismatch) = fault else {
        panic!("{fault}")
    };
    assert_eq!(
        mismatch.problems[0],
        "it imports `wasi:filesystem/types@0.2.3`, which no plugin is given"
    );
}

#[tokio::test]
async fn thousands_of_imports_outside_of_the_contract() {
    let (stage, slot) = slot().await;
    let imports: String = (0..5_000)
        .map(|number| format!(r#"(import "i{number}" (func))"#))
        .collect();
    let component = wat::parse_str(format!("(component {imports})")).expect("valid text");
    let fault = refusal(&stage, &slot, &component).await;
    let LoadFault::Contract(mismatch) = fault else {
        panic!("{fault}")
    };
    assert_eq!(mismatch.problems.len(), 51);
    assert_eq!(mismatch.problems[50], "and 4951 more");
}

#[tokio::test]
async fn the_wrong_version_of_the_contract() {
    let (stage, slot) = slot().await;
    let text = r#"(component
        (instance $i)
        (export "polysync:job-type/job-type@0.9.0" (instance $i)))"#;
    let component = wat::parse_str(text).expect("valid text");
    let fault = refusal(&stage, &slot, &component).await;
    let LoadFault::Contract(mismatch) = fault else {
        panic!("{fault}")
    };
    assert_eq!(
        mismatch.problems,
        [
            "it exports `polysync:job-type/job-type` in version 0.9.0 of the contract, \
          and this host has versions 0.1.0 and 0.2.0: update the host, or build the plugin for one of \
          these"
        ]
    );
}

#[tokio::test]
async fn machine_code() {
    let (stage, slot) = slot().await;
    let fault = refusal(&stage, &slot, b"\x7fELF\x02\x01\x01\0\0\0\0\0").await;
    assert!(
        fault
            .to_string()
            .contains("machine code, which this host never runs"),
        "{fault}"
    );
}

/// Loads any bytes, which must not panic.
fn load(host: &Host, bytes: Vec<u8>) -> Result<(), LoadFault> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let loaded = runtime.block_on(host.load(Source::bytes(bytes)));
    assert_eq!(host.usage(), Default::default());
    loaded.map(drop).map_err(|error| error.fault)
}

/// A host with a short call timeout.
fn host() -> Host {
    Host::new(Limits {
        call_timeout: crate::stage::SHORT,
        ..Limits::recommended()
    })
    .expect("a host")
}

#[test]
fn random_bytes() {
    let host = host();
    proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..2_000))| {
        prop_assert!(load(&host, bytes).is_err());
    });
}

#[test]
fn random_bytes_after_the_header_of_a_component() {
    let host = host();
    proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 1..2_000))| {
        let component = [b"\0asm\x0d\0\x01\0", bytes.as_slice()].concat();
        prop_assert!(load(&host, component).is_err());
    });
}

#[test]
fn a_component_with_a_flipped_bit_is_never_served() {
    let whole = test_components::text::describing("unreachable");
    let host = host();
    proptest!(|(at in 0..whole.len(), bit in 0..8)| {
        let mut component = whole.clone();
        component[at] ^= 1u8 << bit;
        // `describe` traps in the original, so a component isn't served even if the flip is harmless.
        prop_assert!(load(&host, component).is_err());
    });
}
