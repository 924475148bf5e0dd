//! Which files the host refuses to load, and the message for each.

use polysync_host::{Host, Limits, LoadError, LoadFault, Source};

fn host() -> Host {
    Host::new(Limits::recommended()).expect("a host")
}

async fn refusal(bytes: impl Into<Vec<u8>>) -> LoadError {
    let loaded = host().load(Source::bytes(bytes.into())).await;
    loaded.expect_err("it must be refused")
}

async fn refusal_of_text(text: &str) -> String {
    let bytes = wat::parse_str(text).expect("valid text");
    refusal(bytes).await.to_string()
}

#[tokio::test]
async fn a_file_that_is_not_a_component_is_refused_by_what_it_is_instead() {
    let module = wat::parse_str("(module)").expect("valid text");
    let old_component = *b"\0asm\x0c\0\x01\0";
    let elf = *b"\x7fELF\x02\x01\x01\0\0\0\0\0";
    for (bytes, message) in [
        (&b""[..], "it is empty"),
        (
            &module,
            "it is a core WebAssembly module, not a component; \
             make one of it with `wasm-tools component new`",
        ),
        (
            &old_component,
            "it is WebAssembly of a version that this host doesn't know",
        ),
        (
            &elf,
            "it is compiled machine code, which this host never runs; give the `.wasm` component",
        ),
        (
            b"\n (component)",
            "it is WebAssembly text; convert it with `wasm-tools parse`",
        ),
        (
            b";; comment",
            "it is WebAssembly text; convert it with `wasm-tools parse`",
        ),
        (b"#!/bin/sh", "it is not WebAssembly"),
        (b"\0as", "it is not WebAssembly"),
    ] {
        let error = refusal(bytes).await;
        assert_eq!(
            error.to_string(),
            format!("cannot load the component: {message}")
        );
    }
}

#[tokio::test]
async fn machine_code_that_the_engine_itself_made_is_refused() {
    let engine = wasmtime::Engine::default();
    let component = wat::parse_str("(component)").expect("valid text");
    let code = engine.precompile_component(&component).expect("compiles");
    let error = refusal(code).await;
    assert!(
        error.to_string().contains("compiled machine code"),
        "{error}"
    );
}

#[tokio::test]
async fn a_truncated_component_is_refused() {
    let whole = wat::parse_str(r#"(component (core module (func (export "f"))))"#);
    let whole = whole.expect("valid text");
    // Cut right after its header of 8 bytes, it would be a complete component without sections.
    for length in 9..whole.len() {
        let error = refusal(&whole[..length]).await;
        assert!(
            matches!(error.fault, LoadFault::Truncated),
            "{length} of {}: {error}",
            whole.len()
        );
    }
}

#[tokio::test]
async fn garbage_after_the_header_of_a_component_is_refused() {
    let error = refusal(*b"\0asm\x0d\0\x01\0\xff\x01\0").await;
    assert!(matches!(error.fault, LoadFault::Invalid(_)), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
}

#[tokio::test]
async fn features_that_plugins_do_not_need_are_refused() {
    for module in [
        "module (memory i64 1)",
        "module (memory 1 1 shared)",
        "module (memory 1) (memory 1)",
        "module (func return_call 0)",
    ] {
        let error = refusal_of_text(&format!("(component (core {module}))")).await;
        assert!(
            error.starts_with("cannot load the component: the engine refuses it: "),
            "{module}: {error}"
        );
    }
}

#[tokio::test]
async fn a_component_that_asks_for_more_than_the_limits_is_refused() {
    let error = refusal_of_text(
        r#"(component (core module $m (memory 2000)) (core instance (instantiate $m)))"#,
    )
    .await;
    assert!(error.contains("the engine refuses it: "), "{error}");
    assert!(error.contains("memory"), "{error}");
}

#[tokio::test]
async fn a_component_without_the_job_type_is_refused() {
    assert_eq!(
        refusal_of_text("(component)").await,
        "cannot load the component: it doesn't keep to the contract: \
         it doesn't export `polysync:job-type/job-type@0.1.0` or `polysync:job-type/job-type@0.2.0`, \
         so it is not a job type"
    );
}

#[tokio::test]
async fn every_function_that_is_missing_is_named() {
    let error = refusal_of_text(
        r#"(component
            (instance $i)
            (export "polysync:job-type/job-type@0.2.0" (instance $i)))"#,
    )
    .await;
    for name in [
        "describe",
        "needs",
        "validate",
        "test-connection",
        "discover",
        "inspect",
        "start",
        "status",
        "statuses",
        "cancel",
        "retry",
        "steps",
        "logs",
        "monitor-url",
    ] {
        let clause = format!("`polysync:job-type/job-type@0.2.0` lacks the function `{name}`");
        assert!(error.contains(&clause), "{error}");
    }
}

#[tokio::test]
async fn every_import_outside_of_the_contract_is_named() {
    let error = refusal_of_text(
        r#"(component
            (import "wasi:cli/environment@0.2.3" (instance))
            (import "polysync:job-type/files@0.1.0" (instance))
            (import "polysync:job-type/log@0.1.0" (instance (export "read" (func))))
            (import "polysync:job-type/clock@0.2.0" (instance (export "stop" (func))))
            (import "log" (func)))"#,
    )
    .await;
    for clause in [
        "it imports `wasi:cli/environment@0.2.3`, which no plugin is given",
        "it imports `polysync:job-type/files@0.1.0`, which no plugin is given",
        "`polysync:job-type/log@0.1.0` has no function `read`",
        "`polysync:job-type/clock@0.2.0` has no function `stop`",
        "it imports `log`, which no plugin is given",
    ] {
        assert!(error.contains(clause), "{error}");
    }
}

#[tokio::test]
async fn a_file_past_the_limit_is_refused() {
    let host = Host::new(Limits {
        component_bytes: 7,
        ..Limits::recommended()
    })
    .expect("a host");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), b"\0asm\x0d\0\x01\0").expect("written");
    let error = host.load(file.path()).await.expect_err("too large");
    assert_eq!(
        error.to_string(),
        format!(
            "cannot load {}: it is larger than 7 bytes; \
             raise `Limits::component_bytes` if it is meant to be",
            file.path().display()
        )
    );
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let error = host().load("no/such.wasm").await.expect_err("no file");
    assert!(
        error
            .to_string()
            .starts_with("cannot load no/such.wasm: No such file"),
        "{error}"
    );
}
