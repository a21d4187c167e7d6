/** The rows of whole processes: `run` from the command line, beside `deno run` of an empty file. */
import type { Row } from "./measure.ts";

const ROUNDS = 41;
const main = new URL("../../main.ts", import.meta.url).pathname;

/** Rows of cold starts. */
export async function startRows(): Promise<Row[]> {
  const directory = Deno.makeTempDirSync();
  try {
    const empty = `${directory}/empty.ts`;
    Deno.writeTextFileSync(empty, "");
    const app = new URL("../../examples/calculator/app.yaml", import.meta.url).pathname;
    const words = [main, "run", app, "demo:add", "20", "22"];
    const exact = `--allow-read=${new URL("../../examples/calculator", import.meta.url).pathname}`;
    return [
      await row("`run` of a 21 KB component, process already exact (inline)", 2.5, [exact, ...words], empty),
      await row("`run` of a 21 KB component, all three walls", 5, ["-A", ...words], empty),
    ];
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

async function row(what: string, promise: number, ours: string[], empty: string): Promise<Row> {
  const times: [number, number][] = [];
  for (let i = 0; i < ROUNDS + 1; i++) {
    const pair: [number, number] = [await start(ours), await start([empty])];
    if (i > 0) times.push(pair);
  }
  const ratios = times.map(([a, b]) => a / b).sort((a, b) => a - b);
  return {
    what,
    floor: "`deno run` of an empty file",
    ns: Math.min(...times.map(([a]) => a)),
    floorNs: Math.min(...times.map(([, b]) => b)),
    ratio: ratios[ratios.length >> 1]!,
    promise,
  };
}

async function start(args: readonly string[]): Promise<number> {
  const from = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...args],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`deno run ${args.join(" ")} failed`);
  return (performance.now() - from) * 1e6;
}
