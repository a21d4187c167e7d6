/**
 * Lengths of time as Go writes them: `500ms`, `1m30s`, `1.5h`, and `0`.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 * @module
 */

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3, // U+00B5, the micro sign
  "μs": 1e-3, // U+03BC, the letter
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A number and a unit. Go takes a decimal point on either side of which digits are missing, but not on both. */
const PART = String.raw`(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)`;

/** What a text must match to be a duration of 0 or more. Nothing at all stands for the standard. */
export const DURATION: RegExp = new RegExp(`^(?:[+-]?0|\\+?(?:${PART})+)?$`);

/** Go counts nanoseconds in 63 bits: about 292 years. */
const MOST_MS = 2 ** 63 / 1e6;

/**
 * A duration in milliseconds, with fractions.
 *
 * @param text The text, or the number 0.
 * @returns `undefined` for no text, for what is no duration, and for what Go could not hold.
 */
export function durationMs(text: string | number | undefined): number | undefined {
  if (text === 0) return 0;
  if (typeof text !== "string" || text === "" || !DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, number = "", unit = ""] of text.matchAll(/([\d.]+)([^\d.]+)/g)) {
    total += Number(number) * (UNITS[unit] ?? NaN);
  }
  return total < MOST_MS ? total : undefined;
}
