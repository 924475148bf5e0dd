//! What the demo shows: commands of the tool, in order.

/// One command of the tool and what it shows.
pub(crate) struct Scene {
    /// A sentence for a reader who sees this for the first time.
    pub(crate) story: &'static str,
    /// The tool's arguments. [`STARTED_RUN`] stands for the run that the latest scene with
    /// `starts_run` has started, and [`EARLIER_RUN`] for the one before.
    pub(crate) command: &'static [&'static str],
    /// The tool's exit code.
    pub(crate) exit: i32,
    /// Text that the standard output contains.
    pub(crate) shows: &'static str,
    /// Whether the standard output contains the id of a run that later scenes use.
    pub(crate) starts_run: bool,
    /// The line of the summary.
    pub(crate) summary: &'static str,
}

impl Scene {
    /// Whether the command ended with the right code and showed the right text.
    pub(crate) fn is_fulfilled(&self, exit: i32, output: &str) -> bool {
        exit == self.exit && output.contains(self.shows)
    }
}

/// In a scene's command: the run that an earlier scene has started.
pub(crate) const STARTED_RUN: &str = "{RUN}";

/// In a scene's command: the run before that one.
pub(crate) const EARLIER_RUN: &str = "{EARLIER RUN}";

/// In a scene's command: the component of the second job type.
pub(crate) const GLUE_JOB: &str = "{GLUE JOB}";

/// The operator's grants.
const GRANT: &str = "--grant-service";
const SERVICE: &str = "sagemaker";
const LOGS: &str = "logs";
const GLUE: &str = "glue";

/// The name of the run that is cancelled: an orchestrator names each run before it starts the run.
const GUID: &str = "5f0c1a52-7f7e-4b0e-9a39-1c2f7a6d9e10";

/// A pipeline that waits for a callback that never comes, so its runs last until they are cancelled.
const WAITING: &str = "callback-then-lambda";
const WAITING_INPUT: &str = "InputDataUrl=s3://example-data/input";

/// The demo.
pub(crate) const SCENES: &[Scene] = &[
    Scene {
        story: "The component says what it is, which values its jobs take, and what it needs. Nothing of that is \
                granted because it asks.",
        command: &["describe"],
        exit: 0,
        shows: "SageMaker Pipeline",
        starts_run: false,
        summary: "the component described itself, and what it asks for",
    },
    Scene {
        story: "The operator lets it sign for SageMaker; the endpoint is granted because the operator gave it. Do \
                the endpoint, the credentials and the permissions work?",
        command: &["test-connection", GRANT, SERVICE],
        exit: 0,
        shows: "its pipelines can be listed",
        starts_run: false,
        summary: "the connection was tested",
    },
    Scene {
        story: "Which pipelines are there, and which parameters do they take?",
        command: &["discover", GRANT, SERVICE],
        exit: 0,
        shows: "abalone-training",
        starts_run: false,
        summary: "the pipelines were found, with their parameters",
    },
    Scene {
        story: "A run, from its start to its end.",
        command: &[
            "run",
            GRANT,
            SERVICE,
            "--external-id",
            "nightly-scoring",
            "--parameter",
            "ScoringDate=2026-11-22",
            "--poll-interval",
            "1s",
        ],
        exit: 0,
        shows: "The run succeeded",
        starts_run: false,
        summary: "a run was started and followed to its success",
    },
    Scene {
        story: "A run that fails: the tool names the step to blame, its reason, and the last lines of its log, for \
                which the operator lets it sign for CloudWatch Logs too. The exit code says that it failed.",
        command: &[
            "run",
            GRANT,
            SERVICE,
            GRANT,
            LOGS,
            "--external-id",
            "churn-training-fails",
            "--poll-interval",
            "1s",
        ],
        exit: 3,
        shows: "Out of memory",
        starts_run: true,
        summary: "a run failed, and the step to blame was named with its reason",
    },
    Scene {
        story: "What the failed step wrote, from its first line to its last: the run's id is enough.",
        command: &["logs", GRANT, SERVICE, GRANT, LOGS, STARTED_RUN],
        exit: 0,
        shows: "Traceback",
        starts_run: false,
        summary: "the cause of the failure was read in the step's log",
    },
    Scene {
        story: "A run that nobody follows. Its GUID is given, as an orchestrator does.",
        command: &[
            "start",
            GRANT,
            SERVICE,
            "--external-id",
            WAITING,
            "--parameter",
            WAITING_INPUT,
            "--guid",
            GUID,
        ],
        exit: 0,
        shows: "arn:aws:sagemaker:",
        starts_run: true,
        summary: "a run was started that nobody followed",
    },
    Scene {
        story: "How both runs are, the one that failed and the one that goes on, in one call.",
        command: &["status", GRANT, SERVICE, EARLIER_RUN, STARTED_RUN],
        exit: 0,
        shows: "running (Executing)",
        starts_run: false,
        summary: "the states of two runs were asked for together",
    },
    Scene {
        story: "The page on which a person follows the run. (The emulator's runs are not there.)",
        command: &["monitor-url", STARTED_RUN, "--external-id", WAITING],
        exit: 0,
        shows: "https://eu-central-1.console.aws.amazon.com/sagemaker/home",
        starts_run: false,
        summary: "the run's page in the AWS console was named",
    },
    Scene {
        story: "The platform is asked to stop the run. Its callback step takes a while to stop.",
        command: &[
            "cancel",
            GRANT,
            SERVICE,
            STARTED_RUN,
            "--external-id",
            WAITING,
        ],
        exit: 0,
        shows: "requested",
        starts_run: false,
        summary: "the platform was asked to stop the run",
    },
    Scene {
        story: "As after a crash: the same GUID names the same run, so no second run starts. \
                The tool follows the run to its end.",
        command: &[
            "run",
            GRANT,
            SERVICE,
            "--external-id",
            WAITING,
            "--parameter",
            WAITING_INPUT,
            "--guid",
            GUID,
            "--poll-interval",
            "1s",
        ],
        exit: 4,
        shows: "The run was cancelled",
        starts_run: false,
        summary: "the run was found again by its GUID and followed to its cancelled end",
    },
    Scene {
        story: "Another platform, in the same host: the component of the AWS Glue Job job type. A run of Glue is its \
                only step, and the end of its log says why this one failed.",
        command: &[
            "run",
            "--component",
            GLUE_JOB,
            GRANT,
            GLUE,
            GRANT,
            LOGS,
            "--external-id",
            "returns-load-fails",
            "--parameter",
            "day=2026-11-22",
            "--poll-interval",
            "1s",
        ],
        exit: 3,
        shows: "KeyError",
        starts_run: false,
        summary: "a run of an AWS Glue job failed, and the end of its log said why",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scene_has_a_text_to_look_for() {
        for scene in SCENES {
            assert!(!scene.shows.is_empty(), "{:?}", scene.command);
        }
    }

    #[test]
    fn a_run_is_started_before_a_scene_uses_it() {
        let started = SCENES.iter().position(|scene| scene.starts_run).unwrap();
        let used = |run| {
            let scenes = SCENES.iter();
            let mut uses = scenes.map(|scene: &Scene| scene.command.contains(&run));
            uses.position(|uses| uses).unwrap()
        };
        assert!(started < used(STARTED_RUN));
        let before = SCENES.iter().take(used(EARLIER_RUN));
        assert!(before.filter(|scene| scene.starts_run).count() >= 2);
    }

    #[test]
    fn a_scene_needs_both_its_exit_code_and_its_text() {
        let scene = &SCENES[0];
        assert!(scene.is_fulfilled(scene.exit, scene.shows));
        assert!(!scene.is_fulfilled(scene.exit + 1, scene.shows));
        assert!(!scene.is_fulfilled(scene.exit, "something else"));
    }
}
