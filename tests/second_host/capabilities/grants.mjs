// What the component may use: what `needs` names for the connection, and nothing else.

const granted = new Set();

export function grant(needs) {
  for (const { capability, value } of needs) {
    granted.add(`${capability} ${value}`);
  }
}

export function isGranted(capability, value) {
  return granted.has(`${capability} ${value}`);
}
