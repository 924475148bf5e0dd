// The capability `http`. The component's calls are synchronous and `fetch` is not, so another thread
// fetches while this one sleeps.

import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { isGranted } from "./grants.mjs";

const done = new Int32Array(new SharedArrayBuffer(4));
const { port1: here, port2: there } = new MessageChannel();
const thread = new Worker(new URL("./fetching.mjs", import.meta.url), {
  workerData: { done, port: there },
  transferList: [there],
});
thread.unref();

function isAllowed({ url }) {
  return isGranted("http", new URL(url).origin);
}

function fetchAll(requests) {
  Atomics.store(done, 0, 0);
  here.postMessage(requests);
  Atomics.wait(done, 0, 0);
  return receiveMessageOnPort(here).message;
}

export function sendAll(requests) {
  const answers = fetchAll(requests.filter(isAllowed)).values();
  return requests.map((request) =>
    isAllowed(request) ? answers.next().value : { tag: "err", val: denied(request) },
  );
}

function denied({ url }) {
  return { kind: "denied", message: `${new URL(url).origin} is not granted` };
}

export function send(request) {
  const [result] = sendAll([request]);
  if (result.tag === "err") {
    throw result.val;
  }
  return result.val;
}
