// Starts a run, polls it, cancels it, and polls it until it is finished. Prints each answer as JSON.
//
//   node host.mjs REGION ENDPOINT EXTERNAL-ID GUID

import { argv } from "node:process";
import { begin, sleep } from "./capabilities/clock.mjs";
import { jobType } from "./plugin/plugin.js";

const [region, endpoint, externalId, guid] = argv.slice(2);
const connection = { region, endpoint, attributes: [] };
const job = { externalId, attributes: [], parameters: [] };

function print(step, answer) {
  const plain = (_, value) => (typeof value === "bigint" ? Number(value) : value);
  console.log(JSON.stringify({ step, ...answer }, plain));
  return answer;
}

function call(name, ...args) {
  begin();
  try {
    return print(name, jobType[name](connection, ...args));
  } catch (error) {
    print(name, { error: error.payload ?? String(error) });
    process.exit(1);
  }
}

begin();
print("describe", { id: jobType.describe().id });
const { runId } = call("start", job, guid);
const run = { externalId, runId };
call("status", run);
call("cancel", run, guid);
while (!call("status", run).finished) {
  sleep(100n);
}
