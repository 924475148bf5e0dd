//! The library for .NET as a developer gets it: packed by the .NET SDK, and used by the README's program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use dotnet_environment::{Sdk, or_skip};

use crate::stage::{Stage, files, sources};

/// A developer's folders, and the SDK.
struct Developer {
    stage: Stage,
    sdk: Sdk,
}

impl Developer {
    /// A command of the SDK.
    fn dotnet(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = self.sdk.command(self.stage.folder(), &self.packages())?;
        command.args(arguments);
        Ok(command)
    }

    /// A folder of packages, in place of a registry.
    fn packages(&self) -> PathBuf {
        self.stage.folder().join("packages")
    }

    /// Packs the library, with the native one where the README says, and lists what is in the package.
    fn pack(&self) -> Result<String> {
        let home = self.stage.folder();
        let project = home.join("dotnet/Polysync.JobTypes");
        let native = home.join("dotnet/native/linux-x64");
        fs::create_dir_all(&project)?;
        fs::create_dir_all(&native)?;
        let source = sources().join("dotnet");
        fs::copy(source.join("README.md"), home.join("dotnet/README.md"))?;
        for extension in ["cs", "csproj"] {
            for file in files(&source.join("Polysync.JobTypes"), extension)? {
                let name = file.file_name().context("a file has a name")?;
                fs::copy(&file, project.join(name))?;
            }
        }
        // Line tables are most of a library that was built for tests.
        let mut strip = Command::new("strip");
        strip
            .arg("--strip-debug")
            .arg(self.stage.library())
            .arg("-o");
        self.stage
            .run(strip.arg(native.join("libpolysync_host.so")))?;
        let mut pack = self.dotnet(&["pack", "--configuration", "Release"])?;
        pack.arg(project)
            // The SDK has neither .NET Standard 2.0 nor .NET 8 without a registry.
            .arg("-p:TargetFrameworks=netstandard2.1")
            .arg("-p:DefineConstants=NETSTANDARD2_1_OR_GREATER")
            .arg("--output")
            .arg(self.packages());
        self.stage.run_with_its_libraries(&mut pack)?;
        let package = files(&self.packages(), "nupkg")?
            .pop()
            .context("no package")?;
        let mut list = Command::new("python3");
        self.stage
            .run(list.args(["-m", "zipfile", "--list"]).arg(package))
    }
}

/// The first program of the README, with this platform and this plugin.
fn readme_program(url: &str, plugin: &Path) -> Result<String> {
    let readme = fs::read_to_string(sources().join("dotnet/README.md"))?;
    let (_, program) = readme.split_once("```csharp\n").context("no program")?;
    let (program, _) = program.split_once("```\n").context("no end")?;
    let plugin = plugin.display().to_string();
    let (here, there) = (
        "http://127.0.0.1:4587",
        "../target/component/sagemaker-pipeline.wasm",
    );
    ensure!(
        program.contains(here) && program.contains(there),
        "{program}"
    );
    Ok(program.replace(here, url).replace(there, &plugin))
}

#[test]
fn the_readmes_program_follows_a_run_with_the_package_that_the_sdk_packs() -> Result<()> {
    let found = Sdk::find(env!("CARGO_TARGET_TMPDIR").as_ref());
    let Some(sdk) = or_skip(found, "the package for .NET")? else {
        return Ok(());
    };
    let stage = Stage::new()?;
    let developer = Developer { stage, sdk };
    let packed = developer.pack()?;
    for file in [
        "lib/netstandard2.1/Polysync.JobTypes.dll",
        "lib/netstandard2.1/Polysync.JobTypes.xml",
        "runtimes/linux-x64/native/libpolysync_host.so",
        "README.md",
    ] {
        let mut names = packed
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        ensure!(
            names.any(|name| name == file),
            "{file} is not in the package:\n{packed}"
        );
    }
    let stage = &developer.stage;
    let run = |arguments: &[&str]| stage.run_with_its_libraries(&mut developer.dotnet(arguments)?);
    run(&["new", "console", "--output", "first"])?;
    run(&["add", "first", "package", "Polysync.JobTypes"])?;
    let program = readme_program(&stage.url(), test_components::sagemaker_pipeline())?;
    fs::write(stage.folder().join("first/Program.cs"), program)?;
    let printed = run(&["run", "--project", "first"])?;
    for line in [
        "Running (Executing)",
        "Failed (Failed)",
        "TrainModel failed: ClientError",
        "main.py",
    ] {
        ensure!(printed.contains(line), "{printed}");
    }
    Ok(())
}
