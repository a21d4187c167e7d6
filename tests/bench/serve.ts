/** The rows of served requests: `serve`, a fresh instance for each, beside a bare `Deno.serve`. Needs `wrk`. */
import type { Row } from "./measure.ts";
import type { Figure } from "./peers.ts";
import { installed } from "./programs.ts";

const ROUNDS = 5;
const SECONDS = 2;
const main = new URL("../../main.ts", import.meta.url).pathname;
const guest = new URL("../guests/proxy/proxy.wasm", import.meta.url).pathname;

/** Answers as the guest does, and nothing else. */
const BARE = `
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.error("listening on http://127.0.0.1:" + port + "/") },
  () => new Response("hello, world\\n", { headers: { "content-type": "text/plain" } }));
`;

/** Rows of requests per second; none where `wrk` is not installed. */
export async function serveRows(): Promise<Row[]> {
  if (!await installed("wrk")) {
    console.log("skipped: wrk is not installed");
    return [];
  }
  const directory = Deno.makeTempDirSync();
  try {
    const bare = `${directory}/bare.ts`;
    Deno.writeTextFileSync(bare, BARE);
    const floor = await Server.start(Deno.execPath(), ["run", "-A", bare]);
    const rows: Row[] = [];
    for (const isolation of ["inline", "process"]) {
      const ours = await Server.start(Deno.execPath(), [
        "run",
        "-A",
        main,
        "serve",
        guest,
        "--port",
        "0",
        "--isolation",
        isolation,
      ]);
      rows.push(
        await compare(
          `a request served by a fresh instance of a 57 KB component (${isolation})`,
          ours,
          floor,
        ),
      );
      await ours.stop();
    }
    await floor.stop();
    return rows;
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** Requests per second of every host that is here. */
export async function rates(): Promise<Figure[]> {
  if (!await installed("wrk")) return [];
  const serve = (isolation: string) => [
    ...["run", "-A", main, "serve", guest, "--port", "0", "--isolation", isolation],
  ];
  const hosts: [name: string, program: string, args: string[]][] = [
    ["Airlock, inline", Deno.execPath(), serve("inline")],
    ["Airlock, three walls", Deno.execPath(), serve("process")],
  ];
  if (await installed("wasmtime")) {
    // Not every build has the pooling allocator, which it would use otherwise.
    const options = await startsWith(["serve", "-Scli", "--addr", "127.0.0.1:0", guest])
      ? []
      : ["-O", "pooling-allocator=n"];
    hosts.push(["wasmtime", "wasmtime", ["serve", "-Scli", ...options, "--addr", "127.0.0.1:0", guest]]);
  }
  const figures: Figure[] = [];
  for (const [host, program, args] of hosts) {
    const server = await Server.start(program, args);
    await server.request();
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i++) times.push(await server.request());
    await server.stop();
    figures.push({ host, value: 1e9 / times.sort((a, b) => a - b)[ROUNDS >> 1]! });
  }
  return figures;
}

/** Whether a server of wasmtime listens, with these words. */
async function startsWith(args: string[]): Promise<boolean> {
  try {
    await (await Server.start("wasmtime", args)).stop();
    return true;
  } catch {
    return false;
  }
}

async function compare(what: string, ours: Server, base: Server): Promise<Row> {
  await ours.request();
  await base.request();
  const pairs: [number, number][] = [];
  for (let i = 0; i < ROUNDS; i++) pairs.push([await ours.request(), await base.request()]);
  const ratios = pairs.map(([a, b]) => a / b).sort((a, b) => a - b);
  return {
    what,
    floor: "a bare Deno.serve, which answers a constant",
    ns: Math.min(...pairs.map(([a]) => a)),
    floorNs: Math.min(...pairs.map(([, b]) => b)),
    ratio: ratios[ratios.length >> 1]!,
    promise: 80,
  };
}

/** A server in a process of its own. */
class Server {
  readonly #child: Deno.ChildProcess;
  readonly #url: string;

  private constructor(child: Deno.ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
  }

  static async start(program: string, args: string[]): Promise<Server> {
    const child = new Deno.Command(program, { args, stdout: "null", stderr: "piped" }).spawn();
    const decoder = new TextDecoder();
    let text = "";
    const reader = child.stderr.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`${program} ${args.join(" ")} did not listen: ${text}`);
      text += decoder.decode(value, { stream: true });
      const url = /(http:\/\/127\.0\.0\.1:\d+\/)/.exec(text)?.[1];
      if (url === undefined) continue;
      // What it says later is not read, and must not stop it.
      void (async () => {
        while (!(await reader.read()).done);
      })();
      return new Server(child, url);
    }
  }

  /** How long a request takes under load, in nanoseconds: the time of all of them by their number. */
  async request(): Promise<number> {
    const args = ["-c", "64", "-t", "1", "-d", String(SECONDS), `${this.#url}hello`];
    const { stdout } = await new Deno.Command("wrk", { args }).output();
    const text = new TextDecoder().decode(stdout);
    const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
    if (!(rate > 0) || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk found errors: ${text}`);
    return 1e9 / rate;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
  }
}

if (import.meta.main) console.log(await serveRows());
