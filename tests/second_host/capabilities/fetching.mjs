// The thread that fetches. It returns any status, follows no redirects and retries nothing.

import { workerData } from "node:worker_threads";

const MOST_MILLISECONDS = 30_000n;
const { done, port } = workerData;

async function answer({ method, url, headers, body, timeout = MOST_MILLISECONDS }) {
  const milliseconds = timeout < MOST_MILLISECONDS ? timeout : MOST_MILLISECONDS;
  try {
    const response = await fetch(url, {
      method,
      headers: headers.map(({ name, value }) => [name, value]),
      body: body.length > 0 ? body : undefined,
      redirect: "manual",
      signal: AbortSignal.timeout(Number(milliseconds)),
    });
    const val = {
      status: response.status,
      headers: [...response.headers].map(([name, value]) => ({ name, value })),
      body: new Uint8Array(await response.arrayBuffer()),
    };
    return { tag: "ok", val };
  } catch (error) {
    const cause = error.cause ?? error;
    return { tag: "err", val: { kind: kind(error, cause), message: `${url}: ${cause.message}` } };
  }
}

function kind(error, cause) {
  if (error.name === "TimeoutError") {
    return "timeout";
  }
  const connectErrors = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];
  return connectErrors.includes(cause.code) ? "connect" : "protocol";
}

port.on("message", async (requests) => {
  port.postMessage(await Promise.all(requests.map(answer)));
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});
