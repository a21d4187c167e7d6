/** Timing: a thing and its floor, in turns, in the same process. */

/** One row of the table of promises. */
export interface Row {
  readonly what: string;
  readonly floor: string;
  /** Best time of one operation, in nanoseconds. */
  readonly ns: number;
  /** Best time of the floor's operation, in nanoseconds. */
  readonly floorNs: number;
  /** Median over the rounds of (ours / floor). */
  readonly ratio: number;
  /** The promise: the ratio is at most this. */
  readonly promise: number;
}

const ROUNDS = 9;

/**
 * Times an operation and its floor in alternating rounds.
 *
 * @param ours Runs the operation `n` times.
 * @param base Runs the floor's operation `n` times.
 */
export async function compare(
  what: string,
  floor: string,
  promise: number,
  n: number,
  ours: (n: number) => unknown,
  base: (n: number) => unknown,
): Promise<Row> {
  const time = async (f: (n: number) => unknown) => {
    const from = performance.now();
    const result = f(n);
    if (result instanceof Promise) await result;
    return (performance.now() - from) * 1e6 / n;
  };
  // Warm up both before either is timed.
  for (let i = 0; i < 3; i++) {
    await time(ours);
    await time(base);
  }
  const pairs: [number, number][] = [];
  for (let i = 0; i < ROUNDS; i++) pairs.push([await time(ours), await time(base)]);
  const ratios = pairs.map(([a, b]) => a / b).sort((a, b) => a - b);
  return {
    what,
    floor,
    ns: Math.min(...pairs.map(([a]) => a)),
    floorNs: Math.min(...pairs.map(([, b]) => b)),
    ratio: ratios[ratios.length >> 1]!,
    promise,
  };
}
