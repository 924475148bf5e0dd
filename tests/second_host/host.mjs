// Starts, follows and cancels runs, by the WIT alone. Prints each answer as a line of JSON.
//
//   node host.mjs REGION ENDPOINT cancel EXTERNAL-ID GUID   starts a run, cancels it, and follows it
//   node host.mjs REGION ENDPOINT follow RUN-ID...          follows runs, and reads their steps' logs

import { argv } from "node:process";
import { begin, now, sleep } from "./capabilities/clock.mjs";
import { grant } from "./capabilities/grants.mjs";
import { jobType } from "./plugin/plugin.js";

// The runs of a test are short.
const LONGEST_WAIT_MILLISECONDS = 200n;

const [region, endpoint, command, ...rest] = argv.slice(2);
const connection = { region, endpoint, attributes: [] };
const { id, features } = describe();

function print(step, answer) {
  const plain = (_, value) => (typeof value === "bigint" ? Number(value) : value);
  console.log(JSON.stringify({ step, ...answer }, plain));
  return answer;
}

// The arguments of every call but `describe` begin with the connection.
function call(name, ...args) {
  begin();
  return jobType[name](connection, ...args);
}

// What the plugin throws is an error of the contract; anything else is a fault of it or of this host.
function attempt(name, ...args) {
  try {
    return call(name, ...args);
  } catch (error) {
    print(name, { error: error.payload ?? String(error) });
    process.exit(1);
  }
}

function describe() {
  begin();
  return jobType.describe();
}

// Polls until all runs are finished: those that are not are asked for together. Returns the runs that
// there are.
function follow(runs) {
  const unknown = new Set();
  let open = runs;
  while (open.length > 0) {
    const results = attempt("statuses", open);
    open = open.filter((run, index) => isOpen(run, results[index], unknown));
    if (open.length > 0) {
      sleep(wait(results));
    }
  }
  return runs.filter(({ runId }) => !unknown.has(runId));
}

function isOpen({ runId }, { tag, val }, unknown) {
  if (tag === "err") {
    print("status", { runId, error: val });
    if (!val.retryable) {
      unknown.add(runId);
    }
    return val.retryable;
  }
  print("status", { runId, state: val.state, finished: val.finished });
  return !val.finished;
}

// Until the earliest time that an open run names.
function wait(results) {
  const times = results.map(({ val }) => val.pollAfter).filter((time) => time !== undefined);
  const next = times.reduce((least, time) => (time < least ? time : least), now() + LONGEST_WAIT_MILLISECONDS);
  return next > now() ? next - now() : LONGEST_WAIT_MILLISECONDS;
}

function* stepsOf(run) {
  let cursor;
  do {
    const page = attempt("steps", run, cursor);
    yield* page.steps;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function printLog(run, { name }) {
  let position = { tag: "oldest" };
  for (let more = true; more; ) {
    const page = attempt("logs", run, name, position);
    for (const { source, message } of page.lines) {
      print("log", { name, source, message });
    }
    position = { tag: "after", val: page.cursor };
    more = page.more;
  }
}

function cancel(externalId, guid) {
  const job = { externalId, attributes: [], parameters: [] };
  print("validate", { findings: attempt("validate", job, undefined) });
  const { runId } = print("start", attempt("start", job, guid));
  const run = { externalId, runId };
  print("status", attempt("status", run));
  print("cancel", attempt("cancel", run, guid));
  follow([run]);
}

// By the run ids alone: nobody need know the jobs.
function followAll(runIds) {
  for (const run of follow(runIds.map((runId) => ({ runId })))) {
    print("monitorUrl", { url: attempt("monitorUrl", run) });
    for (const step of stepsOf(run)) {
      print("step", { name: step.name, state: step.state, hasLog: step.hasLog });
      if (features.includes("logs") && step.hasLog) {
        printLog(run, step);
      }
    }
  }
}

print("describe", { id });
const needs = call("needs");
print("needs", { needs });
grant(needs);
if (command === "cancel") {
  cancel(...rest);
} else {
  followAll(rest);
}
