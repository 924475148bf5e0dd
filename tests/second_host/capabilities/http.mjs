// The capability `http`. The component's calls are synchronous and `fetch` is not, so another thread
// fetches while this one sleeps.

import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";

const done = new Int32Array(new SharedArrayBuffer(4));
const { port1: here, port2: there } = new MessageChannel();
const thread = new Worker(new URL("./fetching.mjs", import.meta.url), {
  workerData: { done, port: there },
  transferList: [there],
});
thread.unref();

export function sendAll(requests) {
  Atomics.store(done, 0, 0);
  here.postMessage(requests);
  Atomics.wait(done, 0, 0);
  return receiveMessageOnPort(here).message;
}

export function send(request) {
  const [result] = sendAll([request]);
  if (result.tag === "err") {
    throw result.val;
  }
  return result.val;
}
