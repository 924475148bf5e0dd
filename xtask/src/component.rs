//! Builds a component from the guest's sources.
//!
//! The core module that cargo builds carries its contract in custom sections, written by
//! `wit-bindgen`. The encoder makes a component from the module and its contract.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;
use wit_component::ComponentEncoder;

use crate::environment;
use crate::foreign_imports;
use crate::route::{DEBIAN_CARGO, DEBIAN_RUSTC, Route, TARGET};
use crate::workspace::{self, Workspace};

/// The guest's package; the component's file has the same name.
pub const GUEST: &str = "sagemaker-pipeline";

/// What the component is made from, below the workspace's root: after a change there it is built
/// again.
const SOURCES: [&str; 6] = [
    ".cargo/config.toml",
    "Cargo.toml",
    "Cargo.lock",
    "kit",
    "src",
    "wit",
];

/// What the component is made from, for a build script to watch.
///
/// Cargo runs a build script every time if it watches a file that doesn't exist, so only existing
/// paths are returned.
pub fn sources(workspace: &Workspace) -> impl Iterator<Item = PathBuf> {
    SOURCES
        .into_iter()
        .map(|source| workspace.root.join(source))
        .filter(|source| source.exists())
}

/// What to build.
pub struct Build<'a> {
    /// The plugin's package.
    pub package: &'a str,
    /// Where the package is, unless it is in this workspace.
    pub folder: Option<&'a Path>,
    /// The version that the guest reports. Without one it reports what the variable
    /// `SAGEMAKER_PIPELINE_VERSION` says, or else the package's version.
    pub version: Option<&'a str>,
}

/// The guest, as it is shipped.
pub const SHIPPED: Build<'static> = Build {
    package: GUEST,
    folder: None,
    version: None,
};

/// Read by the guest when it is compiled.
const VERSION_VARIABLE: &str = "SAGEMAKER_PIPELINE_VERSION";

/// Where `cargo xtask component` puts the guest's component.
pub fn default_path(workspace: &Workspace) -> PathBuf {
    path_of(workspace, GUEST)
}

/// Where `cargo xtask component` puts a package's component.
pub fn path_of(workspace: &Workspace, package: &str) -> PathBuf {
    let file = format!("{package}.wasm");
    workspace.target.join("component").join(file)
}

/// Compiles a plugin, makes a component from it and writes the component to `path`.
///
/// Returns the component's size in bytes.
///
/// # Errors
/// Where the plugin doesn't compile, its module isn't a valid component, or `path` can't be written. Then
/// there is no file at `path`, so that nobody takes an earlier build for this one.
pub fn build(workspace: &Workspace, route: Route, build: &Build<'_>, path: &Path) -> Result<usize> {
    let component = match component(workspace, route, build) {
        Ok(component) => component,
        Err(error) => {
            remove(path).with_context(|| format!("can't remove {}", path.display()))?;
            return Err(error);
        }
    };
    replace(path, &component).with_context(|| format!("can't write {}", path.display()))?;
    Ok(component.len())
}

/// Compiles a plugin and makes a component from it.
fn component(workspace: &Workspace, route: Route, build: &Build<'_>) -> Result<Vec<u8>> {
    let module = compile(workspace, route, build)?;
    let module = fs::read(&module)
        .with_context(|| format!("cargo hasn't built the module {}", module.display()))?;
    encode(&module).with_context(|| format!("can't make a component from {}", build.package))
}

/// The name of the package in a folder.
///
/// # Errors
/// Where cargo can't be started, or the folder has no package.
pub fn package_in(folder: &Path) -> Result<String> {
    /// Of what `cargo metadata` writes, the part that is read.
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        manifest_path: PathBuf,
    }
    let metadata: Metadata = workspace::metadata(folder)?;
    let manifest = folder.join("Cargo.toml").canonicalize();
    let manifest = manifest.with_context(|| format!("{} has no Cargo.toml", folder.display()))?;
    let package = metadata
        .packages
        .into_iter()
        .find(|package| package.manifest_path == manifest);
    let package = package.with_context(|| format!("{} has no package", folder.display()))?;
    Ok(package.name)
}

/// Builds the core module, in a target folder that only this task locks.
fn compile(workspace: &Workspace, route: Route, build: &Build<'_>) -> Result<PathBuf> {
    let target = workspace.target.join(match route {
        Route::Rustup => "guest",
        Route::Debian => "guest-debian",
    });
    let mut cargo = cargo_by(route);
    if let Some(folder) = build.folder {
        // The settings of this workspace, which cargo looks for above its folder.
        let settings = workspace.root.join(".cargo").join("config.toml");
        cargo.current_dir(folder).arg("--config").arg(settings);
    } else {
        cargo.current_dir(&workspace.root);
    }
    cargo
        .args(["build", "--lib", "--release", "--package", build.package])
        .args(["--target", TARGET, "--target-dir"])
        .arg(&target)
        .env("CARGO_BUILD_BUILD_DIR", &target)
        .envs(build.version.map(|version| (VERSION_VARIABLE, version)))
        .stdin(Stdio::null());
    let status = cargo
        .status()
        .with_context(|| format!("can't start {}", cargo.get_program().display()))?;
    let package = build.package;
    ensure!(status.success(), "{package} doesn't compile for {TARGET}");
    let module = format!("{}.wasm", package.replace('-', "_"));
    Ok(target.join(TARGET).join("release").join(module))
}

fn cargo_by(route: Route) -> Command {
    let mut cargo = match route {
        Route::Rustup => Command::new(environment::cargo()),
        Route::Debian => {
            let mut cargo = Command::new(DEBIAN_CARGO);
            environment::without_toolchain(&mut cargo)
                .env("RUSTC", DEBIAN_RUSTC)
                // Building the standard library is an unstable feature of a stable compiler.
                .env("RUSTC_BOOTSTRAP", "1")
                .arg("-Zbuild-std=std,panic_abort");
            cargo
        }
    };
    environment::for_the_guest(&mut cargo);
    cargo
}

fn encode(module: &[u8]) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(ComponentEncoder::encode);
    component.map_err(|error| match foreign_imports::advice(module) {
        Some(advice) => anyhow!(advice),
        None => error.context("its exports don't match the contract in wit/"),
    })
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Writes a file so that a reader finds the old content or the new one, and never half of it.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&new, content)?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_a_module_is_refused() {
        assert!(encode(b"not WebAssembly").is_err());
    }

    #[test]
    fn a_module_with_a_foreign_import_is_refused_by_that_imports_name() {
        let module = wat::parse_str(r#"(module (import "env" "now" (func)))"#).unwrap();
        let error = encode(&module).unwrap_err().to_string();
        assert!(error.starts_with("it imports `env::now`, "), "{error}");
    }

    #[test]
    fn a_build_that_fails_leaves_no_component_of_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guest.wasm");
        fs::write(&path, b"old").unwrap();
        let workspace = Workspace {
            root: folder.path().to_owned(),
            target: folder.path().join("target"),
            build: folder.path().join("target"),
        };
        for _ in 0..2 {
            // There is no package to compile.
            let built = build(&workspace, Route::Rustup, &SHIPPED, &path);
            assert!(built.is_err());
            assert!(!path.exists());
        }
    }

    #[test]
    fn a_build_script_watches_what_exists_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace {
            root: root.path().to_owned(),
            target: root.path().join("target"),
            build: root.path().join("target"),
        };
        fs::create_dir_all(root.path().join(".cargo")).unwrap();
        fs::write(root.path().join(".cargo/config.toml"), "").unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        let watched: Vec<_> = sources(&workspace).collect();
        let expected = [".cargo/config.toml", "src"].map(|source| root.path().join(source));
        assert_eq!(watched, expected);
    }

    #[test]
    fn a_component_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("component").join("guest.wasm");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let files = path.parent().unwrap().read_dir().unwrap();
        assert_eq!(files.count(), 1);
    }
}
