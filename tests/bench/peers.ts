/**
 * The same guest in other hosts, in turns, in the same run: what is not installed is left out, and that is said.
 *
 * wasmtime (`wasmtime` on the path), jco (`jco` on the path: its command line runs on Node with preview2-shim), jco on
 * Deno (what `jco transpile` makes, with preview2-shim), `node:wasi` (`node` on the path; core modules only).
 */
import { rates } from "./serve.ts";

/** One figure of one host. */
export interface Figure {
  readonly host: string;
  /** The median; `undefined` where the host failed. */
  readonly value: number | undefined;
}

/** One row: the same work in every host. */
export interface PeerRow {
  readonly what: string;
  readonly unit: string;
  /** Whether less is better. */
  readonly less: boolean;
  readonly figures: readonly Figure[];
}

type Kind = "component" | "core";

interface Host {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** The words of a command line that runs the guest, with a directory as `/data`. */
  command(kind: Kind, words: readonly string[], data: string): string[];
}

const file = (name: string) => new URL(name, import.meta.url).pathname;
const MODULES: Readonly<Record<Kind, string>> = {
  component: file("peers/peer-wasip2.wasm"),
  core: file("peers/peer-wasip1.wasm"),
};
const MAIN = file("../../main.ts");
const ROUNDS = 5;

/** `node:wasi`, as its documentation runs a program. */
const NODE_WASI = `
const [module, data, ...words] = process.argv.slice(2);
const { WASI } = require("node:wasi");
const wasi = new WASI({ version: "preview1", args: ["peer", ...words], preopens: { "/data": data } });
const { readFile } = require("node:fs/promises");
readFile(module).then((bytes) => WebAssembly.compile(bytes))
  .then((compiled) => WebAssembly.instantiate(compiled, wasi.getImportObject()))
  .then((instance) => wasi.start(instance));
`;

/** What runs the transpiled component on Deno. */
const JCO_DENO = `
import { _setArgs } from "npm:@bytecodealliance/preview2-shim@0.21.0/cli";
_setArgs(["peer", ...Deno.args]);
const { run } = await import("./peer-wasip2.js");
run.run();
`;

async function hosts(directory: string): Promise<Host[]> {
  const ours = (name: string, flags: (data: string) => string[], isolation: string): Host => ({
    name,
    kinds: ["component", "core"],
    command: (kind, words, data) => [
      ...[Deno.execPath(), "run", "--no-prompt", ...flags(data), MAIN, "exec"],
      ...["--isolation", isolation, "--dir", `${data}::/data:ro`, MODULES[kind], "--", ...words],
    ],
  });
  const all: Host[] = [
    ours("Airlock, inline", (data) => [`--allow-read=${data},${file("peers")}`], "inline"),
    ours("Airlock, three walls", () => ["-A"], "process"),
  ];
  const add = async (program: string, host: Host) => {
    if (await installed(program)) all.push(host);
    else console.log(`skipped: ${host.name}: ${program} is not installed`);
  };
  await add("wasmtime", {
    name: "wasmtime",
    kinds: ["component", "core"],
    command: (kind, words, data) => ["wasmtime", "run", "--dir", `${data}::/data`, MODULES[kind], ...words],
  });
  const version = await jcoVersion();
  await add("jco", {
    name: `jco ${version}, Node`,
    kinds: ["component"],
    command: (_, words, data) => ["jco", "run", MODULES.component, ...onHost(words, data)],
  });
  if (version !== undefined) {
    const out = `${directory}/jco`;
    await output(["jco", "transpile", MODULES.component, "-o", out, "--no-typescript"]);
    for (
      const name of [...Deno.readDirSync(out)].map(({ name }) => name).filter((name) => name.endsWith(".js"))
    ) {
      const text = Deno.readTextFileSync(`${out}/${name}`);
      Deno.writeTextFileSync(
        `${out}/${name}`,
        text.replaceAll("'@bytecodealliance/preview2-shim/", "'npm:@bytecodealliance/preview2-shim@0.21.0/"),
      );
    }
    Deno.writeTextFileSync(`${out}/main.js`, JCO_DENO);
    all.push({
      name: `jco ${version}, Deno`,
      kinds: ["component"],
      command: (_, words, data) => [
        ...[Deno.execPath(), "run", "-A", "--no-config", `${out}/main.js`, ...onHost(words, data)],
      ],
    });
  }
  Deno.writeTextFileSync(`${directory}/wasi.cjs`, NODE_WASI);
  await add("node", {
    name: "node:wasi",
    kinds: ["core"],
    command: (_, words, data) => [
      ...["node", "--no-warnings", `${directory}/wasi.cjs`, MODULES.core, data, ...words],
    ],
  });
  return all;
}

/** preview2-shim shows its guests the whole machine where nobody says otherwise. */
function onHost(words: readonly string[], data: string): string[] {
  return words.map((word) => word.replace(/^\/data\//, `${data}/`));
}

/** The rows of peers. */
export async function peerRows(): Promise<PeerRow[]> {
  const directory = Deno.makeTempDirSync();
  try {
    const data = `${directory}/data`;
    Deno.mkdirSync(data);
    const bytes = new Uint8Array(1 << 20);
    using big = Deno.openSync(`${data}/big`, { write: true, create: true });
    for (let i = 0; i < 256; i++) big.writeSync(bytes);
    const all = await hosts(directory);
    const row = async (
      what: string,
      unit: string,
      less: boolean,
      kind: Kind,
      words: readonly string[],
      figure: (stdout: string, ms: number) => number,
    ): Promise<PeerRow> => {
      const able = all.filter(({ kinds }) => kinds.includes(kind));
      const values = able.map((): number[] => []);
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [i, host] of able.entries()) {
          const from = performance.now();
          const stdout = await output(host.command(kind, words, data));
          // The first round fills caches.
          if (stdout !== undefined && round > 0) values[i]!.push(figure(stdout, performance.now() - from));
        }
      }
      return {
        what,
        unit,
        less,
        figures: able.map(({ name }, i) => ({ host: name, value: median(values[i]!) })),
      };
    };
    const wall = (_: string, ms: number) => ms;
    return [
      await row("cold start, a component of 120 KB", "ms", true, "component", ["start"], wall),
      await row("cold start, a core module of 92 KB", "ms", true, "core", ["start"], wall),
      await row("a call of the clock, component", "ns", true, "component", ["clock", "300000"], Number),
      await row("a call of the clock, core module", "ns", true, "core", ["clock", "300000"], Number),
      await row(
        "256 MiB read from a file, component",
        "MB/s",
        false,
        "component",
        ["read", "/data/big"],
        Number,
      ),
      await row(
        "256 MiB read from a file, core module",
        "MB/s",
        false,
        "core",
        ["read", "/data/big"],
        Number,
      ),
      { what: "requests served, a fresh instance each", unit: "per s", less: false, figures: await rates() },
    ];
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

async function jcoVersion(): Promise<string | undefined> {
  return await installed("jco") ? (await output(["jco", "--version"]))?.trim() : undefined;
}

async function output([program, ...args]: readonly string[]): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command(program!, { args: [...args], stderr: "null" }).output();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

/** Whether a program is on the path. */
export async function installed(program: string): Promise<boolean> {
  const args = ["-c", `command -v ${program}`];
  return (await new Deno.Command("sh", { args, stdout: "null" }).output()).success;
}
