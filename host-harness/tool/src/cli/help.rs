//! The longer texts of `--help`, below the options.

/// The most columns of a line of `--help`.
pub(crate) const WIDTH: usize = 100;

/// The exit codes. A test compares the list with [`Exit`](crate::exit::Exit).
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  Done; for `run` and `follow`: the run succeeded
  1  An error; `run` or `follow` ended without knowing the outcome; or `status` couldn't read the
     status of a run
  2  The command line is wrong, or what the plugin asks for isn't granted
  3  `run`, `follow`: the run failed
  4  `run`, `follow`: the run was cancelled
  5  `run`, `follow`: the run is over in a state that the plugin doesn't know";

const JSON: &str = "\
JSON output:
  With --json each command writes one JSON document to stdout. Times are RFC 3339 in UTC, names are
  camelCase, and what isn't known is null. An error is the document {\"error\": {\"class\", \"code\",
  \"message\", \"hint\", \"retryable\", \"requestId\", \"details\", \"findings\"}, \"plugin\"}; stderr has the
  same error in words. The error of an uncertain start has in `candidates` the ids of the runs that
  it may have begun. `plugin` is the plugin that was called: {\"id\", \"version\", \"contract\",
  \"sha256\", \"generation\"}; `status` has it too. `class` is the plugin's, or `plugin` for a plugin
  that broke, or `tool` for an error of the tool itself. A need has `capability`, `value` and, if
  nobody can accept it, the reason in `refused`. A `discover` that breaks off writes what it found,
  with `nextCursor` and `error`. `status` of several runs, or of those on stdin, however many, is
  {\"runs\": []}: each has the members of the document for one run, or `externalId`, `runId` and
  `error`. `run`, `follow`, `logs` and `serve` write one JSON object a line instead; see their
  --help.";

/// The JSON of `logs`.
pub(crate) const LOGS: &str = "\
JSON output:
  With --json each line of a log is one JSON object a line: `step`, `time`, `source`, `message`. An
  error is the last one, with `event` and the members of the event `error` of `run`.

Exit codes:
  0  All that was asked for is printed
  1  A log can't be read
  2  The command line is wrong, or what the plugin asks for isn't granted";

/// The events of `run`, `follow` and `serve`. A test compares the list with the events' names.
pub(crate) const EVENTS: &str = "\
JSON events:
  With --json each event is one JSON object a line, with `event` and the time `at`.

  Events of a run. All have `guid`, `externalId`, `runId`, `jobType`, `origin`, `acceptedAt`,
  `startedBy` and `answeredBy`:
    accepted       `serve` has taken a job
    finding        a warning about the job: `severity`, `code`, `field`, `message`
    following      `follow` has begun: `monitorUrl`; `guid` is null in all its events
    starting       `run` is about to ask the platform for the run
    started        the platform has the run: `monitorUrl`, `details`
    status         the run is in another state: the members of the document of `status`
    step           a step is new or has changed: the members of a step in the document of `steps`
    error          a call failed: `doing`, `error`, `plugin`, and `retryInSeconds` to the next try
    cancel-wanted  somebody wants the run cancelled
    cancelling     the platform was asked to stop the run: `outcome`, `message`
    retry-wanted   somebody wants a run that was over retried
    adopted        somebody has said which run it is, after an uncertain start
    retried        the platform runs again what failed: `details`
    finished       the run is over: `exitCode`, `reason`, the members of `status`, and in `logs` the
                   last lines of the failed steps' logs: `step`, `lines`, `error`
    left           the user has left the run to itself: `exitCode`

  Events of `serve`: `serving` and `served`, both with the number of runs in each state and, in
  `plugins`, the plugins that serve (`plugin` is null where there are several); `stopping`;
  `not-taken`; of the ledger `put-aside`, `pruned` and `left-alone`: so many `runs` of a
  `jobType` wait for its plugin; of a plugin `swapped`, `swap-unchanged`, `swap-refused`,
  `rollback-refused` and `drained`. `swapped` and `swap-refused` have in `missing` the needs that
  aren't granted.

  The last event has `exitCode`; where the tool can't go on, it is an `error`.";

/// What a job file looks like.
pub(crate) const JOB: &str = "\
Job file:
  {
    \"jobType\": \"ID\",
    \"externalId\": \"my-job\",
    \"attributes\": { \"KEY\": \"VALUE\" },
    \"parameters\": [ { \"name\": \"NAME\", \"direction\": \"Input\", \"value\": 0.50 } ]
  }
  All members are optional. `jobType` is the id that `describe` shows: a plugin with another id
  refuses the job, and `serve` with several plugins needs it. `direction` is `Input` (the default),
  `Output` or `Input&Output`; the contract's `input`, `output` and `input-output` are read too. A
  value is a string, a number (sent as it is written), a boolean or null. A parameter without a
  value, or with null, isn't sent: the platform's default applies. Options override the file.";

const SERVE_INTRODUCTION: &str = "\
Jobs and orders:
  --jobs DIR   Each file NAME.json in it is a job, run once; NAME.cancel beside it cancels the run.
               A file NAME.order has orders, a line each, and is removed when it is read.
  else stdin   A line is a job file in one line, or an order.
  Orders       cancel GUID, cancel all   asks the platform to stop a run, or all that are not over
               retry GUID                runs again what failed in a run that is over
               adopt GUID RUN-ID         follows RUN-ID as the run that an uncertain start began
               rollback                  brings the previous plugin back, also after a restart
               swap                      swaps the plugin's file in, even if it was rolled back
                                         from

Several job types:
  With --component for each, a job names its job type in `jobType`, and so do `rollback ID` and
  `swap ID`. Region, profile, endpoint and grants given as options are the same for all plugins.";

const SERVE_EXIT_CODES: &str = "\
Exit codes:
  0  Ended by a signal; with --until-done: all runs that ended meanwhile succeeded
  1  An error
  2  The command line is wrong, or what the plugin asks for isn't granted
  3  --until-done: a run failed or was refused
  4  --until-done: a run was cancelled, none failed
  5  --until-done: a run is over in a state that isn't known, or whether it was started isn't
     known, and none failed";

/// Below the options of the tool itself.
pub(crate) fn main() -> String {
    format!("{JSON}\n\n{EXIT_CODES}")
}

/// Below the options of `run`.
pub(crate) fn run() -> String {
    format!("{JOB}\n\n{EVENTS}\n\n{EXIT_CODES}")
}

/// Below the options of `follow`.
pub(crate) fn follow() -> String {
    format!("{EVENTS}\n\n{EXIT_CODES}")
}

/// Below the options of `serve`.
pub(crate) fn serve_short() -> String {
    format!("{SERVE_INTRODUCTION}\n\n{SERVE_EXIT_CODES}")
}

/// The same with the JSON events.
pub(crate) fn serve() -> String {
    format!("{SERVE_INTRODUCTION}\n\n{EVENTS}\n\n{SERVE_EXIT_CODES}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn no_line_is_wider_than_the_help() {
        let texts = [
            JSON,
            EXIT_CODES,
            LOGS,
            EVENTS,
            JOB,
            SERVE_INTRODUCTION,
            SERVE_EXIT_CODES,
        ];
        for line in texts.iter().flat_map(|text| text.lines()) {
            assert!(line.len() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn the_help_lists_every_exit_code() {
        for exit in [
            Exit::Success,
            Exit::Error,
            Exit::Usage,
            Exit::Failed,
            Exit::Cancelled,
            Exit::Unknown,
        ] {
            for help in [EXIT_CODES, SERVE_EXIT_CODES] {
                assert!(help.contains(&format!("\n  {}  ", exit.code())), "{exit:?}");
            }
        }
    }
}
