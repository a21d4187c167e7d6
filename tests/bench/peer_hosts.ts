/**
 * The hosts that the same guests run in: what is not installed is left out, and that is said.
 *
 * wasmtime (`wasmtime` on the path; its package for Python where `python3` has it), jco (`jco` on the path) on Node and
 * on Deno, `node:wasi` (`node` on the path; core modules only).
 */
import { Jco } from "./peer_jco.ts";
import { file, installed } from "./programs.ts";

/** What a guest is, and what it may touch beside the clocks and its standard streams. */
export interface Job {
  /** The name of a file in peers/, without `.wasm`. */
  readonly guest: string;
  readonly kind: "component" | "core";
  readonly words: readonly string[];
  /** A directory that it sees as `/data`. */
  readonly data?: string;
  /** The one server that it talks to. */
  readonly server?: { readonly scheme: "tcp" | "http"; readonly address: string };
}

/** A program, or a command line of it, that runs guests. */
export interface Host {
  readonly name: string;
  /** The words of a command line that runs the guest; `undefined` where it runs none of the kind. */
  command(job: Job): string[] | undefined;
}

/** A host with one command line, for a row of its own. */
export interface Program {
  readonly host: string;
  readonly command: readonly string[];
}

const MAIN = file("../../main.ts");
const CALCULATOR = file("../../examples/calculator/calculator.wasm");

/** `node:wasi`, as its documentation runs a program. */
const NODE_WASI = `
const [file, data, ...words] = process.argv.slice(2);
const { WASI } = require("node:wasi");
const wasi = new WASI({ version: "preview1", args: ["peer", ...words], preopens: { "/data": data } });
const { readFile } = require("node:fs/promises");
readFile(file).then((bytes) => WebAssembly.compile(bytes))
  .then((compiled) => WebAssembly.instantiate(compiled, wasi.getImportObject()))
  .then((instance) => wasi.start(instance));
`;

const path = ({ guest }: Job) => file(`peers/${guest}.wasm`);

function airlock(name: string, isolation: string, flags: (job: Job) => string[]): Host {
  return {
    name,
    command: (job) => [
      ...[Deno.execPath(), "run", "--no-prompt", ...flags(job), MAIN, "exec", "--isolation", isolation],
      ...job.data === undefined ? [] : ["--dir", `${job.data}::/data:ro`],
      ...job.server === undefined ? [] : ["--net", `${job.server.scheme}://${job.server.address}`],
      ...[path(job), "--", ...job.words],
    ],
  };
}

function exact({ data, server }: Job): string[] {
  const read = [...data === undefined ? [] : [data], file("peers")];
  return [`--allow-read=${read}`, ...server === undefined ? [] : [`--allow-net=${server.address}`]];
}

const wasmtime: Host = {
  name: "wasmtime",
  command: (job) => [
    ...["wasmtime", "run"],
    ...job.data === undefined ? [] : ["--dir", `${job.data}::/data`],
    ...job.server === undefined
      ? []
      : job.server.scheme === "tcp"
      ? ["-S", "inherit-network"]
      : ["-S", "http"],
    ...[path(job), ...job.words],
  ],
};

/** The hosts that are here, and the programs of the rows that a command line of one guest does not measure. */
export class Hosts {
  readonly all: readonly Host[];
  readonly #jco: Jco | undefined;
  readonly #python: boolean;

  private constructor(all: readonly Host[], jco: Jco | undefined, python: boolean) {
    this.all = all;
    this.#jco = jco;
    this.#python = python;
  }

  /** @param directory For what is made for them. */
  static async find(directory: string): Promise<Hosts> {
    const all: Host[] = [
      airlock("Airlock, inline", "inline", exact),
      airlock("Airlock, three walls", "process", () => ["-A"]),
    ];
    if (await present("wasmtime")) all.push(wasmtime);
    const jco = await present("jco") ? await Jco.transpiled(directory) : undefined;
    if (jco !== undefined) all.push(...jco.hosts);
    if (await present("node")) {
      Deno.writeTextFileSync(`${directory}/wasi.cjs`, NODE_WASI);
      all.push({
        name: "node:wasi",
        command: (job) =>
          job.kind === "component" ? undefined : [
            "node",
            "--no-warnings",
            `${directory}/wasi.cjs`,
            path(job),
            job.data ?? directory,
            ...job.words,
          ],
      });
    }
    const module = ["-c", "import wasmtime.component"];
    const python = await installed("python3") &&
      (await new Deno.Command("python3", { args: module, stdout: "null", stderr: "null" }).output()).success;
    if (!python) console.log("skipped: wasmtime, Python: python3 has no package wasmtime");
    return new Hosts(all, jco, python);
  }

  /** Instances of one component, compiled once, each called once; the last is the floor, its core module alone. */
  get instances(): Program[] {
    const ours = [Deno.execPath(), "run", "-A", file("peers/instances.ts"), CALCULATOR];
    return [
      { host: "Airlock", command: ours },
      ...this.#jco?.programs("instances.mjs") ?? [],
      ...this.#python
        ? [{ host: "wasmtime, Python", command: ["python3", file("peers/instances.py"), CALCULATOR] }]
        : [],
      { host: "its core module alone, Deno", command: [...ours, "alone"] },
    ];
  }

  /** Guests asleep at once in one process. Of wasmtime none: its command line runs one guest in a process. */
  asleep(guests: number, ms: number): Program[] {
    const words = [String(guests), String(ms)];
    const command = [Deno.execPath(), "run", "-A", file("peers/asleep.ts"), file("peers/peer-wasip2.wasm")];
    return [
      { host: "Airlock", command: [...command, ...words] },
      ...this.#jco?.programs("asleep.mjs", ...words) ?? [],
    ];
  }
}

async function present(program: string): Promise<boolean> {
  const here = await installed(program);
  if (!here) console.log(`skipped: ${program} is not installed`);
  return here;
}
