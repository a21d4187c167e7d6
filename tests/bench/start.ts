/** The rows of whole processes: `run` from the command line, beside `deno run` of an empty file. */
import type { Row } from "./measure.ts";

const ROUNDS = 11;
const mod = new URL("../../mod.ts", import.meta.url).pathname;

/** Rows of cold starts. */
export async function startRows(): Promise<Row[]> {
  const directory = Deno.makeTempDirSync();
  try {
    const empty = `${directory}/empty.ts`;
    Deno.writeTextFileSync(empty, "");
    const app = new URL("../../examples/calculator/app.yaml", import.meta.url).pathname;
    const ours = [mod, "run", app, "demo:add", "20", "22"];
    const times: [number, number][] = [];
    for (let i = 0; i < ROUNDS + 1; i++) {
      const pair: [number, number] = [await start(ours), await start([empty])];
      if (i > 0) times.push(pair);
    }
    const ratios = times.map(([a, b]) => a / b).sort((a, b) => a - b);
    return [{
      what: "`run` of a 21 KB component (inline)",
      floor: "`deno run` of an empty file",
      ns: Math.min(...times.map(([a]) => a)),
      floorNs: Math.min(...times.map(([, b]) => b)),
      ratio: ratios[ratios.length >> 1]!,
      promise: 2.5,
    }];
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

async function start(args: readonly string[]): Promise<number> {
  const from = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`deno run ${args.join(" ")} failed`);
  return (performance.now() - from) * 1e6;
}
