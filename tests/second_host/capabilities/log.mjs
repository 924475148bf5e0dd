// The capability `log`.

export function write(level, message) {
  console.error(`${level}: ${message}`);
}
