//! A host that stores compiled plugins in the user's cache directory.
//!
//! `directories` was considered for the path: it ignores `XDG_CACHE_HOME` on macOS, where users of
//! command-line tools set it too.

use std::path::PathBuf;

use anyhow::Context;
use polysync_host::{Host, HostError, Limits};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;
use crate::output::note;
use crate::render::event::warning;

/// A host that stores what it compiles, unless that is switched off or isn't possible.
pub(crate) fn with_cache(limits: Limits, global: &GlobalArgs) -> Result<Host, Failure> {
    let directory = match (&global.cache, global.no_cache) {
        (_, true) => None,
        (Some(given), _) => Some(std::path::absolute(given).context("cannot use --cache")?),
        (None, _) => user_cache(),
    };
    let Some(directory) = directory else {
        return Ok(Host::new(limits).map_err(anyhow::Error::new)?);
    };
    match Host::with_cache(limits.clone(), &directory) {
        Err(error @ HostError::Cache { .. }) => {
            note(&warning(format_args!(
                "{error}; the plugin is compiled each time it is used"
            )));
            Ok(Host::new(limits).map_err(anyhow::Error::new)?)
        }
        host => Ok(host.map_err(anyhow::Error::new)?),
    }
}

/// `polysync` in the user's cache directory, if there is one.
fn user_cache() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    variable("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| Some(variable("HOME")?.join(".cache")).filter(|path| path.is_absolute()))
        .map(|path| path.join("polysync"))
}
