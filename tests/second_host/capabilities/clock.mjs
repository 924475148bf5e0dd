// The capability `clock`. Times are milliseconds since 1970.

const CALL_LIMIT_MILLISECONDS = 120_000n;
const neverNotified = new Int32Array(new SharedArrayBuffer(4));
let startedAt = now();

// The host calls this when a call begins.
export function begin() {
  startedAt = now();
}

export function now() {
  return BigInt(Date.now());
}

export function deadline() {
  return startedAt + CALL_LIMIT_MILLISECONDS;
}

export function jitter(most) {
  return BigInt(Math.floor(Math.random() * (Number(most) + 1)));
}

export function sleep(milliseconds) {
  Atomics.wait(neverNotified, 0, 0, Number(milliseconds));
}
