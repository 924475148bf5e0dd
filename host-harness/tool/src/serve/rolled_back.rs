//! Plugins' files that were rolled back from: what the ledger keeps serves in their place.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::anyhow;
use polysync_host::{Digest, Limits};

use super::kept_plugin;
use crate::failure::Failure;
use crate::output::note;
use crate::render::event::warning;
use crate::render::text;
use crate::runs::ledger::open::LedgerFile;
use crate::session::components::{Component, Instead};

/// Asks the ledger about each plugin's file before that is loaded.
pub(crate) fn replace(components: &mut [Component], ledger: &LedgerFile) -> Result<(), Failure> {
    for component in components {
        let Some(file) = digest(&component.path) else {
            continue;
        };
        let Some(found) = ledger.rolled_back(file)? else {
            continue;
        };
        let path = component.path.display();
        let Some(kept) = found.latest else {
            return Err(Failure::Tool(anyhow!(
                "the plugin's file {path} (sha256 {}) was rolled back from, and the ledger keeps no \
                 other plugin of the job type `{}`: replace the file, or give --serve-rolled-back",
                file.short(),
                found.job_type
            )));
        };
        note(&warning(format_args!(
            "the plugin's file {} (sha256 {}) was rolled back from; the plugin that took over serves \
             until the file changes, or --serve-rolled-back is given",
            text::line(&path.to_string()),
            file.short()
        )));
        let source = kept_plugin::source(kept);
        component.instead = Some(Instead { file, source });
    }
    Ok(())
}

/// The SHA-256 of a file that could be a plugin; none if it can't be read, which loading it reports.
fn digest(path: &Path) -> Option<Digest> {
    let limit = u64::try_from(Limits::recommended().component_bytes).ok()?;
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(Digest::compute(&bytes))
}
