//! A sweep over the points at which `serve` is killed while it starts a run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::proxy::{Part, Point, Proxy};
use crate::running::Running;
use crate::support::Stage;

/// An emulator behind a proxy, and a folder with jobs and a ledger.
pub(crate) struct Site {
    pub(crate) stage: Stage,
    pub(crate) proxy: Proxy,
    folder: TempDir,
    /// The tool with the plugin, and what that needs granted.
    tool: fn(&Stage, &[&str]) -> Command,
}

impl Site {
    pub(crate) fn new(stage: Stage, tool: fn(&Stage, &[&str]) -> Command) -> Self {
        let proxy = Proxy::to(&stage.emulator.url());
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("jobs")).unwrap();
        Self {
            stage,
            proxy,
            folder,
            tool,
        }
    }

    /// Writes a file of a job, or of an order.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.jobs().join(name), text).unwrap();
    }

    fn jobs(&self) -> PathBuf {
        self.folder.path().join("jobs")
    }

    pub(crate) fn serve(&self, options: &[&str]) -> Running {
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let (ledger, jobs) = (
            path(&self.folder.path().join("runs.db")),
            path(&self.jobs()),
        );
        let mut arguments = vec!["serve", "--json", "--poll-interval", "50ms", "--ledger"];
        arguments.extend([&ledger, "--jobs", &jobs]);
        arguments.extend(options);
        let mut command = (self.tool)(&self.stage, &arguments);
        command.env("AWS_ENDPOINT_URL", &self.proxy.address);
        Running::new(command)
    }

    /// Serves until all jobs are done.
    pub(crate) fn serve_until_done(&self) -> Running {
        self.serve(&["--until-done"])
    }
}

/// The parts of the sweep, from nothing to everything.
pub(crate) fn parts() -> impl Iterator<Item = Part> {
    let points = std::env::var("POLYSYNC_CRASH_POINTS").map_or(8, |points| points.parse().unwrap());
    (0..=points).map(move |first| Part { first, of: points })
}

/// The points where the rest of the request is lost.
pub(crate) fn before_the_whole_request() -> impl Iterator<Item = Point> {
    parts().map(|part| Point::Request {
        part,
        rest_arrives: false,
    })
}

/// The points where the rest of the request arrives after the crash.
pub(crate) fn while_the_request_is_on_its_way() -> impl Iterator<Item = Point> {
    parts().map(|part| Point::Request {
        part,
        rest_arrives: true,
    })
}

/// The points where the platform has answered.
pub(crate) fn while_the_answer_is_on_its_way() -> impl Iterator<Item = Point> {
    parts().map(Point::Answer)
}
