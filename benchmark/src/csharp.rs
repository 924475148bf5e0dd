//! `status` from C#, on CoreCLR by `libpolysync_host`, and from Rust: the processor time of a call, and calls
//! a second.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cpu_time::ProcessTime;
use dotnet_environment::{CoreClr, Mono, or_skip};
use futures_util::future::try_join_all;
use polysync_host::contract::Run;
use polysync_host::{Host, HostOptions, JobType, Limits};
use test_support::process::{self, Lines};
use test_support::skip;

use crate::endpoint::{Emulators, start_run};
use crate::measure::{Samples, microseconds_each};
use crate::memory::FromMemory;
use crate::report::{Report, Target};
use crate::stage::{EXECUTING, answered, job_type, run};

/// So many that a tick of the clock of processor time, 10 ms, is little of a round.
const CALLS: u32 = 5_000;
/// Some two seconds.
const CALLS_AT_ONCE: u32 = 20_000;
const IN_FLIGHT: usize = 64;
/// Several times what the longest command takes.
const LIMIT: Duration = Duration::from_secs(5 * 60);
const RUNTIME_CONFIG: &str = r#"{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "8.0.0" } } }"#;

/// Where the pieces are.
pub(crate) struct Files<'a> {
    pub(crate) component: &'a Path,
    /// Where `cargo xtask library` writes the library.
    pub(crate) library: PathBuf,
    /// In which `cargo xtask setup` installs CoreCLR.
    pub(crate) runtimes: &'a Path,
    /// The folder of the library for .NET.
    pub(crate) sources: PathBuf,
    pub(crate) output: &'a Path,
}

/// Measures both in every round. Says what is missing where it can't be measured.
pub(crate) async fn measure(
    files: &Files<'_>,
    emulators: &Emulators,
    rounds: u32,
    report: &mut Report,
) -> Result<()> {
    let what = "the measurement of C#";
    if !files.library.is_file() {
        skip::announce(what, "the library is missing: run `cargo xtask library`");
        return Ok(());
    }
    let (Some(mono), Some(core)) = (
        or_skip(Mono::find(), what)?,
        or_skip(CoreClr::find(files.runtimes), what)?,
    ) else {
        return Ok(());
    };
    let build = Build::new(files, &mono)?;
    let start = || build.start(&core, files.component);
    // The first start fills the cache.
    drop(start()?);
    let mut program = start()?;
    // As the library does it: without signal handlers.
    let options = HostOptions::new().without_signal_handlers();
    let host = Host::with_options(Limits::recommended(), &options)?;
    let plugin = host.load(files.component).await?;
    let memory = FromMemory::answering(Duration::ZERO, |_, _| EXECUTING.to_owned());
    let from_memory = job_type(&plugin, None, Some(memory)).await?;
    let emulator = emulators.start(1, None)?;
    let started = start_run(&plugin, &emulator).await?;
    let over_http = job_type(&plugin, Some(&emulator.url), None).await?;

    let body = BASE64_STANDARD.encode(EXECUTING);
    let mut measured = Measured::default();
    let in_csharp = format!("in-csharp {CALLS} {} {body}", run().run_id);
    let over_http_in_csharp =
        |what: &str, calls: u32| format!("{what} {calls} {} {}", started.run_id, emulator.url);
    let (alone, at_once) = (
        over_http_in_csharp("alone", CALLS),
        over_http_in_csharp("in-flight", CALLS_AT_ONCE),
    );
    // The runtime compiles what runs often once more.
    for command in [&in_csharp, &alone, &at_once] {
        program.ask(command)?;
    }
    for _ in 0..rounds {
        let rust = processor_time(&over_http, &started).await?;
        measured.alone.push(rust, program.ask(&alone)?);
        let rust = in_flight(&over_http, &started).await?;
        measured.at_once.push(rust, program.ask(&at_once)?);
        let rust = processor_time(&from_memory, &run()).await?;
        measured.from_memory.push(rust, program.ask(&in_csharp)?);
        measured.ready.push(start()?.ready);
    }
    measured.add_to(report, fs::metadata(&files.library)?.len());
    Ok(())
}

#[derive(Default)]
struct Measured {
    /// Processor time of a call, one after the other.
    alone: Pair,
    /// Calls a second.
    at_once: Pair,
    /// Processor time of a call that the program answers, which in C# takes an event and an answer.
    from_memory: Pair,
    /// Milliseconds.
    ready: Samples,
}

/// The same in both languages.
#[derive(Default)]
struct Pair {
    rust: Samples,
    csharp: Samples,
}

impl Pair {
    fn push(&mut self, rust: f64, csharp: f64) {
        self.rust.push(rust);
        self.csharp.push(csharp);
    }

    /// What C# takes more, round by round.
    fn more(&self) -> Samples {
        self.csharp.less(&self.rust)
    }
}

impl Measured {
    fn add_to(&self, report: &mut Report, library: u64) {
        let mut section = report.section("status from C# on CoreCLR, and from Rust");
        section.add("processor time: Rust", "µs", &self.alone.rust);
        section.add("processor time: C#", "µs", &self.alone.csharp);
        section.add_with("C# - Rust", "µs", &self.alone.more(), Target::AtMost(40.0));
        section.add("64 in flight: Rust", "/s", &self.at_once.rust);
        section.add("64 in flight: C#", "/s", &self.at_once.csharp);
        let ratio = self.at_once.csharp.in_units_of(&self.at_once.rust);
        section.add_with("C# / Rust", "×", &ratio, Target::AtLeast(0.8));
        section.add(
            "answered by the program: Rust",
            "µs",
            &self.from_memory.rust,
        );
        section.add(
            "answered by the program: C#",
            "µs",
            &self.from_memory.csharp,
        );
        section.add("C# - Rust", "µs", &self.from_memory.more());
        section.add_with(
            "loaded and ready, from the cache",
            "ms",
            &self.ready,
            Target::AtMost(50.0),
        );
        let mut size = Samples::new();
        size.push(library as f64 / f64::from(1 << 20));
        section.add_with("the library", "MiB", &size, Target::AtMost(20.0));
    }
}

/// Microseconds of processor time for a call.
async fn processor_time(job_type: &JobType, run: &Run) -> Result<f64> {
    let (job_type, run) = (job_type.clone(), run.clone());
    let began = ProcessTime::now();
    tokio::spawn(async move {
        for _ in 0..CALLS {
            answered(job_type.status(&run).await)?;
        }
        anyhow::Ok(())
    })
    .await??;
    Ok(microseconds_each(began.elapsed(), CALLS))
}

/// Calls a second.
async fn in_flight(job_type: &JobType, run: &Run) -> Result<f64> {
    let left = Arc::new(AtomicI64::new(i64::from(CALLS_AT_ONCE)));
    let began = Instant::now();
    let workers = (0..IN_FLIGHT).map(|_| {
        let (job_type, run, left) = (job_type.clone(), run.clone(), Arc::clone(&left));
        async move {
            tokio::spawn(async move {
                while left.fetch_sub(1, Ordering::Relaxed) > 0 {
                    answered(job_type.status(&run).await)?;
                }
                anyhow::Ok(())
            })
            .await?
        }
    });
    try_join_all(workers).await?;
    Ok(f64::from(CALLS_AT_ONCE) / began.elapsed().as_secs_f64())
}

/// The compiled program in C#, with a folder for compiled plugins.
struct Build {
    program: PathBuf,
    cache: PathBuf,
}

/// The program in C#, which reads one command a line and answers with one.
struct Program {
    child: Child,
    commands: ChildStdin,
    answers: Lines,
    /// Milliseconds from its start to a plugin that is loaded from the cache.
    ready: f64,
}

impl Build {
    fn new(files: &Files<'_>, mono: &Mono) -> Result<Self> {
        let folder = files.output.join("csharp");
        fs::create_dir_all(&folder)?;
        let named = folder.join("libpolysync_host.so");
        fs::copy(&files.library, named).context("cannot copy the library")?;
        let library = folder.join("Polysync.JobTypes.dll");
        let sources = &files.sources;
        compile(
            mono,
            &sources.join("Polysync.JobTypes"),
            &library,
            &["-target:library"],
        )?;
        let program = folder.join("Bench.exe");
        let reference = format!("-reference:{}", library.display());
        compile(mono, &sources.join("bench"), &program, &[&reference])?;
        fs::write(program.with_extension("runtimeconfig.json"), RUNTIME_CONFIG)?;
        let cache = std::path::absolute(folder.join("cache"))?;
        Ok(Self { program, cache })
    }

    fn start(&self, core: &CoreClr, component: &Path) -> Result<Program> {
        let folder = self.program.parent().context("it is in no folder")?;
        let mut child = core
            .runtime()
            .arg(&self.program)
            .arg(component)
            .arg(&self.cache)
            .env("LD_LIBRARY_PATH", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let commands = child.stdin.take().context("it has no standard input")?;
        let answers = Lines::new(child.stdout.take().context("it has no standard output")?);
        let mut program = Program {
            child,
            commands,
            answers,
            ready: 0.0,
        };
        program.ready = program.answer()?;
        Ok(program)
    }
}

impl Program {
    fn ask(&mut self, command: &str) -> Result<f64> {
        writeln!(self.commands, "{command}").context("the program in C# has ended")?;
        self.answer()
    }

    fn answer(&self) -> Result<f64> {
        let answer = self.answers.next(LIMIT)?;
        let answer = answer.context("the program in C# has ended: its reason is above")?;
        Ok(answer.parse()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails only where it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn compile(mono: &Mono, sources: &Path, output: &Path, more: &[&str]) -> Result<()> {
    let mut compiler: Command = mono.compiler();
    compiler
        .args(["-langversion:7", "-optimize+"])
        .args(more)
        .arg(format!("-out:{}", output.display()));
    for entry in fs::read_dir(sources)? {
        let file = entry?.path();
        if file.extension().is_some_and(|it| it == "cs") {
            compiler.arg(file);
        }
    }
    let done = process::output(&mut compiler, LIMIT)?;
    ensure!(
        done.status.success(),
        "C# doesn't compile: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}
