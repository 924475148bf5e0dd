// The capability `clock`. All times are milliseconds since 1970.

const CALL_MILLISECONDS = 120_000n;
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
let calledAt = now();

// For the host: a call begins.
export function begin() {
  calledAt = now();
}

export function now() {
  return BigInt(Date.now());
}

export function deadline() {
  return calledAt + CALL_MILLISECONDS;
}

export function jitter(most) {
  return BigInt(Math.floor(Math.random() * (Number(most) + 1)));
}

export function sleep(milliseconds) {
  Atomics.wait(nobodyWakes, 0, 0, Number(milliseconds));
}
